import type { SqlTx } from "../db.ts";
import { STATUS } from "./delivery-settling.ts";
import { resolveLetters } from "./letter-resolving.ts";
import { ITEM_OUTCOME, ITEM_STATE } from "./open-items.ts";
import { itemBehind, itemNumbered } from "./replay-parts.ts";

const SETTLING = 7104016;

/** Lets one process at a time write down how the items of a replay end. False when another one is at it. */
export async function tryLockSettling(tx: SqlTx, replayId: number): Promise<boolean> {
  const [row] = await tx<{ locked: boolean }[]>`
    select pg_try_advisory_xact_lock(${SETTLING}::int, ${replayId}::int) as locked`;
  return row?.locked ?? false;
}

/**
 * Writes down the outcomes of items that were in flight (or, late, of those given up as unknown), of the oldest `limit`
 * of them; what stood behind one that was handled may start. A failure counts when the keeper has put it into its case,
 * a success when its letter is not just being changed by somebody else. Gives how many ended.
 *
 * What this transaction has locked, or nobody else changes, stays where it is: so rows are found again by their places.
 */
export async function settleItems(
  tx: SqlTx,
  replayId: number,
  { late, limit }: { late: boolean; limit: number },
): Promise<number> {
  const which = late
    ? tx`ended_items e cross join ${itemNumbered(tx, tx`e`)} i
        where replay_id = ${replayId} and outcome = ${ITEM_OUTCOME.unknown} and outcome <> 0`
    : tx`open_items e where replay_id = ${replayId} and state = 2`;
  // One that had ended as unknown has its row, and only then.
  const written = late
    ? tx`update ended_items i set outcome = e.outcome, new_case_id = e.case_id, ended_at = coalesce(e.settled_at, now())
        from ended e where i.replay_id = e.replay_id and i.seq = e.seq`
    : tx`insert into ended_items (position, started_at, ended_at, replay_id, seq, subscription_id, generation, new_case_id, outcome)
        select position, started_at, coalesce(settled_at, now()), replay_id, seq, subscription_id, generation, case_id, outcome
        from ended`;
  const [row] = await tx<{ items: number }[]>`
    with looked as materialized (
      select replay_id, seq, next_position, position, subscription_id, generation, started_at, case_id, e.ctid as place
      from ${which}
      order by seq limit ${limit}
    ), settled as materialized (
      select i.*, d.status, d.settled_at, d.generation as settled_generation
      from looked i
      join deliveries d on d.position = i.position and d.subscription_id = i.subscription_id
        and d.generation >= i.generation and d.status in (${STATUS.succeeded}, ${STATUS.dead}, ${STATUS.discarded})
    ), handled as materialized (
      select s.seq, u.position, u.subscription_id, u.case_id, u.status, u.counted_as from settled s
      join unresolved_letters u on u.position = s.position and u.subscription_id = s.subscription_id
      where s.status = ${STATUS.succeeded}
      order by u.position, u.subscription_id for update of u skip locked
    ), ended as materialized (
      select i.replay_id, i.seq, i.next_position, i.position, i.subscription_id, i.generation, i.started_at, i.place,
        i.settled_at, ${ITEM_OUTCOME.succeeded}::smallint as outcome, null::int as case_id
      from settled i
      where i.status = ${STATUS.succeeded} and (i.seq in (select seq from handled) or not exists (
        select from unresolved_letters u where u.position = i.position and u.subscription_id = i.subscription_id))
      union all
      select replay_id, seq, next_position, position, subscription_id, generation, started_at, place, settled_at,
        ${ITEM_OUTCOME["skipped-handled"]}, null
      from settled where status = ${STATUS.discarded}
      union all
      select i.replay_id, i.seq, i.next_position, i.position, i.subscription_id, i.generation, i.started_at, i.place,
        i.settled_at, case when l.case_id = i.case_id then ${ITEM_OUTCOME["failed-same"]}::smallint
          else ${ITEM_OUTCOME["failed-new"]}::smallint end, l.case_id
      from settled i join dead_letters l on l.position = i.position and l.subscription_id = i.subscription_id
        and l.generation = i.settled_generation and l.number is not null
      where i.status = ${STATUS.dead}
    ), written as (
      ${written}
    ), closed as (
      delete from open_items where not ${late} and ctid = any(array(select place from ended))
    ), freed as (
      insert into open_items (replay_id, state, seq, position, subscription_id, next_position, case_id)
      select i.replay_id, ${ITEM_STATE.waiting}, i.seq, i.position, i.subscription_id, i.next_position, i.case_id
      from ended e cross join ${itemBehind(tx, tx`e`)} i
      where e.outcome in (${ITEM_OUTCOME.succeeded}, ${ITEM_OUTCOME["skipped-handled"]})
      on conflict do nothing
    ), ${resolveLetters(tx, tx`handled`)}, noted as (
      insert into ended_counts (replay_id, outcome, case_id, is_late, items)
      select ${replayId}, outcome, case_id, ${late}, count(*) from ended group by outcome, case_id
    )
    select count(*)::int as items from ended`;
  return row?.items ?? 0;
}

/** Gives up the outcomes of items that were started so long ago, and whose deliveries say so. Gives how many. */
export async function giveUpOverdue(tx: SqlTx, replayId: number, unknownAfterMs: number): Promise<number> {
  const [row] = await tx<{ items: number }[]>`
    with overdue as (
      delete from open_items
      where replay_id = ${replayId} and state = 2
        and started_at <= now() - ${unknownAfterMs} * interval '1 millisecond'
      returning position, started_at, replay_id, seq, subscription_id, generation
    ), written as (
      insert into ended_items (position, started_at, ended_at, replay_id, seq, subscription_id, generation, outcome)
      select position, started_at, now(), replay_id, seq, subscription_id, generation, ${ITEM_OUTCOME.unknown} from overdue
    ), noted as (
      insert into ended_counts (replay_id, outcome, is_late, items)
      select ${replayId}, ${ITEM_OUTCOME.unknown}, false, count(*) from overdue having count(*) > 0
    )
    select count(*)::int as items from overdue`;
  return row?.items ?? 0;
}
