import type { Sql, SqlTx } from "../db.ts";
import { STATUS } from "./delivery-settling.ts";
import type { HandedItem } from "./due-deliveries.ts";
import { handedItems } from "./handed-stretches.ts";
import { ITEM_STATE } from "./open-items.ts";
import { hasEnded, itemNumbered } from "./replay-parts.ts";
import { type DeliveryGeneration, insertUncountedSuccesses } from "./uncounted-attempts.ts";

const STARTING = 7104020;
const HANDING = 7104021;

/**
 * Waits until no other step starts items. What a step has handed over does not stand in its delivery, so the next one has
 * to see its items.
 */
export async function lockStarting(tx: SqlTx): Promise<void> {
  await tx`select pg_advisory_xact_lock(${STARTING})`;
}

/** Whether deliveries may be handed over in this transaction: not while somebody discards, see `lockHanding`. */
export async function mayHandOver(tx: SqlTx): Promise<boolean> {
  const [row] = await tx<
    { locked: boolean }[]
  >`select pg_try_advisory_xact_lock_shared(${HANDING}) as locked`;
  return row?.locked ?? false;
}

/** Lets no more be handed over until the transaction ends, and sees all that was. */
export async function lockHanding(tx: SqlTx): Promise<void> {
  await tx`select pg_advisory_xact_lock(${HANDING})`;
}

/** The stretches of some items that this worker has; nobody takes them from it until the transaction ends. */
export function mine(sql: Sql | SqlTx, worker: string, items: readonly HandedItem[]): ReturnType<Sql> {
  const replayOf = new Map(items.map(({ replayId, stretch }) => [stretch, replayId]));
  return sql`mine as materialized (
      select replay_id, id, generation, started_at, lease_until, worker from handed_stretches
      where (replay_id, id) in (
          select * from unnest(${[...replayOf.values()]}::int[], ${[...replayOf.keys()]}::bigint[]))
        and worker = ${worker}
      for key share
    )`;
}

/** Items of a source of rows get rows of their own: the replay looks for their outcomes as for any other's. */
export function putBack(sql: Sql | SqlTx, items: ReturnType<Sql>): ReturnType<Sql> {
  return sql`
    insert into open_items (replay_id, state, seq, position, subscription_id, next_position, case_id, generation, started_at)
    select l.replay_id, ${ITEM_STATE.inFlight}, l.seq, l.position, l.subscription_id, i.next_position, i.case_id,
      l.generation, l.started_at
    from ${items} l cross join ${itemNumbered(sql, sql`l`)} i
    where not ${hasEnded(sql, sql`l.replay_id`, sql`l.seq`)}
    on conflict do nothing`;
}

/**
 * Takes stretches from workers that have let their leases run out, or that were started so long ago that outcomes are given
 * up. Their deliveries that have not ended say so, for others to claim them; those that were written with their effects are
 * counted, as nobody else will. Left for later is a stretch of which somebody is just writing a delivery.
 */
export async function writeLostHanded(tx: SqlTx, replayId: number, unknownAfterMs: number): Promise<void> {
  const lost = await tx<{ id: string }[]>`
    select id from handed_stretches
    where replay_id = ${replayId} and (lease_until < now()
      or started_at <= now() - ${unknownAfterMs} * interval '1 millisecond')
    for update skip locked`;
  if (lost.length === 0) return;
  // By themselves, to see what was written until they were held.
  const left = await tx<DeliveryGeneration[]>`
    with lost as materialized (
      select * from handed_stretches where replay_id = ${replayId} and id = any(${lost.map(({ id }) => id)}::bigint[])
    ), open as materialized (
      select i.* from ${handedItems(tx, tx`lost`)} i
      where not ${hasEnded(tx, tx`i.replay_id`, tx`i.seq`)}
        and not exists (
          select from open_items o
          where o.replay_id = i.replay_id and o.state = ${ITEM_STATE.inFlight} and o.seq = i.seq)
    ), held as materialized (
      select d.position, d.subscription_id from open o join deliveries d on d.position = o.position and d.subscription_id = o.subscription_id
      for update of d skip locked
    ), busy as materialized (
      select o.id from open o join deliveries d on d.position = o.position and d.subscription_id = o.subscription_id
      where (o.position, o.subscription_id) not in (select position, subscription_id from held)
    ), taken as (
      delete from handed_stretches
      where replay_id = ${replayId} and id in (select id from lost) and id not in (select id from busy)
    ), left_over as materialized (select * from open where id not in (select id from busy)), ${claimed(tx)},
      put_back as (${putBack(tx, tx`left_over`)})
    ${notClaimed(tx)}`;
  await insertUncountedSuccesses(tx, left);
}

