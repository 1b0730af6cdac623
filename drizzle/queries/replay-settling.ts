import type { SqlTx } from "../db.ts";
import { LETTER_STATUS } from "./dead-letters.ts";
import { STATUS } from "./delivery-settling.ts";
import { ITEM_OUTCOME, ITEM_STATE, type ItemOutcomeNumber } from "./open-items.ts";

export type EndedItems = {
  outcome: ItemOutcomeNumber;
  /** Of their failure in the replay. */
  case_id: number | null;
  items: number;
};

/**
 * Writes down the outcomes of items that were in flight (or, late, of those given up as unknown), of the oldest `limit`
 * of them; what stood behind one that was handled may start. A failure counts when the keeper has put it into its case,
 * a success when its letter is not just being changed by somebody else.
 */
export async function settleItems(
  tx: SqlTx,
  replayId: number,
  { late, limit }: { late: boolean; limit: number },
): Promise<{ looked: number; ended: EndedItems[] }> {
  const which = late
    ? tx`replay_items where replay_id = ${replayId} and trouble = ${ITEM_OUTCOME.unknown}`
    : tx`open_items where replay_id = ${replayId} and state = ${ITEM_STATE.inFlight}`;
  const rows = await tx<
    { looked: number; outcome: ItemOutcomeNumber | null; case_id: number | null; items: number }[]
  >`
    with looked as materialized (
      select replay_id, seq, next, position, subscription_id, generation, started_at, case_id from ${which}
      order by seq limit ${limit}
    ), settled as materialized (
      select i.*, d.status, d.settled_at, d.generation as settled_generation
      from looked i
      join deliveries d on d.position = i.position and d.subscription_id = i.subscription_id
        and d.generation >= i.generation and d.status in (${STATUS.succeeded}, ${STATUS.dead}, ${STATUS.discarded})
    ), handled as materialized (
      select s.seq, l.position, l.subscription_id, l.case_id, l.status, l.counted_as from settled s
      join dead_letters l on l.position = s.position and l.subscription_id = s.subscription_id
      where s.status = ${STATUS.succeeded}
      order by l.position, l.subscription_id for update of l skip locked
    ), ended as materialized (
      select i.replay_id, i.seq, i.next, i.generation, i.started_at, i.settled_at,
        ${ITEM_OUTCOME.succeeded}::smallint as outcome, null::int as case_id
      from settled i
      where i.status = ${STATUS.succeeded} and (i.seq in (select seq from handled) or not exists (
        select from dead_letters l where l.position = i.position and l.subscription_id = i.subscription_id))
      union all
      select replay_id, seq, next, generation, started_at, settled_at, ${ITEM_OUTCOME["skipped-handled"]}, null
      from settled where status = ${STATUS.discarded}
      union all
      select i.replay_id, i.seq, i.next, i.generation, i.started_at, i.settled_at,
        case when l.case_id = i.case_id then ${ITEM_OUTCOME["failed-same"]}::smallint
          else ${ITEM_OUTCOME["failed-new"]}::smallint end, l.case_id
      from settled i join dead_letters l on l.position = i.position and l.subscription_id = i.subscription_id
        and l.generation = i.settled_generation and l.number is not null
      where i.status = ${STATUS.dead}
    ), written as (
      update replay_items i set outcome = e.outcome, new_case_id = e.case_id, generation = e.generation,
        started_at = e.started_at, ended_at = coalesce(e.settled_at, now())
      from ended e where i.replay_id = e.replay_id and i.seq = e.seq
    ), closed as (
      delete from open_items o using ended e
      where o.replay_id = e.replay_id and o.state = ${ITEM_STATE.inFlight} and o.seq = e.seq
    ), freed as (
      insert into open_items (replay_id, state, seq, position, subscription_id, next, case_id)
      select i.replay_id, ${ITEM_STATE.waiting}, i.seq, i.position, i.subscription_id, i.next, i.case_id
      from ended e join replay_items i on i.replay_id = e.replay_id and i.seq = e.next and i.outcome is null
      where e.outcome in (${ITEM_OUTCOME.succeeded}, ${ITEM_OUTCOME["skipped-handled"]})
      on conflict do nothing
    ), resolved as (
      update dead_letters l set status = ${LETTER_STATUS.resolved}, changed_at = now(),
        counted_as = case when h.counted_as = h.status then ${LETTER_STATUS.resolved}::smallint else h.counted_as end
      from handled h
      where l.position = h.position and l.subscription_id = h.subscription_id
        and h.status in (${LETTER_STATUS.parked}, ${LETTER_STATUS.replaying})
    ), counted as (
      insert into case_moves (case_id, old, new, letters)
      select case_id, status, ${LETTER_STATUS.resolved}, count(*) from handled
      where counted_as = status and status in (${LETTER_STATUS.parked}, ${LETTER_STATUS.replaying})
      group by case_id, status
    )
    select (select count(*)::int from looked) as looked, outcome, case_id, coalesce(items, 0) as items
    from (select) one left join (
      select outcome, case_id, count(*)::int as items from ended group by outcome, case_id) counted on true`;
  const ended = rows.flatMap(({ outcome, case_id, items }) =>
    outcome === null ? [] : [{ outcome, case_id, items }],
  );
  return { looked: rows[0]?.looked ?? 0, ended };
}
