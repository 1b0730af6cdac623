import type { Sql, SqlTx } from "../db.ts";

export type SagaRow = {
  id: string;
  type: string;
  name: string;
  correlation_kind: number;
  correlation: string;
  subject: string | null;
  business_key: string | null;
  basis: number;
  state: number;
  since_us: string;
  started_us: string;
  ended_us: string | null;
  took_us: string | null;
  step: string | null;
  awaits: string | null;
  failed_step: string | null;
  failure: string | null;
  completed: number;
  steps: number;
  failed: number;
  compensated: number;
  to_compensate: number;
  events: number;
  services: number;
};

/** The columns of `SagaRow`, of `sagas s` and `saga_types t`. */
export function sagaColumns(sql: Sql | SqlTx) {
  return sql`s.id, t.type, t.name, s.correlation_kind, s.correlation, s.subject, s.business_key, s.basis, s.state,
    (extract(epoch from s.since) * 1000000)::bigint as since_us,
    (extract(epoch from s.started_at) * 1000000)::bigint as started_us,
    (extract(epoch from s.ended_at) * 1000000)::bigint as ended_us, s.took_us, s.step, s.awaits, s.failed_step, s.failure,
    s.completed, s.steps, s.failed, s.compensated, s.to_compensate, s.events, s.services`;
}

export async function findSaga(sql: Sql, id: string): Promise<SagaRow | null> {
  const [row] = await sql<SagaRow[]>`
    select ${sagaColumns(sql)} from sagas s join saga_types t on t.id = s.type_id where s.id = ${id}`;
  return row ?? null;
}

/** Sagas of a correlation that have not ended, those with the most harm first; at most `limit`. */
export async function listOpenSagasOf(sql: Sql, correlation: string, limit: number): Promise<SagaRow[]> {
  return sql<SagaRow[]>`
    select ${sagaColumns(sql)} from sagas s join saga_types t on t.id = s.type_id
    where lower(left(s.correlation, 200)) = lower(left(${correlation}::text, 200)) and s.correlation = ${correlation}
      and s.ended_at is null
    order by s.state, s.since, s.id limit ${limit}`;
}

export type SagaCountRow = { type: string; name: string; state: number; step: string; sagas: number };

const MAX_COUNTS = 20_000;

/** How many sagas of each type stand where, most first. */
export async function listSagaCounts(sql: Sql | SqlTx, type: string | null = null): Promise<SagaCountRow[]> {
  return sql<SagaCountRow[]>`
    select type, name, state, step, sum(sagas)::float8 as sagas from saga_counts join saga_types on id = type_id
    ${type === null ? sql`` : sql`where type = ${type}`}
    group by type, name, state, step order by sagas desc, type, state, step limit ${MAX_COUNTS}`;
}

export type SagaLane = { typeId: number; state: number; sagas: number; matching: number };

/** How many sagas of each type are in which state, and how many of those are of some bases and at a step. */
export async function countLanes(
  sql: Sql,
  {
    states,
    types,
    bases,
    step,
  }: {
    states: readonly number[];
    types: readonly string[] | null;
    bases: readonly number[] | null;
    step: string | null;
  },
): Promise<SagaLane[]> {
  return sql<SagaLane[]>`
    select type_id as "typeId", state, sum(sagas)::float8 as sagas,
      coalesce(sum(sagas) filter (where true
        ${bases === null ? sql`` : sql`and basis = any(${[...bases]}::smallint[])`}
        ${step === null ? sql`` : sql`and step = ${step}`}), 0)::float8 as matching
    from saga_counts ${types === null ? sql`` : sql`join saga_types on id = type_id and type = any(${[...types]}::text[])`}
    where state = any(${[...states]}::smallint[])
    group by type_id, state order by state, type_id`;
}

/** The position of the oldest event after one and up to another. */
export async function findNextPosition(
  sql: Sql,
  { after, upTo }: { after: string; upTo: string },
): Promise<string | null> {
  const [row] = await sql<{ position: string }[]>`
    select position from events where position > ${after} and position <= ${upTo} order by position limit 1`;
  return row?.position ?? null;
}

export async function findSagaType(
  sql: Sql,
  type: string,
): Promise<{ id: number; type: string; name: string } | null> {
  const [row] = await sql<{ id: number; type: string; name: string }[]>`
    select id, type, name from saga_types where type = ${type}`;
  return row ?? null;
}

/** The maps of the sagas of a type that began in a range of hours. */
export async function listMapsBetween(
  sql: Sql,
  { typeId, from, to }: { typeId: number; from: string; to: string },
): Promise<unknown[]> {
  const rows = await sql<{ map: unknown }[]>`
    select map from saga_maps
    where type_id = ${typeId} and hour >= ${from}::timestamptz and hour < ${to}::timestamptz order by hour`;
  return rows.map(({ map }) => map);
}
