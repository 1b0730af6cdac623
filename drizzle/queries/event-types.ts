import type { Sql } from "../db.ts";
import { countsBetween } from "./hourly-counts.ts";

export type EventTypeRow = {
  id: number;
  name: string;
  policy: "observe" | "enforce" | null;
  events: string;
  judged: string;
  violations: string;
  refused: string;
};

/** Types that flowed in the whole hours between two moments, or that have schemas; by name, from `after` on. */
export async function listEventTypes(
  sql: Sql,
  { from, to, after, like, limit }: { from: string; to: string; after: string; like: string; limit: number },
): Promise<EventTypeRow[]> {
  return sql<EventTypeRow[]>`
    select n.id, n.name, s.policy, coalesce(c.events, 0) as events, coalesce(v.judged, 0) as judged,
      coalesce(v.violations, 0) as violations, coalesce(v.refused, 0) as refused
    from interned_names n
    left join schema_types s on s.type_id = n.id
    left join (
      select name_id, sum(events) as events from (${countsBetween(sql, { from, to })}) parts group by name_id
    ) c on c.name_id = n.id
    left join (
      select type_id, sum(judged) as judged, sum(violations) as violations, sum(refused) as refused
      from schema_counts where hour >= ${from}::timestamptz and hour < ${to}::timestamptz group by type_id
    ) v on v.type_id = n.id
    where n.field = 'type' and (s.type_id is not null or c.events > 0)
      and n.name collate "C" > ${after} and n.name ilike ${like}
    order by n.name collate "C" limit ${limit}`;
}

/** The same of one type, whether or not it flowed; null when it was never heard of. */
export async function findEventType(
  sql: Sql,
  { name, from, to }: { name: string; from: string; to: string },
): Promise<EventTypeRow | null> {
  const [row] = await sql<EventTypeRow[]>`
    select n.id, n.name, s.policy,
      (select coalesce(sum(events), 0) from (${countsBetween(sql, { from, to })}) parts
        where name_id = n.id) as events,
      coalesce(v.judged, 0) as judged, coalesce(v.violations, 0) as violations, coalesce(v.refused, 0) as refused
    from interned_names n
    left join schema_types s on s.type_id = n.id
    left join lateral (
      select sum(judged) as judged, sum(violations) as violations, sum(refused) as refused from schema_counts
      where type_id = n.id and hour >= ${from}::timestamptz and hour < ${to}::timestamptz
    ) v on true
    where n.field = 'type' and md5(n.name) = md5(${name}) and n.name = ${name}`;
  return row ?? null;
}

/** Which consumers handled, or failed at, events of these types since a moment. */
export async function listHandlersOfTypes(
  sql: Sql,
  { typeIds, from }: { typeIds: readonly number[]; from: string },
): Promise<{ typeId: number; consumer: string }[]> {
  return sql`
    select distinct type_id as "typeId", consumer
    from processing_minutes join subscriptions on subscriptions.id = subscription_id
    where minute >= ${from}::timestamptz and type_id = any(${[...typeIds]}::int[]) and deleted_at is null`;
}
