import type { Sql, SqlTx } from "../db.ts";
import { STATUS } from "./delivery-settling.ts";
import type { HandedItem } from "./due-deliveries.ts";
import { resolveLetters } from "./letter-resolving.ts";
import { ITEM_OUTCOME, ITEM_STATE } from "./open-items.ts";
import { planByKey } from "./replay-advancing.ts";
import { itemBehind } from "./replay-parts.ts";

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

/** Of a letter `l`, that its delivery is not handed over. */
export function isNotHanded(sql: Sql | SqlTx): ReturnType<Sql> {
  return sql`not exists (
    select from open_items o
    where o.position = l.position and o.subscription_id = l.subscription_id and o.worker is not null)`;
}

export type HandedSuccess = HandedItem & {
  generation: number;
  startedAtUs: number;
  durationUs: number;
};

/**
 * Writes that handed deliveries succeeded: the delivery, its letter, and the end of its item. Left out are those that are
 * not with this worker any more, that are written as any other by now, or that somebody rewound. Where somebody just
 * changes the letter, the item ends with the replay's next look.
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
  const writing = tx<{ written: string | null }[]>`
    with given as materialized (
      select * from unnest(${listed(successes, "replayId")}::text::int[], ${listed(successes, "seq")}::text::int[],
        ${listed(successes, "generation")}::text::int[], ${listed(successes, "startedAtUs")}::text::bigint[],
        ${listed(successes, "durationUs")}::text::bigint[])
        as g (replay_id, seq, generation, started_us, duration_us)
    ), found as materialized (
      -- Each by its key: the table is often larger than statistics say. Nobody changes these rows but to write them.
      select g.started_us / 1e6::float8 as started, g.duration_us, (g.started_us + g.duration_us) / 1e6::float8 as settled, o.*
      from given g cross join lateral (
        select *, ctid as place from open_items o
        where o.replay_id = g.replay_id and o.state = ${ITEM_STATE.inFlight} and o.seq = g.seq
          and o.generation = g.generation offset 0) o
    ), taken as (
      delete from open_items where ctid = any(array(select place from found)) and worker = ${worker}
      returning position
    ), ours as materialized (
      -- "is true", as a join would compare each with each.
      select * from found where (position in (select position from taken)) is true
    ), delivered as (
      update deliveries d set generation = o.generation, status = ${STATUS.succeeded}, attempts = 1,
        started_at = to_timestamp(o.started), duration_us = o.duration_us,
        settled_at = to_timestamp(o.settled), next_attempt_at = null, lease_until = null,
        worker = ${worker}, ordering_key = null
      from ours o
      where d.position = o.position and d.subscription_id = ${subscriptionId}
        and d.status = ${STATUS.dead} and d.generation = o.generation - 1
      returning o.replay_id, o.seq, o.next_position, o.position, o.subscription_id, o.generation, o.started_at, d.settled_at
    ), letters as materialized (
      select u.* from delivered d cross join lateral (
        select position, subscription_id, case_id, status, counted_as from unresolved_letters
        where position = d.position and subscription_id = ${subscriptionId} for update skip locked) u
    ), ended as materialized (
      select * from delivered d
      where position in (select position from letters) or not exists (
        select from unresolved_letters u where u.position = d.position and u.subscription_id = ${subscriptionId})
    ), put_back as (
      insert into open_items (replay_id, state, seq, position, subscription_id, next_position, case_id, generation,
        started_at, is_shown)
      select replay_id, state, seq, position, subscription_id, next_position, case_id, generation, started_at, is_shown
      from ours where position not in (select position from ended)
    ), written as (
      insert into ended_items (position, started_at, ended_at, replay_id, seq, subscription_id, generation, outcome)
      select position, started_at, settled_at, replay_id, seq, subscription_id, generation, ${ITEM_OUTCOME.succeeded}
      from ended
    ), ${setFree(tx)}, ${resolveLetters(tx, tx`letters`)}, noted as (
      insert into ended_counts (replay_id, outcome, is_late, items)
      select replay_id, ${ITEM_OUTCOME.succeeded}, false, count(*) from ended group by replay_id
    )
    select string_agg(position::text, ',') as written from delivered`;
  const [, [row]] = await Promise.all([planByKey(tx), writing]);
  return new Set(row?.written?.split(",") ?? []);
}

/** An array of numbers as Postgres writes it: many of them are much work for the driver. */
function listed(successes: HandedSuccess[], field: keyof HandedSuccess): string {
  return `{${successes.map((one) => one[field]).join(",")}}`;
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
 * Lets the deliveries of items whose worker has let its lease run out say so, for others to claim them, and those of
 * items that were started so long ago that their outcomes are given up.
 */
export async function writeLostHanded(tx: SqlTx, replayId: number, unknownAfterMs: number): Promise<void> {
  await writeHanded(
    tx,
    tx`select *, ctid as place from open_items
      where replay_id = ${replayId} and state = ${ITEM_STATE.inFlight}
        and (lease_until < now() or (worker is not null
          and started_at <= now() - ${unknownAfterMs} * interval '1 millisecond'))
      order by position, subscription_id for update skip locked`,
  );
}

/** Lets the deliveries of items that this worker has say that they are processing. */
export async function writeOwnHanded(tx: SqlTx, worker: string, items: HandedItem[]): Promise<void> {
  if (items.length > 0) await writeHanded(tx, tx`${ownHanded(tx, worker, items)} for update of o`);
}

/** The same for those of them that are not just being written. */
export async function writeSlowHanded(sql: Sql, worker: string, items: HandedItem[]): Promise<void> {
  if (items.length > 0)
    await writeHanded(sql, sql`${ownHanded(sql, worker, items)} for update of o skip locked`);
}

function ownHanded(sql: Sql | SqlTx, worker: string, items: HandedItem[]): ReturnType<Sql> {
  return sql`
    select o.*, o.ctid as place
    from unnest(${items.map(({ replayId }) => replayId)}::int[], ${items.map(({ seq }) => seq)}::int[])
      as g (replay_id, seq)
    join open_items o on o.replay_id = g.replay_id and o.state = ${ITEM_STATE.inFlight} and o.seq = g.seq
    where o.worker = ${worker} order by o.position, o.subscription_id`;
}

/** From then on they are as any other that was claimed: their leases are renewed, and run out. */
async function writeHanded(sql: Sql | SqlTx, items: ReturnType<Sql>): Promise<void> {
  await sql`
    with handed as materialized (${items}), claimed as (
      update deliveries d set generation = h.generation, status = ${STATUS.processing}, attempts = 1,
        attempt_limit = case r.delivery ->> 'retries' when 'none' then 1 end, settled_at = null,
        next_attempt_at = null, lease_until = h.lease_until, worker = h.worker,
        ordering_key = null
      from handed h join replays r on r.id = h.replay_id
      where d.position = h.position and d.subscription_id = h.subscription_id
        and d.status = ${STATUS.dead} and d.generation = h.generation - 1
    )
    update open_items set worker = null, lease_until = null where ctid = any(array(select place from handed))`;
}
