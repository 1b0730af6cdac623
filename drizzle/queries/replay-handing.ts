import type { Sql, SqlTx } from "../db.ts";
import { STATUS } from "./delivery-settling.ts";
import type { HandedItem } from "./due-deliveries.ts";
import { handedItems } from "./handed-stretches.ts";
import { resolveLetters } from "./letter-resolving.ts";
import { ITEM_OUTCOME, ITEM_STATE } from "./open-items.ts";
import { planByKey } from "./replay-advancing.ts";
import { itemBehind, itemNumbered } from "./replay-parts.ts";

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

export type HandedSuccess = HandedItem & {
  position: string;
  startedAtUs: number;
  durationUs: number;
};

/**
 * Writes that handed deliveries succeeded: the delivery, its letter, and the end of its item. Left out are those whose
 * stretch is not with this worker any more, that are written as any other by now, or that somebody rewound. Where somebody
 * just changes the letter, or did rewind, the replay goes on to look for the outcome.
 *
 * @returns the positions that were written.
 */
export async function settleHanded(
  tx: SqlTx,
  {
    subscriptionId,
    worker,
    successes,
  }: { subscriptionId: number; worker: string; successes: HandedSuccess[] },
): Promise<Set<string>> {
  if (successes.length === 0) return new Set();
  const writing = tx<{ are_all: boolean; written: string | null }[]>`
    with ${mine(tx, worker, successes)}, given as materialized (
      select m.replay_id, m.generation, g.*, started_us / 1e6::float8 as started,
        (started_us + duration_us) / 1e6::float8 as settled
      from unnest(${listed(successes, "stretch")}::text::bigint[], ${listed(successes, "seq")}::text::int[],
        ${listed(successes, "position")}::text::bigint[], ${listed(successes, "nextPosition")}::text::bigint[],
        ${listed(successes, "startedAtUs")}::text::bigint[], ${listed(successes, "durationUs")}::text::bigint[])
        as g (stretch, seq, position, next_position, started_us, duration_us)
      join mine m on m.id = g.stretch
    ), delivered as (
      update deliveries d set generation = g.generation, status = ${STATUS.succeeded}, attempts = 1,
        started_at = to_timestamp(g.started), duration_us = g.duration_us,
        settled_at = to_timestamp(g.settled), next_attempt_at = null, lease_until = null,
        worker = ${worker}, ordering_key = null
      from given g
      where d.position = g.position and d.subscription_id = ${subscriptionId}
        and d.status = ${STATUS.dead} and d.generation = g.generation - 1
      returning g.replay_id, g.seq, g.next_position, d.position, d.subscription_id, g.generation, d.settled_at, g.stretch
    ), letters as materialized (
      select u.* from delivered d cross join lateral (
        select position, subscription_id, case_id, status, counted_as from unresolved_letters
        where position = d.position and subscription_id = ${subscriptionId} for update skip locked) u
    ), ended as materialized (
      select * from delivered d
      where position in (select position from letters) or not exists (
        select from unresolved_letters u where u.position = d.position and u.subscription_id = ${subscriptionId})
    ), left_over as materialized (
      select g.replay_id, g.seq, g.position, ${subscriptionId}::int as subscription_id, m.generation, m.started_at
      from given g join mine m on m.id = g.stretch where g.position not in (select position from ended)
    ), put_back as (${putBack(tx, tx`left_over`)}), written as (
      insert into ended_items (position, started_at, ended_at, replay_id, seq, subscription_id, generation, outcome)
      select e.position, m.started_at, e.settled_at, e.replay_id, e.seq, e.subscription_id, e.generation,
        ${ITEM_OUTCOME.succeeded}
      from ended e join mine m on m.id = e.stretch
    ), ${setFree(tx)}, ${resolveLetters(tx, tx`letters`)}, noted as (
      insert into ended_counts (replay_id, outcome, is_late, items)
      select replay_id, ${ITEM_OUTCOME.succeeded}, false, count(*) from ended group by replay_id
    )
    select count(*) = ${successes.length}::int as are_all, case when count(*) <> ${successes.length}::int then
        (select string_agg(position::text, ',') from delivered) end as written
    from delivered`;
  const [, [row]] = await Promise.all([planByKey(tx), writing]);
  if (row?.are_all === true) return new Set(successes.map(({ position }) => position));
  return new Set(row?.written?.split(",") ?? []);
}

