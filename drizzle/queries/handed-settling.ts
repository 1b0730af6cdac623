import type { Sql, SqlTx } from "../db.ts";
import { STATUS } from "./delivery-settling.ts";
import type { HandedItem } from "./due-deliveries.ts";
import { resolveLetters, takeLetters } from "./letter-resolving.ts";
import { ITEM_OUTCOME, ITEM_STATE } from "./open-items.ts";
import { planByKey } from "./replay-advancing.ts";
import { mine, putBack } from "./replay-handing.ts";
import { itemBehind } from "./replay-parts.ts";

export type HandedSuccess = HandedItem & {
  position: string;
  startedAtUs: number;
  durationUs: number;
};

/** Of one worker and one subscription. */
type Successes = {
  subscriptionId: number;
  worker: string;
  successes: HandedSuccess[];
  waits: Waits;
};

/**
 * How long, where somebody just changes a letter: briefly, after which the transaction fails with a conflict of locks; or
 * not at all, and the replay goes on to look for the outcome, which takes longer for those that nobody changes.
 */
export type Waits = "briefly" | "never";

const LOCK_CONFLICTS = new Set(["55P03", "40P01"]);

/** Whether a transaction failed as it would have waited for long, and may be tried again without waiting. */
export function isLockConflict(error: unknown): boolean {
  return error instanceof Error && "code" in error && LOCK_CONFLICTS.has(String(error.code));
}

/**
 * Writes that handed deliveries succeeded: the delivery, its letter, and the end of its item. Left out are those whose
 * stretch is not with this worker any more, that are written as any other by now, or that somebody rewound. Where somebody
 * changed the letter, or did rewind, the replay goes on to look for the outcome.
 *
 * @returns the positions that were written.
 */
export function settleHanded(tx: SqlTx, given: Successes): Promise<Set<string>> {
  const { subscriptionId, worker } = given;
  return endItems(tx, given, {
    ours: tx`delivered`,
    delivered: tx`
      update deliveries d set generation = g.generation, status = ${STATUS.succeeded}, attempts = 1,
        started_at = to_timestamp(g.started), duration_us = g.duration_us,
        settled_at = to_timestamp(g.settled), next_attempt_at = null, lease_until = null,
        worker = ${worker}, ordering_key = null
      from given g
      where d.position = g.position and d.subscription_id = ${subscriptionId}
        and d.status = ${STATUS.dead} and d.generation = g.generation - 1
      returning g.replay_id, g.seq, g.next_position, d.position, d.subscription_id, g.generation, d.settled_at, g.stretch`,
  });
}

/**
 * Writes what else follows from handed deliveries that were written with their effects: the letter, and the end of the
 * item. Left out are those whose stretch is not with this worker any more. Where somebody changed the letter, or rewound,
 * the replay goes on to look for the outcome.
 *
 * @returns the positions whose stretch is with this worker, which has to count them.
 */
export function settleHandled(tx: SqlTx, given: Successes): Promise<Set<string>> {
  return endItems(tx, given, {
    ours: tx`given`,
    delivered: tx`
      select g.replay_id, g.seq, g.next_position, d.position, d.subscription_id, g.generation, d.settled_at, g.stretch
      from given g join deliveries d on d.position = g.position and d.subscription_id = ${given.subscriptionId}
        and d.generation = g.generation and d.status = ${STATUS.succeeded}`,
  });
}

type Ending = {
  /** Deliveries that succeeded, from `given`, for a `with` clause. */
  delivered: ReturnType<Sql>;
  /** What is said to be written. */
  ours: ReturnType<Sql>;
};

async function endItems(
  tx: SqlTx,
  { subscriptionId, worker, successes, waits }: Successes,
  { delivered, ours }: Ending,
): Promise<Set<string>> {
  if (successes.length === 0) return new Set();
  const letters = waits === "briefly" ? takeLetters(tx, tx`delivered`) : holdLetters(tx, subscriptionId);
  const writing = tx<{ are_all: boolean; written: string | null }[]>`
    with ${mine(tx, worker, successes)}, given as materialized (
      select m.replay_id, m.generation, g.*, started_us / 1e6::float8 as started,
        (started_us + duration_us) / 1e6::float8 as settled
      from unnest(${listed(successes, "stretch")}::text::bigint[], ${listed(successes, "seq")}::text::int[],
        ${listed(successes, "position")}::text::bigint[], ${listed(successes, "nextPosition")}::text::bigint[],
        ${listed(successes, "startedAtUs")}::text::bigint[], ${listed(successes, "durationUs")}::text::bigint[])
        as g (stretch, seq, position, next_position, started_us, duration_us)
      join mine m on m.id = g.stretch
    ), delivered as (${delivered}), ${letters}, ended as materialized (
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
    ), ${setFree(tx)}, noted as (
      insert into ended_counts (replay_id, outcome, is_late, items)
      select replay_id, ${ITEM_OUTCOME.succeeded}, false, count(*) from ended group by replay_id
    )
    select count(*) = ${successes.length}::int as are_all, case when count(*) <> ${successes.length}::int then
        (select string_agg(position::text, ',') from ${ours} o) end as written
    from ${ours} o`;
  const [, , [row]] = await Promise.all([planByKey(tx), waits === "briefly" && waitBriefly(tx), writing]);
  if (waits === "briefly") await waitAsBefore(tx);
  if (row?.are_all === true) return new Set(successes.map(({ position }) => position));
  return new Set(row?.written?.split(",") ?? []);
}

/** The letters of what is `delivered`, but for those that somebody else holds, are resolved. */
function holdLetters(tx: SqlTx, subscriptionId: number): ReturnType<Sql> {
  return tx`letters as materialized (
      select u.* from delivered d cross join lateral (
        select position, subscription_id, case_id, status, counted_as from unresolved_letters
        where position = d.position and subscription_id = ${subscriptionId} for update skip locked) u
    ), ${resolveLetters(tx, tx`letters`)}`;
}

/** In the next statement of the transaction: for what others do in one statement, and no longer. */
async function waitBriefly(tx: SqlTx): Promise<void> {
  await tx`set local lock_timeout = '50ms'`;
}

/**
 * What follows may have to wait for longer. Not sent together with the statement that may fail: a new statement of this
 * connection behind one that fails is never answered by the driver.
 */
async function waitAsBefore(tx: SqlTx): Promise<void> {
  await tx`set local lock_timeout to default`;
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
      from ended e cross join ${itemBehind(tx, tx`e`)} i where e.next_position is not null
      on conflict do nothing
    )`;
}
