import type { Sql, SqlTx } from "../db.ts";

/** A delivery that was claimed for its next attempt. */
export type DueRow = {
  position: string;
  generation: number;
  /** With the one that it was claimed for. */
  attempts: number;
  type_id: number;
  ordering_key: string | null;
  /** The worker that held it let its lease expire. */
  was_leased: boolean;
  /** The last attempt of this generation; null where the policy says. */
  attempt_limit: number | null;
  /** The item of a replay as which it was handed over, while the delivery does not say so; see `replay-handing.ts`. */
  handed?: HandedItem | null;
  /** Nobody edited its payload. */
  isUnedited?: boolean;
};

/** An item of a replay in the stretch that it was handed over in. */
export type HandedItem = {
  replayId: number;
  stretch: string;
  seq: number;
  /** Of the item that waits behind it in its key. */
  nextPosition: string | null;
  /** What its delivery says: that it is dead, as before, was claimed, as any other, or succeeded, with its effect. */
  delivery: "dead" | "claimed" | "succeeded";
};

export type DueClaim = { subscriptionId: number; worker: string; leaseMs: number; limit: number };

/**
 * Claims deliveries whose time has come, and those whose worker let the lease expire. In an ordered subscription only
 * the oldest open one of a key can be claimed. What waits for that one has no time: see `claimFirstWaiting`.
 */
export async function claimDue(
  sql: Sql,
  { subscriptionId, worker, leaseMs, limit }: DueClaim,
): Promise<DueRow[]> {
  return sql<DueRow[]>`
    with due as materialized (
      select position, status from deliveries d
      where subscription_id = ${subscriptionId} and status in (0, 3) and next_attempt_at <= now()
        and not exists (
          select from deliveries earlier
          where earlier.subscription_id = ${subscriptionId} and earlier.ordering_key = d.ordering_key
            and earlier.position < d.position)
      order by next_attempt_at limit ${limit} for update skip locked
    ), lost as materialized (
      select position, status from deliveries
      where subscription_id = ${subscriptionId} and status = 1 and lease_until < now()
      order by lease_until limit ${limit} for update skip locked
    ), claimed as (select * from due union all select * from lost)
    update deliveries set status = 1, worker = ${worker}, attempts = attempts + 1,
      lease_until = now() + ${leaseMs} * interval '1 millisecond', next_attempt_at = null
    from claimed
    where deliveries.position = claimed.position and deliveries.subscription_id = ${subscriptionId}
    returning deliveries.position, generation, attempts, type_id, ordering_key, claimed.status = 1 as was_leased,
      attempt_limit`;
}

/** Keys looked at by one `claimFirstWaiting`. */
const KEYS_AT_ONCE = 500;

export type WaitingClaim = {
  claimed: DueRow[];
  /** The last key looked at; null at the end of them. */
  lastKey: string | null;
};

/**
 * Claims the first delivery of keys that nothing open stands before any more. The worker that settles one goes on with
 * the next of its key, so this finds only what no worker went on with. Looks at some keys after `afterKey`, at those
 * from the start for null.
 */
export async function claimFirstWaiting(
  sql: Sql,
  { subscriptionId, worker, leaseMs, limit, afterKey }: DueClaim & { afterKey: string | null },
): Promise<WaitingClaim> {
  const [any] = await sql`
    select from deliveries
    where subscription_id = ${subscriptionId} and status in (0, 3) and status = 0 and next_attempt_at is null limit 1`;
  if (!any) return { claimed: [], lastKey: null };
  const start = afterKey === null ? sql`ordering_key >= ''` : sql`ordering_key > ${afterKey}`;
  const heads = await sql<{ key: string; position: string; status: number }[]>`
    with recursive heads as (
      (select ordering_key, position, status from deliveries
       where subscription_id = ${subscriptionId} and ${start} order by ordering_key, position limit 1)
      union all
      select following.* from heads cross join lateral (
        select ordering_key, position, status from deliveries
        where subscription_id = ${subscriptionId} and ordering_key > heads.ordering_key
        order by ordering_key, position limit 1) following
    )
    select ordering_key as key, position, status from heads limit ${KEYS_AT_ONCE}`;
  const waiting = heads.filter(({ status }) => status === 0).slice(0, limit);
  const isCut = waiting.length === limit;
  const last = isCut ? waiting.at(-1) : heads.at(-1);
  const lastKey = isCut || heads.length === KEYS_AT_ONCE ? (last?.key ?? null) : null;
  if (waiting.length === 0) return { claimed: [], lastKey };
  const positions = waiting.map(({ position }) => position);
  const claimed = await sql<DueRow[]>`
    with first as materialized (
      select position from deliveries d
      where subscription_id = ${subscriptionId} and position = any(${positions}::bigint[]) and status = 0
        and not exists (
          select from deliveries earlier
          where earlier.subscription_id = ${subscriptionId} and earlier.ordering_key = d.ordering_key
            and earlier.position < d.position)
      order by position for update skip locked
    )
    update deliveries set status = 1, worker = ${worker}, attempts = attempts + 1,
      lease_until = now() + ${leaseMs} * interval '1 millisecond', next_attempt_at = null
    from first where deliveries.position = first.position and deliveries.subscription_id = ${subscriptionId}
    returning deliveries.position, generation, attempts, type_id, ordering_key, false as was_leased, attempt_limit`;
  return { claimed, lastKey };
}

/**
 * Claims the first delivery of each key, after the one before it was settled in the same transaction. A key without
 * one, or whose next was tried before and waits for its time, gives none.
 */
export async function claimNextWaiting(
  tx: SqlTx,
  { subscriptionId, worker, leaseMs, keys }: Omit<DueClaim, "limit"> & { keys: string[] },
): Promise<DueRow[]> {
  if (keys.length === 0) return [];
  return tx<DueRow[]>`
    update deliveries set status = 1, worker = ${worker}, attempts = attempts + 1,
      lease_until = now() + ${leaseMs} * interval '1 millisecond', next_attempt_at = null
    from unnest(${keys}::text[]) as freed (key) cross join lateral (
      select position from deliveries
      where subscription_id = ${subscriptionId} and ordering_key = freed.key order by position limit 1) first
    where deliveries.position = first.position and subscription_id = ${subscriptionId} and status = 0
    returning deliveries.position, generation, attempts, type_id, ordering_key, false as was_leased, attempt_limit`;
}

/** Milliseconds until the next delivery of the subscription is due, at least 0; null when none waits for a time. */
export async function nextDueMs(sql: Sql, subscriptionId: number): Promise<number | null> {
  const [row] = await sql<{ ms: number | null }[]>`
    select (extract(epoch from min(at) - now()) * 1000)::float8 as ms from (
      select min(next_attempt_at) as at from deliveries
        where subscription_id = ${subscriptionId} and status in (0, 3)
      union all
      select min(lease_until) from deliveries where subscription_id = ${subscriptionId} and status = 1
      union all
      select min(expires_at) from delivery_leases where subscription_id = ${subscriptionId}) waiting`;
  // Not by greatest() in the statement: it takes null for less than any number.
  const ms = row?.ms ?? null;
  return ms === null ? null : Math.max(0, ms);
}