/** The stretches of some items that this worker has; nobody takes them from it until the transaction ends. */
function mine(sql: Sql | SqlTx, worker: string, items: readonly HandedItem[]): ReturnType<Sql> {
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
function putBack(sql: Sql | SqlTx, items: ReturnType<Sql>): ReturnType<Sql> {
  return sql`
    insert into open_items (replay_id, state, seq, position, subscription_id, next_position, case_id, generation, started_at)
    select l.replay_id, ${ITEM_STATE.inFlight}, l.seq, l.position, l.subscription_id, i.next_position, i.case_id,
      l.generation, l.started_at
    from ${items} l cross join ${itemNumbered(sql, sql`l`)} i
    where not exists (select from ended_items e where e.replay_id = l.replay_id and e.seq = l.seq)
    on conflict do nothing`;
}

/** An array of numbers as Postgres writes it: many of them are much work for the driver. Empty where all are null. */
function listed(successes: HandedSuccess[], field: keyof HandedSuccess): string {
  if (successes.every((one) => one[field] === null)) return "{}";
  return `{${successes.map((one) => one[field] ?? "null").join(",")}}`;
}

function setFree(tx: SqlTx): ReturnType<Sql> {
  return tx`freed as (
      insert into open_items (replay_id, state, seq, position, subscription_id, next_position, case_id)
      select i.replay_id, ${ITEM_STATE.waiting}, i.seq, i.position, i.subscription_id, i.next_position, i.case_id
      from ended e cross join ${itemBehind(tx, tx`e`)} i
      on conflict do nothing
    )`;
}

/**
 * Takes stretches from workers that have let their leases run out, or that were started so long ago that outcomes are given
 * up. Their deliveries that have not ended say so, for others to claim them.
 */
export async function writeLostHanded(tx: SqlTx, replayId: number, unknownAfterMs: number): Promise<void> {
  await tx`
    with lost as materialized (
      select * from handed_stretches
      where replay_id = ${replayId} and (lease_until < now()
        or started_at <= now() - ${unknownAfterMs} * interval '1 millisecond')
      for update skip locked
    ), taken as (
      delete from handed_stretches where replay_id = ${replayId} and id in (select id from lost)
    ), left_over as materialized (
      select i.* from ${handedItems(tx, tx`lost`)} i
      where not exists (select from ended_items e where e.replay_id = i.replay_id and e.seq = i.seq)
        and not exists (
          select from open_items o
          where o.replay_id = i.replay_id and o.state = ${ITEM_STATE.inFlight} and o.seq = i.seq)
    ), ${claimed(tx)}
    ${putBack(tx, tx`left_over`)}`;
}

/** The items of one worker and one subscription, by position. */
export type OwnHanded = {
  subscriptionId: number;
  worker: string;
  items: readonly (HandedItem & { position: string })[];
};

/** Lets the deliveries of items that this worker has say that they are processing, as it is about to write their ends. */
export async function writeOwnHanded(tx: SqlTx, own: OwnHanded): Promise<void> {
  if (own.items.length === 0) return;
  await tx`
    with ${mine(tx, own.worker, own.items)}, ${leftOver(tx, own)}, ${claimed(tx)}
    ${putBack(tx, tx`left_over`)}`;
}

/** The same for those that take long; what just ends otherwise is left to that. */
export async function writeSlowHanded(sql: Sql, own: OwnHanded): Promise<void> {
  if (own.items.length === 0) return;
  await sql`
    with ${mine(sql, own.worker, own.items)}, ${leftOver(sql, own)}, ${claimed(sql)}
    ${putBack(sql, sql`(select * from left_over where position in (select position from claimed))`)}`;
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
      returning d.position
    )`;
}
