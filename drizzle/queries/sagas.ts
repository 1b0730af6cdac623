import type { Sql, SqlTx } from "../db.ts";
import type { FlowRow } from "./flow-records.ts";

/** Flows of open sagas whose dead letter does not hold them up any more: the first `limit`, in the order of the events. */
export async function listReleased(tx: SqlTx, limit: number): Promise<FlowRow[]> {
  // By "except", which reads either side once: as a join, without statistics, each would be compared with each.
  return tx<FlowRow[]>`
    select correlation_kind as kind, correlation as value from sagas
    where ended_at is null and held_position = any(array(
      select held_position from sagas where held_position is not null and ended_at is null
      except select position from deliveries where status = 4
      order by held_position limit ${limit}))
    order by held_position`;
}

export type GivenUpRow = FlowRow & { position: string; is_released: boolean };

/**
 * Of the next `limit` sagas that have failed because a dead letter was given up, in the order of the events: those whose
 * delivery does not stand so any more, and the last one in any case.
 */
export async function listTakenBack(tx: SqlTx, after: string, limit: number): Promise<GivenUpRow[]> {
  return tx<GivenUpRow[]>`
    with given_up as materialized (
      select held_position as position, correlation_kind as kind, correlation as value
      from sagas where held_position > ${after} and ended_at is not null order by held_position limit ${limit}
    ), looked_at as (
      select position, kind, value, max(position) over () as last, not exists (
        select from deliveries d where d.position = given_up.position and d.status = 5) as is_released
      from given_up
    )
    select position, kind, value, is_released from looked_at where is_released or position = last order by position`;
}

/** Flows of sagas that have to be looked at although nothing was recorded, the longest due first. */
export async function listDueFlows(
  tx: SqlTx,
  { at, limit }: { at: string; limit: number },
): Promise<FlowRow[]> {
  return tx<FlowRow[]>`
    select correlation_kind as kind, correlation as value from sagas
    where look_at <= ${at}::timestamptz order by look_at limit ${limit}`;
}

/** Has the latest sagas looked at, as far as something was recorded of them in the last minutes. */
export async function lookAgain(
  tx: SqlTx,
  { at, lastMinutes, limit }: { at: string; lastMinutes: number; limit: number },
): Promise<void> {
  await tx`
    update sagas set look_at = least(look_at, ${at}::timestamptz) where id in (
      select id from sagas
      where last_position > (extract(epoch from ${at}::timestamptz - ${lastMinutes} * interval '1 minute') * 1000000)::bigint
      order by last_position desc limit ${limit})`;
}

export type KnownSagaRow = {
  /** Place of its flow among those asked for. */
  flow: number;
  id: string;
  type_id: number;
  basis: number;
  state: number;
  step: string | null;
  events: number;
  looked_us: string;
  counted: Uint8Array | null;
  counted_hour: string | null;
};

/** The sagas that are known of some flows. */
export async function listSagasOfFlows(tx: SqlTx, flows: readonly FlowRow[]): Promise<KnownSagaRow[]> {
  return tx<KnownSagaRow[]>`
    select flow.place::int - 1 as flow, id, type_id, basis, state, step, events,
      (extract(epoch from looked_at) * 1000000)::bigint as looked_us, counted, counted_hour
    from unnest(${flows.map(({ kind }) => kind)}::int[], ${flows.map(({ value }) => value)}::text[])
      with ordinality as flow (kind, value, place)
    join sagas s on lower(left(s.correlation, 200)) = lower(left(flow.value, 200))
      and s.correlation = flow.value and s.correlation_kind = flow.kind`;
}

export type SagaTypeRow = { id: number; type: string; is_process: boolean };
export type SagaTypeWish = {
  type: string;
  name: string;
  isProcess: boolean;
  startType: string;
  startSource: string;
};

/** Makes types that are not there, and notes what their flows begin with. */
export async function ensureSagaTypes(tx: SqlTx, wanted: readonly SagaTypeWish[]): Promise<SagaTypeRow[]> {
  const rows = await tx<SagaTypeRow[]>`
    insert into saga_types as old (type, name, is_process)
    select type, min(name), bool_or("isProcess") from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as r (
      type text, name text, "isProcess" boolean)
    group by type order by type
    on conflict (type) do update set is_process = old.is_process or excluded.is_process
    returning id, type, is_process`;
  await tx`
    insert into saga_starts (type_id, event_type_id, source_id)
    select distinct t.id, e.id, s.id from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as r (
      type text, "startType" text, "startSource" text)
    join saga_types t on t.type = r.type
    join interned_names e on e.field = 'type' and md5(e.name) = md5("startType") and e.name = "startType"
    join interned_names s on s.field = 'source' and md5(s.name) = md5("startSource") and s.name = "startSource"
    on conflict do nothing`;
  return rows;
}

/**
 * Counts flows of a range that began as those of types of which it is not known whether their flows are sagas from the
 * first event on.
 */
export async function countBegun(tx: SqlTx, { after, upTo }: { after: string; upTo: string }): Promise<void> {
  await tx`
    update saga_types t set begun = begun + flows
    from (
      select s.type_id, count(*)::int as flows
      from saga_starts s join events e on e.type_id = s.event_type_id and e.source_id = s.source_id
      where e.position > ${after} and e.position <= ${upTo} and e.causation_id is null
        and s.type_id in (select id from saga_types where not is_process)
      group by 1
    ) fresh
    where t.id = fresh.type_id`;
}

/** Where `least` flows of a type began, and half of them went on, it is known. */
export async function proveSagaTypes(tx: SqlTx, least: number): Promise<void> {
  await tx`
    update saga_types set is_process = true where not is_process and begun >= ${least} and went_on * 2 >= begun`;
}

export async function countWentOn(
  tx: SqlTx,
  counts: readonly { typeId: number; sagas: number }[],
): Promise<void> {
  if (counts.length === 0) return;
  await tx`
    update saga_types set went_on = went_on + sagas
    from unnest(${counts.map(({ typeId }) => typeId)}::int[], ${counts.map(({ sagas }) => sagas)}::int[]) as c (id, sagas)
    where saga_types.id = c.id and not is_process`;
}

/** Every type by what it is called in the table. */
export async function listSagaTypes(sql: Sql | SqlTx): Promise<(SagaTypeRow & { name: string })[]> {
  return sql<(SagaTypeRow & { name: string })[]>`select id, type, name, is_process from saga_types`;
}
