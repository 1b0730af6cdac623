import type { Sql, SqlTx } from "../db.ts";
import { endOf, succeededAfter } from "./ended-items.ts";
import { handedItems, handedWith } from "./handed-stretches.ts";
import { ITEM_OUTCOME, ITEM_STATE, type ItemOutcomeNumber, itemState, reachedBy } from "./open-items.ts";
import { hasEnded, itemBehind, itemNumbered, itemsAfter } from "./replay-parts.ts";

export type StoredReplayRow = {
  id: number;
  reason: string;
  view: string | null;
  actor: string;
  rule_id: number | null;
  selection: unknown;
  cut_off: string;
  newer: string;
  delivery: unknown;
  run: unknown;
  is_linked: boolean;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
};

export async function findReplay(sql: Sql | SqlTx, id: number): Promise<StoredReplayRow | null> {
  const [row] = await sql<StoredReplayRow[]>`select ${columns(sql)} from replays where id = ${id}`;
  return row ?? null;
}

/** Replays, the newest first, those before `before`; of these statuses only, where some are named. */
export async function listReplayRows(
  sql: Sql | SqlTx,
  { before, statuses, limit }: { before: number | null; statuses: string[] | null; limit: number },
): Promise<StoredReplayRow[]> {
  return sql<StoredReplayRow[]>`
    select ${columns(sql)} from replays
    where (${before}::int is null or id < ${before}) and (${statuses}::text[] is null or status = any(${statuses}::text[]))
    order by id desc limit ${limit}`;
}

function columns(sql: Sql | SqlTx): ReturnType<Sql> {
  return sql`id, reason, view, actor, rule_id, selection, cut_off, newer, delivery, run, is_linked, created_at, started_at, ended_at`;
}

/** Items that wait behind one of their key that ended without being handled. */
export async function countHeldBack(sql: Sql | SqlTx, replayId: number): Promise<number> {
  const [row] = await sql<{ items: number }[]>`
    with recursive failed as materialized (
      select e.replay_id, e.subscription_id, i.next_position from ended_items e cross join ${itemNumbered(sql, sql`e`)} i
      where e.replay_id = ${replayId} and e.outcome <> 0 and e.outcome in (${ITEM_OUTCOME["failed-same"]},
        ${ITEM_OUTCOME["failed-new"]}, ${ITEM_OUTCOME.unknown}) and i.next_position is not null
    ), held as (
      select i.replay_id, i.subscription_id, i.next_position from failed f cross join ${itemBehind(sql, sql`f`)} i
      union all
      select i.replay_id, i.subscription_id, i.next_position from held h cross join ${itemBehind(sql, sql`h`)} i
    )
    select count(*)::int as items from held`;
  return row?.items ?? 0;
}

export type ReplayItemRow = {
  seq: number;
  position: string;
  consumer: string;
  partition_key: string | null;
  state: number;
  outcome: ItemOutcomeNumber | null;
  case_id: number | null;
  new_case_id: number | null;
  is_edited: boolean;
  started_at: string | null;
  ended_at: string | null;
};

/** Which items of a replay. */
export type ItemFilter =
  | { outcome: ItemOutcomeNumber }
  | { state: (typeof ITEM_STATE)[keyof Omit<typeof ITEM_STATE, "ended">] }
  | null;

/** Items of a replay in its order, those after `after`. */
export async function listReplayItems(
  sql: Sql | SqlTx,
  replayId: number,
  { filter, after, limit }: { filter: ItemFilter; after: number; limit: number },
): Promise<ReplayItemRow[]> {
  return sql<ReplayItemRow[]>`
    with page as materialized (
      select i.*, e.outcome, e.new_case_id, e.ended_at, coalesce(e.started_at, o.started_at, h.started_at) as started_at,
        coalesce(e.generation, o.generation, h.generation) as generation, ${itemState(sql)} as state
      from ${pageOf(sql, replayId, { filter, after, limit })} i join replays r on r.id = i.replay_id
      left join ${endOf(sql)} on true
      left join lateral (
        select o.state, o.started_at, o.generation from open_items o
        where o.replay_id = i.replay_id and o.state in (0, 1, 2) and o.seq = i.seq limit 1) o on e.outcome is null
      left join ${handedWith(sql)} on e.outcome is null and o.state is null
    )
    select i.seq, i.position, s.consumer, e.partition_key, i.state, i.outcome, i.case_id, i.new_case_id,
      d.position is not null as is_edited, i.started_at, i.ended_at
    from page i join subscriptions s on s.id = i.subscription_id
    left join events e on e.position = i.position
    left join delivery_edits d on d.position = i.position and d.subscription_id = i.subscription_id
      and d.generation = i.generation and d.replay_id = ${replayId}
    order by i.seq`;
}

/** Some items as a source of rows, by what finds those in their order. */
function pageOf(
  sql: Sql | SqlTx,
  replayId: number,
  { filter, after, limit }: { filter: ItemFilter; after: number; limit: number },
): ReturnType<Sql> {
  const reached = reachedBy(sql, replayId);
  const columns = sql`replay_id, seq, position, subscription_id, case_id, is_behind`;
  const items = (which: ReturnType<Sql>): ReturnType<Sql> => sql`(
    select ${columns} from ${itemsAfter(sql, replayId, sql`${after}::int`)} i where ${which} limit ${limit})`;
  const open = (state: number): ReturnType<Sql> => sql`(
    select replay_id, seq, position, subscription_id, case_id, false as is_behind from open_items
    where replay_id = ${replayId} and state = ${state} and seq > ${after} order by seq limit ${limit})`;
  if (filter === null) return items(sql`true`);
  if ("outcome" in filter) {
    const { outcome } = filter;
    if (outcome === ITEM_OUTCOME.succeeded) return succeededAfter(sql, replayId, { after, limit });
    // So that the index of those that did not succeed is seen to have them.
    return sql`(
      select ${columns} from ended_items e cross join ${itemNumbered(sql, sql`e`)} i
      where replay_id = ${replayId} and outcome = ${outcome} and outcome <> 0 and seq > ${after} order by seq limit ${limit})`;
  }
  const { held, waiting, inFlight } = ITEM_STATE;
  const handed = handedItems(sql, sql`(select * from handed_stretches where replay_id = ${replayId})`);
  if (filter.state === inFlight) {
    return sql`(
      select * from (
        select * from ${open(inFlight)} claimed
        union all (
          select ${columns} from ${handed} i where seq > ${after}
            and not ${hasEnded(sql, sql`i.replay_id`, sql`i.seq`)}
            and not exists (
              select from open_items o where o.replay_id = i.replay_id and o.state = ${inFlight} and o.seq = i.seq)
          order by seq limit ${limit})
      ) both_kinds order by seq limit ${limit})`;
  }
  if (filter.state === waiting) {
    return sql`(
      select * from (
        select * from ${open(waiting)} freed union all select * from ${items(sql`seq > ${reached} and not is_behind`)} fresh
      ) both_kinds order by seq limit ${limit})`;
  }
  const states = (...some: number[]) => sql`(
    select seq from open_items where replay_id = ${replayId} and state = any(${some}::smallint[]))`;
  return items(sql`(is_behind or seq in ${states(held)}) and seq not in ${states(waiting, inFlight)}
    and not exists (select from handed_stretches h where h.replay_id = i.replay_id and h.seqs @> i.seq)
    and not ${hasEnded(sql, sql`i.replay_id`, sql`i.seq`)}`);
}
