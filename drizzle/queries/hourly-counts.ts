import type { Sql, SqlTx } from "../db.ts";
import { readInLogOrder } from "./event-log.ts";

const CHECKPOINT = "hourly-counts";
const HOUR_MICROS = 3_600_000_000;
const DAY_MICROS = 24 * HOUR_MICROS;
const DAY_MS = DAY_MICROS / 1000;

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
  await sumUpDays(tx, checkpoint?.position ?? "0");
  return Number(row.counted);
}

/**
 * Sums the hours of whole days up once more: from the day of a position to the one that is being counted, which is left
 * out. Only for who holds the checkpoint.
 */
export async function sumUpDays(tx: SqlTx, from: string): Promise<void> {
  await tx`
    insert into daily_counts as old (day, name_id, events)
    select date_trunc('day', hour, 'UTC'), name_id, sum(events) from hourly_counts
    where hour >= ${dayOf(tx, from)} and hour < (${dayInCounting(tx)}) group by 1, 2
    on conflict (day, name_id) do update set events = excluded.events`;
}

/**
 * The events of each name in the whole hours between two moments, as a query of `name_id` and `events`, to be summed:
 * whole days of them have one row for each name.
 *
 * @param from, to ISO 8601.
 */
export function countsBetween(sql: Sql, { from, to }: { from: string; to: string }): ReturnType<Sql> {
  const [start, end] = [Math.ceil(Date.parse(from) / DAY_MS), Math.floor(Date.parse(to) / DAY_MS)];
  const dayAt = (day: number) => (start < end ? new Date(day * DAY_MS).toISOString() : to);
  const [first, last] = [dayAt(start), dayAt(end)];
  return sql`
    select name_id, events from daily_counts
    where day >= ${first}::timestamptz and day < ${last}::timestamptz
    union all
    select name_id, events from hourly_counts
    where hour >= ${from}::timestamptz and hour < ${first}::timestamptz
    union all
    select name_id, events from hourly_counts
    where hour >= greatest(${first}::timestamptz, least(${last}::timestamptz, (${dayInCounting(sql)})))
      and hour < ${to}::timestamptz`;
}

/** The beginning of the day that the checkpoint stands in, as a query: days before it have their sums. */
function dayInCounting(sql: Sql | SqlTx) {
  return sql`select ${dayOf(sql, sql`max(position)`)} from checkpoints where name = ${CHECKPOINT}`;
}

function dayOf(sql: Sql | SqlTx, position: string | ReturnType<Sql>) {
  return sql`to_timestamp(${position}::bigint / ${DAY_MICROS}::bigint * 86400)`;
}

export type NameCount = { value: string; count: string };

/**
 * The names of a field with their events in whole hours, most frequent first. Each name is read by its key: where the
 * plan is made for any text, Postgres takes one name for likely, and would go through all counts for each of them.
 */
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
      select name_id, sum(events) as events from (${countsBetween(sql, { from, to })}) parts group by name_id
    ) counted cross join lateral (
      select name from interned_names where id = name_id and field = ${field} and name ilike ${prefix} offset 0
    ) named
    order by count desc, value limit ${limit}`;
}