/** The items of one worker and one subscription, by position. */
export type OwnHanded = {
  subscriptionId: number;
  worker: string;
  items: readonly (HandedItem & { position: string })[];
};

/**
 * Lets the deliveries of items that this worker has say that they are processing, as it is about to write their ends. One
 * that was written with its effect, although it could not be said any more that it was, is counted.
 */
export async function writeOwnHanded(tx: SqlTx, own: OwnHanded): Promise<void> {
  if (own.items.length === 0) return;
  const left = await tx<DeliveryGeneration[]>`
    with ${mine(tx, own.worker, own.items)}, ${leftOver(tx, own)}, ${claimed(tx)},
      put_back as (${putBack(tx, tx`left_over`)})
    ${notClaimed(tx)}`;
  await insertUncountedSuccesses(tx, left);
}

/**
 * The same for those that take long; what just ends otherwise is left to that.
 *
 * @returns the positions of those that say so.
 */
export async function writeSlowHanded(sql: Sql, own: OwnHanded): Promise<Set<string>> {
  if (own.items.length === 0) return new Set();
  const rows = await sql<{ position: string }[]>`
    with ${mine(sql, own.worker, own.items)}, ${leftOver(sql, own)}, ${claimed(sql)}, put_back as (
      ${putBack(sql, sql`(select * from left_over where position in (select position from claimed))`)})
    select position from claimed`;
  return new Set(rows.map(({ position }) => position));
}

/** A stretch of this worker is no more: each of its items has ended, or has a row of its own. */
export async function deleteStretch(
  sql: Sql,
  worker: string,
  { replayId, stretch }: Pick<HandedItem, "replayId" | "stretch">,
): Promise<void> {
  await sql`delete from handed_stretches where replay_id = ${replayId} and id = ${stretch} and worker = ${worker}`;
}

function leftOver(sql: Sql | SqlTx, { subscriptionId, items }: OwnHanded): ReturnType<Sql> {
  return sql`left_over as materialized (
      select g.replay_id, g.seq, g.position, ${subscriptionId}::int as subscription_id, m.generation, m.started_at,
        m.lease_until, m.worker
      from unnest(${items.map(({ replayId }) => replayId)}::int[], ${items.map(({ stretch }) => stretch)}::bigint[],
        ${items.map(({ seq }) => seq)}::int[], ${items.map(({ position }) => position)}::bigint[])
        as g (replay_id, stretch, seq, position)
      join mine m on m.id = g.stretch
    )`;
}

/** From then on deliveries of what is `left_over` are as any other that was claimed: leases are renewed, and run out. */
function claimed(sql: Sql | SqlTx): ReturnType<Sql> {
  return sql`claimed as (
      update deliveries d set generation = h.generation, status = ${STATUS.processing}, attempts = 1,
        attempt_limit = case r.delivery ->> 'retries' when 'none' then 1 end, settled_at = null,
        next_attempt_at = null, lease_until = h.lease_until, worker = h.worker,
        ordering_key = null
      from left_over h join replays r on r.id = h.replay_id
      where d.position = h.position and d.subscription_id = h.subscription_id
        and d.status = ${STATUS.dead} and d.generation = h.generation - 1
      returning d.position, d.subscription_id
    )`;
}

/** Of what is `left_over`, that somebody else has written: after its effect, or another generation. */
function notClaimed(sql: Sql | SqlTx): ReturnType<Sql> {
  return sql`select position, subscription_id, generation from left_over
    where (position, subscription_id) not in (select position, subscription_id from claimed)`;
}
