import type { Sql, SqlTx } from "../db.ts";

/** Whole minutes, or hours: from one moment up to another, exclusive; RFC 3339. */
export type MinuteRange = { from: string; to: string };

/** Kinds of things that an answer is built from; more of them than this are not read. */
export const MAX_GROUPS = 20_000;

export type EventGroup = {
  type_id: number;
  source_id: number;
  channel_id: number;
  /** -1 for none. */
  kind: number;
  events: string;
  uncorrelated: string;
  last_position: string;
};

/** What was emitted in a range, most frequent first. */
export async function listEventGroups(sql: Sql, { from, to }: MinuteRange): Promise<EventGroup[]> {
  return sql<EventGroup[]>`
    select type_id, source_id, channel_id, kind, sum(events)::text as events, sum(uncorrelated)::text as uncorrelated,
      max(last_position) as last_position
    from event_minutes where minute >= ${from}::timestamptz and minute < ${to}::timestamptz
    group by type_id, source_id, channel_id, kind order by sum(events) desc limit ${MAX_GROUPS}`;
}

export type DeliveryGroup = {
  subscription_id: number;
  type_id: number;
  succeeded: string;
  failed: string;
  retried: string;
  dead: string;
  /** Of these, in the last minutes. */
  lately_succeeded: string;
  lately_failed: string;
  last_minute: string;
};

/** The attempts that ended in a range, busiest first; `lately` begins its last minutes. */
export async function listDeliveryGroups(
  sql: Sql,
  { from, to, lately }: MinuteRange & { lately: string },
): Promise<DeliveryGroup[]> {
  return sql<DeliveryGroup[]>`
    select subscription_id, type_id, sum(succeeded)::text as succeeded, sum(failed)::text as failed,
      sum(retried)::text as retried, sum(dead)::text as dead,
      coalesce(sum(succeeded) filter (where minute >= ${lately}::timestamptz), 0)::text as lately_succeeded,
      coalesce(sum(failed) filter (where minute >= ${lately}::timestamptz), 0)::text as lately_failed,
      max(minute) filter (where succeeded + failed > 0) as last_minute
    from processing_minutes where minute >= ${from}::timestamptz and minute < ${to}::timestamptz
    group by subscription_id, type_id having sum(succeeded + failed) > 0
    order by sum(succeeded + failed) desc limit ${MAX_GROUPS}`;
}

export type DeliveryBin = {
  subscription_id: number;
  type_id: number;
  /** 0: how long handling took, 1: from the event's own time until it was handled. */
  measure: number;
  bin: number;
  count: string;
};

/** The histograms of the same attempts. */
export async function listDeliveryBins(sql: Sql, { from, to }: MinuteRange): Promise<DeliveryBin[]> {
  return sql<DeliveryBin[]>`
    select subscription_id, type_id, measure, bin, sum(count)::text as count
    from processing_bins where minute >= ${from}::timestamptz and minute < ${to}::timestamptz
    group by subscription_id, type_id, measure, bin having sum(count) > 0`;
}

export type CauseBin = {
  cause_type_id: number;
  cause_source_id: number;
  type_id: number;
  source_id: number;
  bin: number;
  events: string;
};

/** Which events led to which in a range, and after how long. */
export async function listCauseBins(sql: Sql, { from, to }: MinuteRange): Promise<CauseBin[]> {
  return sql<CauseBin[]>`
    select cause_type_id, cause_source_id, type_id, source_id, bin, sum(events)::text as events
    from cause_minutes where minute >= ${from}::timestamptz and minute < ${to}::timestamptz
    group by cause_type_id, cause_source_id, type_id, source_id, bin`;
}

export type ConsumerRow = {
  id: number;
  consumer: string;
  channel: string | null;
  filters: unknown;
  target: unknown;
  retry: unknown;
  on_dead: string;
  ordering: string;
  concurrency: number;
  paused_at: string | null;
  deleted_at: string | null;
  created_at: string;
  position: string;
};

const MAX_CONSUMERS = 2_000;

/** Subscriptions that are there, and deleted ones by id; those that are there first, at most 2,000. */
export async function listConsumers(sql: Sql, deletedIds: readonly number[]): Promise<ConsumerRow[]> {
  return sql<ConsumerRow[]>`
    select s.id, consumer, channel, filters, target, retry, on_dead, ordering, concurrency, paused_at, deleted_at, s.created_at,
      c.position
    from subscriptions s join delivery_cursors c on c.id = s.cursor_id
    where deleted_at is null or s.id = any(${[...deletedIds]}::int[])
    order by deleted_at is not null, s.id limit ${MAX_CONSUMERS}`;
}

export type WaitingCount = {
  subscription_id: number;
  /** Written down and not settled. */
  open: number;
  /** Whether there are events beyond the cursor, whether or not they are for this consumer. */
  is_behind: boolean;
};

/** Deliveries that wait, counted up to `limit`, and who has events up to a position still before it. */
export async function countWaiting(
  sql: Sql,
  { ids, upTo, limit }: { ids: readonly number[]; upTo: string; limit: number },
): Promise<WaitingCount[]> {
  return sql<WaitingCount[]>`
    select s.id as subscription_id,
      (select count(*)::int from (
        select from deliveries where subscription_id = s.id and status in (0, 3) limit ${limit}) waiting) as open,
      exists (select from events where events.position > c.position and events.position <= ${upTo}) as is_behind
    from subscriptions s join delivery_cursors c on c.id = s.cursor_id
    where s.id = any(${[...ids]}::int[])`;
}

/** The names of consumers by the ids of their subscriptions, those of deleted ones among them. */
export async function listConsumerNames(
  sql: Sql | SqlTx,
  ids: readonly number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await sql<{ id: number; consumer: string }[]>`
    select id, consumer from subscriptions where id = any(${[...new Set(ids)]}::int[])`;
  return new Map(rows.map(({ id, consumer }) => [id, consumer]));
}
