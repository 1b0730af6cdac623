import type { Sql, SqlTx } from "../db.ts";
import { readInLogOrder } from "./event-log.ts";

const CHECKPOINT = "hourly-counts";
const HOUR_MICROS = 3_600_000_000;

/**
 * Counts the events after the checkpoint, up to `upTo` and at most `limit` of them. Gives how many it counted.
 *
 * The checkpoint is locked by a statement of its own: Postgres (18.4) crashes when one that waited for the lock then
 * writes the same row from what its other parts have read.
 */
export async function countHours(tx: SqlTx, upTo: string, limit: number): Promise<number> {
  await tx`insert into checkpoints (name, position) values (${CHECKPOINT}, 0) on conflict do nothing`;
  const [checkpoint] = await tx<{ position: string }[]>`
    select position from checkpoints where name = ${CHECKPOINT} for update`;
  const [row] = await readInLogOrder(
    tx,
    () => tx<{ counted: string; last: string | null }[]>`
    with fresh as materialized (
      select position, position / ${HOUR_MICROS}::bigint as hour, type_id, source_id, channel_id, kind from events
      where position > ${checkpoint?.position ?? "0"} and position <= ${upTo}
      order by position limit ${limit}
    ), kinds as (
      select id, case name when 'domain' then 0 when 'integration' then 1 when 'command' then 2 end as kind
      from interned_names where field = 'kind'
    ), counts as (
      select hour, type_id as name_id, count(*) as events from fresh group by 1, 2
      union all
      select hour, source_id, count(*) from fresh group by 1, 2
      union all
      select hour, channel_id, count(*) from fresh where channel_id is not null group by 1, 2
      union all
      select hour, kinds.id, count(*) from fresh join kinds using (kind) group by 1, 2
    ), written as (
      insert into hourly_counts as old (hour, name_id, events)
      select to_timestamp(hour * 3600), name_id, events from counts
      on conflict (hour, name_id) do update set events = old.events + excluded.events
    )
    select count(*) as counted, max(position) as last from fresh`,
  );
  if (row?.last == null) return 0;
  await tx`update checkpoints set position = ${row.last}, updated_at = now() where name = ${CHECKPOINT}`;
  return Number(row.counted);
}

export type NameCount = { value: string; count: string };

/** The names of a field with their events in whole hours, most frequent first. */
export async function listNameCounts(
  sql: Sql,
  {
    field,
    from,
    to,
    prefix,
    limit,
  }: { field: string; from: string; to: string; prefix: string; limit: number },
): Promise<NameCount[]> {
  return sql<NameCount[]>`
    select name as value, events as count
    from (
      select name_id, sum(events) as events from hourly_counts
      where hour >= ${from}::timestamptz and hour < ${to}::timestamptz group by name_id
    ) counted join interned_names on id = name_id
    where field = ${field} and name ilike ${prefix}
    order by count desc, value limit ${limit}`;
}
