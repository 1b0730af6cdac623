import type { Sql, SqlTx } from "../db.ts";
import { LETTER_STATUS } from "./dead-letters.ts";
import { itemsAfter } from "./replay-parts.ts";

/** By number: held, waiting, in flight, ended. Of `open_items`, the first is put aside. */
export const ITEM_STATE = { held: 0, waiting: 1, inFlight: 2, ended: 3 } as const;

/** By number, the order of the domain's list. */
export const ITEM_OUTCOME = {
  succeeded: 0,
  "failed-same": 1,
  "failed-new": 2,
  "skipped-handled": 3,
  unknown: 4,
} as const;
export type ItemOutcomeNumber = (typeof ITEM_OUTCOME)[keyof typeof ITEM_OUTCOME];

/**
 * Of an item `i` with its row `o` of `open_items` or `e` of `ended_items`, if it has one, with the stretch `h` that it was
 * handed over in, if any, and its replay `r`: what its state is, by number.
 */
export function itemState(sql: Sql | SqlTx): ReturnType<Sql> {
  return sql`case when e.outcome is not null then ${ITEM_STATE.ended}::smallint when o.state is not null then o.state
    when h.started_at is not null then ${ITEM_STATE.inFlight}::smallint
    when i.seq > r.reached and not i.is_behind then ${ITEM_STATE.waiting}::smallint else ${ITEM_STATE.held}::smallint end`;
}

/** Lets items be looked at again whose deliveries were under way elsewhere. */
export async function wakeElsewhere(tx: SqlTx, replayId: number): Promise<number> {
  const result = await tx`
    update open_items set state = ${ITEM_STATE.waiting}
    where replay_id = ${replayId} and state = ${ITEM_STATE.held}`;
  return result.count;
}

/** Up to which item of a replay those that wait for no other one have had their turn. */
export function reachedBy(sql: Sql | SqlTx, replayId: number): ReturnType<Sql> {
  return sql`(select reached from replays where id = ${replayId})`;
}

/** Whether some items wait for deliveries that are under way elsewhere, or may start. */
export async function isSomeWaiting(tx: SqlTx, replayId: number): Promise<boolean> {
  const [row] = await tx<{ any: boolean }[]>`
    select exists (select from open_items
        where replay_id = ${replayId} and state in (${ITEM_STATE.held}, ${ITEM_STATE.waiting}))
      or exists (select from ${itemsAfter(tx, replayId, reachedBy(tx, replayId))} i where not is_behind) as any`;
  return row?.any ?? false;
}

/** A letter whose delivery ends sooner goes from parked to resolved in one write. */
const SHOWN_AFTER = "2 seconds";

/** Lets the letters of what is in flight for a while say that they are replaying. */
export async function showReplaying(tx: SqlTx, replayId: number): Promise<void> {
  await tx`
    with slow as materialized (
      select replay_id, seq, position, subscription_id, generation from open_items
      where replay_id = ${replayId} and state = 2 and not is_shown
        and started_at < now() - ${SHOWN_AFTER}::interval
    ), letters as materialized (
      select s.seq, u.position, u.subscription_id, u.case_id, u.counted_as = u.status as is_counted
      from slow s join dead_letters l on l.position = s.position and l.subscription_id = s.subscription_id
      join unresolved_letters u on u.position = s.position and u.subscription_id = s.subscription_id
      where u.status = ${LETTER_STATUS.parked} and l.generation < s.generation
      order by u.position, u.subscription_id for update of u skip locked
    ), shown as (
      update open_items o set is_shown = true from slow s
      where o.replay_id = s.replay_id and o.state = ${ITEM_STATE.inFlight} and o.seq = s.seq
    ), replaying as (
      update unresolved_letters l set status = ${LETTER_STATUS.replaying},
        counted_as = case when s.is_counted then ${LETTER_STATUS.replaying}::smallint else l.counted_as end
      from letters s where l.position = s.position and l.subscription_id = s.subscription_id
    )
    insert into case_moves (case_id, old, new, letters)
    select case_id, ${LETTER_STATUS.parked}, ${LETTER_STATUS.replaying}, count(*) from letters
    where is_counted group by case_id`;
}
