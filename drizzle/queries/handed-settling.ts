import { comparePositions } from "#server/domain/position.ts";
import type { Sql, SqlTx } from "../db.ts";
import { STATUS } from "./delivery-settling.ts";
import type { HandedItem } from "./due-deliveries.ts";
import { writeSucceeded } from "./ended-items.ts";
import { resolveLetters, takeLetters } from "./letter-resolving.ts";
import { ITEM_OUTCOME, ITEM_STATE } from "./open-items.ts";
import { planByKey } from "./replay-advancing.ts";
import { putBack } from "./replay-handing.ts";
import { itemBehind, NO_POSITION } from "./replay-parts.ts";

export type HandedSuccess = HandedItem & {
  position: string;
  startedAtUs: number;
  durationUs: number;
};

type Part = ReturnType<Sql>;

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
      update deliveries d set generation = d.generation + 1, status = ${STATUS.succeeded}, attempts = 1,
        started_at = to_timestamp(${itsOwn(tx, "started_us")} / 1e6::float8), duration_us = ${itsOwn(tx, "durations_us")},
        settled_at = to_timestamp(${itsOwn(tx, "settled_us")} / 1e6::float8), next_attempt_at = null, lease_until = null,
        worker = ${worker}, ordering_key = null
      where ${isGiven(tx, subscriptionId)} and d.status = ${STATUS.dead} and d.generation = (select generation - 1 from mine)
      returning d.position, d.settled_at, ${placeOf(tx)} as place`,
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
    ours: tx`(select unnest(positions) as position from given where exists (select from mine))`,
    delivered: tx`
      select d.position, d.settled_at, ${placeOf(tx)} as place from deliveries d
      where ${isGiven(tx, given.subscriptionId)} and d.status = ${STATUS.succeeded}
        and d.generation = (select generation from mine)`,
  });
}

/** That a delivery `d` is one of the `given` ones, which are found in one walk through the index. */
function isGiven(tx: SqlTx, subscriptionId: number): Part {
  const positions = column(tx, "positions");
  return tx`d.subscription_id = ${subscriptionId} and d.position = any(${positions}::bigint[])
    and d.position between (${positions})[1] and (${positions})[cardinality(${positions})]`;
}

/** Where a delivery `d` stands among the `given` ones, which are in order. */
function placeOf(tx: SqlTx): Part {
  return tx`width_bucket(d.position, ${column(tx, "positions")})`;
}

function itsOwn(tx: SqlTx, name: Column): Part {
  return tx`(${column(tx, name)})[${placeOf(tx)}]`;
}

/** Of the `given` ones, read once: a join would copy all columns for each row. */
function column(tx: SqlTx, name: Column): Part {
  return tx`(select ${tx(name)} from given)`;
}

type Column = "positions" | "seqs" | "next_positions" | "started_us" | "durations_us" | "settled_us";

type Ending = {
  /** Deliveries that succeeded, with their places among the `given` ones, for a `with` clause. */
  delivered: Part;
  /** What is said to be written. */
  ours: Part;
};

async function endItems(tx: SqlTx, given: Successes, ending: Ending): Promise<Set<string>> {
  const { successes, waits } = given;
  const written = new Set<string>();
  if (successes.length === 0) return written;
  const settings = Promise.all([planByKey(tx), waits === "briefly" && waitBriefly(tx)]);
  for (const ofStretch of Map.groupBy(successes, ({ stretch }) => stretch).values()) {
    const items = ofStretch.toSorted((one, other) => comparePositions(one.position, other.position));
    const [[row]] = await Promise.all([endStretch(tx, { ...given, successes: items }, ending), settings]);
    const positions = row?.are_all ? items.map(({ position }) => position) : row?.written?.split(",");
    for (const position of positions ?? []) written.add(position);
  }
  if (waits === "briefly") await waitAsBefore(tx);
  return written;
}

/** Ends items of one stretch, in the order of their positions. */
function endStretch(
  tx: SqlTx,
  { subscriptionId, worker, successes, waits }: Successes,
  { delivered, ours }: Ending,
): Promise<{ are_all: boolean; written: string | null }[]> {
  const { replayId = 0, stretch = "0" } = successes[0] ?? {};
  const listed = (read: (one: HandedSuccess) => string | number) =>
    // As Postgres writes an array of numbers: many of them are much work for the driver.
    tx`${`{${successes.map(read).join(",")}}`}::text`;
  const hasNext = successes.some(({ nextPosition }) => nextPosition !== null);
  const nextPositions = hasNext ? listed(({ nextPosition }) => nextPosition ?? NO_POSITION) : tx`'{}'`;
  const letters =
    waits === "briefly" ? takeLetters(tx, tx`delivered`, subscriptionId) : holdLetters(tx, subscriptionId);
  const items: Part = tx`(select ${at(tx, "seqs")} as seq, position, settled_at from ended e)`;
  return tx<{ are_all: boolean; written: string | null }[]>`
    with mine as materialized (
      select replay_id, generation, started_at from handed_stretches
      where replay_id = ${replayId} and id = ${stretch} and worker = ${worker} for key share
    ), given as materialized (
      select ${listed(({ position }) => position)}::bigint[] as positions, ${listed(({ seq }) => seq)}::int[] as seqs,
        ${nextPositions}::bigint[] as next_positions, ${listed(({ startedAtUs }) => startedAtUs)}::bigint[] as started_us,
        ${listed(({ durationUs }) => durationUs)}::bigint[] as durations_us,
        ${listed(({ startedAtUs, durationUs }) => startedAtUs + durationUs)}::bigint[] as settled_us
    ), delivered as (${delivered}), ${letters}, ended as materialized (
      select * from delivered d
      where position in (select position from letters) or not exists (
        select from unresolved_letters u where u.position = d.position and u.subscription_id = ${subscriptionId})
    ), left_over as materialized (
      select m.replay_id, g.seq, g.position, ${subscriptionId}::int as subscription_id, m.generation, m.started_at
      from mine m cross join unnest(${column(tx, "seqs")}, ${column(tx, "positions")}) as g (seq, position)
      where (select count(*) from ended) < ${successes.length} and g.position not in (select position from ended)
    ), put_back as (${putBack(tx, tx`left_over`)}), ${writeSucceeded(tx, { stretch: tx`mine`, subscriptionId, items })},
    ${hasNext ? tx`${setFree(tx, subscriptionId)},` : tx``} noted as (
      insert into ended_counts (replay_id, outcome, is_late, items)
      select ${replayId}, ${ITEM_OUTCOME.succeeded}, false, count(*) from ended having count(*) > 0
    )
    select count(*) = ${successes.length}::int as are_all, case when count(*) <> ${successes.length}::int then
        (select string_agg(position::text, ',') from ${ours} o) end as written
    from ${ours} o`;
}

/** What a given one that has ended has in a column. */
function at(tx: SqlTx, name: Column): Part {
  return tx`(${column(tx, name)})[e.place]`;
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

function setFree(tx: SqlTx, subscriptionId: number): Part {
  return tx`freed as (
      insert into open_items (replay_id, state, seq, position, subscription_id, next_position, case_id)
      select i.replay_id, ${ITEM_STATE.waiting}, i.seq, i.position, i.subscription_id, i.next_position, i.case_id
      from (
        select m.replay_id, ${subscriptionId}::int as subscription_id, ${at(tx, "next_positions")} as next_position
        from mine m cross join ended e) e
      cross join ${itemBehind(tx, tx`e`)} i where e.next_position <> ${NO_POSITION}
      on conflict do nothing
    )`;
}
