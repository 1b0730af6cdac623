import type { Sql, SqlTx } from "../db.ts";

export async function hasReportingConsumers(sql: Sql | SqlTx): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (select from subscriptions where deleted_at is null and target->>'kind' = 'external') as found`;
  return row?.found ?? false;
}

export type FlowRunRow = {
  flow: number;
  name: string;
  start_position: string;
  business_key: string;
  sequence: number | null;
  kind: string | null;
  step: string | null;
  at_us: string | null;
};

/** Runs of some declared processes in some flows, with the first `limit` entries of their histories. */
export async function listRunsOfFlows(
  tx: SqlTx,
  {
    names,
    correlations,
    limit,
  }: { names: readonly string[]; correlations: readonly string[]; limit: number },
): Promise<FlowRunRow[]> {
  return tx<FlowRunRow[]>`
    select flow.place::int - 1 as flow, p.name, p.start_position, p.business_key, t.sequence, t.kind, t.step,
      (extract(epoch from t.at) * 1000000)::bigint as at_us
    from unnest(${[...correlations]}::text[]) with ordinality as flow (value, place)
    cross join unnest(${[...names]}::text[]) as process (name)
    join processes p on p.name = process.name and p.correlation_id = flow.value
    left join lateral (
      select sequence, kind, step, at from process_transitions
      where process_id = p.id order by sequence limit ${limit}) t on true`;
}

export type NormRow = { type: string; hour_us: number; version: number };

/** Which maps there are of each of some types, the last `hours` of them. */
export async function listMapVersions(
  tx: SqlTx,
  { types, hours }: { types: readonly string[]; hours: number },
): Promise<NormRow[]> {
  return tx<NormRow[]>`
    select type, (extract(epoch from hour) * 1000000)::float8 as hour_us, version
    from saga_types cross join lateral (
      select hour, version from saga_maps where type_id = saga_types.id order by hour desc limit ${hours}) latest
    where type = any(${[...types]}::text[])`;
}

/** How the steps of some of those maps went. */
export async function listMapSteps(
  tx: SqlTx,
  wanted: readonly { type: string; hour_us: number }[],
): Promise<{ type: string; hour_us: number; steps: unknown }[]> {
  return tx<{ type: string; hour_us: number; steps: unknown }[]>`
    select r.type, hour_us, map->'steps' as steps
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as r (type text, hour_us float8)
    join saga_types t on t.type = r.type
    join saga_maps on type_id = t.id and hour = to_timestamp(hour_us / 1e6)`;
}

/** Calls a type by another id, unless one is called so already. */
export async function renameSagaTypes(
  tx: SqlTx,
  renames: readonly { id: number; type: string }[],
): Promise<void> {
  await tx`
    update saga_types set type = r.type
    from jsonb_to_recordset(${JSON.stringify(renames)}::jsonb) as r (id integer, type text)
    where saga_types.id = r.id and not exists (select from saga_types other where other.type = r.type)`;
}

/** What the flows of types begin with. */
export async function listSagaStarts(
  tx: SqlTx,
): Promise<{ id: number; type: string; event_type_id: number; source_id: number }[]> {
  return tx<{ id: number; type: string; event_type_id: number; source_id: number }[]>`
    select id, type, event_type_id, s.source_id from saga_types join saga_starts s on type_id = id`;
}
