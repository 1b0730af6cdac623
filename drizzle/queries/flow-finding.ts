import type { Sql } from "../db.ts";
import type { FlowRow } from "./flow-records.ts";
import { newestNamed } from "./named-events.ts";

/** So many of the newest events about a subject are looked at. */
const MOST_EVENTS = 200;

/**
 * Flows that a text names exactly, by their correlation or by what some of their events are about, at most `limit`:
 * those that it is the correlation of first, then by their newest event about it.
 */
export async function findFlowsNamed(
  sql: Sql,
  { text, limit }: { text: string; limit: number },
): Promise<FlowRow[]> {
  return sql<FlowRow[]>`
    with named as (
      select kind, value, 0 as rank, 0::bigint as newest from (
        values (0, ${text}::text), (1, lower(${text}::text)), (2, ${text}::text)) flow (kind, value)
      where case when kind = 0 then exists (
          select from events where hashtextextended(correlation_id, 0) = hashtextextended(flow.value, 0)
            and correlation_id = flow.value)
        else exists (
          select from flow_members m where hashtextextended(m.correlation, 0) = hashtextextended(flow.value, 0)
            and m.correlation_kind = flow.kind and m.correlation = flow.value)
        end
    ), about as (
      select position, correlation_id from (
        ${newestNamed(sql, { subject: text })} limit ${MOST_EVENTS}) newest
    ), flows as (
      select * from named
      union all
      select case when a.correlation_id is null then m.correlation_kind else 0 end,
        coalesce(a.correlation_id, m.correlation), 1, a.position
      from about a left join flow_members m on m.position = a.position and a.correlation_id is null
      where a.correlation_id is not null or m.position is not null
    )
    select kind::int as kind, value from flows group by kind, value
    order by min(rank), max(newest) desc, kind limit ${limit}`;
}
