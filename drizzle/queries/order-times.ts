import { DELIVERY_STATUSES } from "#server/domain/delivery.ts";
import type { Sql } from "../db.ts";
import { newestNamed } from "./named-events.ts";

/** What became of an order. Times in milliseconds since 1970. */
export type OrderTimesRow = {
  correlation_id: string;
  taken_at: number;
  answered_at: number | null;
  completed_at: number | null;
  state: string;
  is_half_done: boolean;
};

/** Orders are the events of one source and type, from a moment on. */
export type OrderScope = { source: string; type: string; from: string; limit: number };

const SUCCEEDED = DELIVERY_STATUSES.indexOf("succeeded");
const DEAD = DELIVERY_STATUSES.indexOf("dead");

/**
 * The newest orders of which consumers do their parts on their own: completed when all of these have, failed when one
 * has given up. The customer has an answer when the order is in the log.
 */
export async function listPublishedOrders(
  sql: Sql,
  { consumers, ...scope }: OrderScope & { consumers: string[] },
): Promise<OrderTimesRow[]> {
  return sql<OrderTimesRow[]>`
    with orders as materialized (${selectOrders(sql, scope)}),
    parts as (
      select orders.position, consumer, status, settled_at
      from orders
      join events on hashtextextended(events.correlation_id, 0) = hashtextextended(orders.correlation_id, 0)
        and events.correlation_id = orders.correlation_id and events.position >= orders.position
      join deliveries on deliveries.position = events.position
      join subscriptions on subscriptions.id = subscription_id and consumer = any(${consumers}::text[])
    ), sums as (
      select position, count(distinct consumer) filter (where status = ${SUCCEEDED}) as done,
        coalesce(bool_or(status = ${DEAD}), false) as is_dead,
        max(settled_at) filter (where status = ${SUCCEEDED}) as last_at
      from parts group by position
    ), judged as (
      select orders.*, last_at, coalesce(done, 0) as done,
        case when is_dead then 'failed' when done = ${consumers.length} then 'completed' else 'under-way' end as state
      from orders left join sums using (position)
    )
    select correlation_id, taken_at, position / 1000::float8 as answered_at, state,
      case when state = 'completed' then ${millisecondsOf(sql, sql`last_at`)} end as completed_at,
      state = 'failed' and done > 0 as is_half_done
    from judged order by position desc`;
}

/**
 * The newest orders that a process takes from step to step. Refused is what a service answered so; failed is what got
 * no answer. It is half done while it is taken back, and when somebody cancelled it behind what had been done.
 */
export async function listDirectedOrders(
  sql: Sql,
  { process, ...scope }: OrderScope & { process: string },
): Promise<OrderTimesRow[]> {
  return sql<OrderTimesRow[]>`
    with orders as materialized (${selectOrders(sql, scope)})
    select orders.correlation_id, taken_at, orders.position / 1000::float8 as answered_at,
      case when status = 'completed' then 'completed'
        when status is null or status = 'running' then 'under-way'
        when state->'steps'->(state->'failure'->>'step')->>'isDoubtful' = 'false' then 'refused'
        else 'failed' end as state,
      case when status = 'completed' then ${millisecondsOf(sql, sql`ended_at`)} end as completed_at,
      coalesce(status = 'compensating' or (status = 'cancelled' and exists (
        select from jsonb_each(state->'steps') step where value->>'status' in ('completed', 'given-up'))), false)
        as is_half_done
    from orders left join processes
      on processes.name = ${process} and processes.correlation_id = orders.correlation_id
    order by orders.position desc`;
}

/**
 * The newest orders whose source answers them itself, with one event or the other; the answer is the end of it. An order
 * that failed is half done where somebody else has said anything in its flow.
 */
export async function listAnsweredOrders(
  sql: Sql,
  { endings, ...scope }: OrderScope & { endings: { answered: string; failed: string } },
): Promise<OrderTimesRow[]> {
  return sql<OrderTimesRow[]>`
    with orders as materialized (${selectOrders(sql, scope)}),
    flows as (
      select orders.position, events.event_time, events.source_id <> orders.source_id as is_part,
        (select name from interned_names where id = events.type_id) as type
      from orders
      join events on hashtextextended(events.correlation_id, 0) = hashtextextended(orders.correlation_id, 0)
        and events.correlation_id = orders.correlation_id and events.position > orders.position
    ), sums as (
      select position, bool_or(is_part) as has_parts,
        coalesce(bool_or(type = ${endings.answered} and not is_part), false) as is_completed,
        coalesce(bool_or(type = ${endings.failed} and not is_part), false) as is_failed,
        min(event_time) filter (where not is_part and type in (${endings.answered}, ${endings.failed})) as ended
      from flows group by position
    ), judged as (
      select orders.*, has_parts, ${millisecondsOf(sql, sql`ended`)} as ended_at,
        case when is_completed then 'completed' when is_failed then 'failed' else 'under-way' end as state
      from orders left join sums using (position)
    )
    select correlation_id, taken_at, ended_at as answered_at, state,
      case when state = 'completed' then ended_at end as completed_at,
      coalesce(state = 'failed' and has_parts, false) as is_half_done
    from judged order by position desc`;
}

function selectOrders(sql: Sql, { source, type, from, limit }: OrderScope) {
  const idOf = (field: string, name: string): ReturnType<Sql> =>
    sql`(select id from interned_names where field = ${field} and md5(name) = md5(${name}) and name = ${name})`;
  return sql`
    select position, correlation_id, source_id,
      coalesce(${millisecondsOf(sql, sql`event_time`)}, position / 1000::float8) as taken_at
    from (
      ${newestNamed(sql, {
        column: "source_id",
        name: idOf("source", source),
        from: sql`position_at(${from}::timestamptz)`,
        rest: sql`and type_id = ${idOf("type", type)} and correlation_id is not null`,
      })}
      limit ${limit}
    ) events
    order by position desc`;
}

function millisecondsOf(sql: Sql, moment: ReturnType<Sql>) {
  return sql`(extract(epoch from ${moment}) * 1000)::float8`;
}
