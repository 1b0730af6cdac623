import type { Sql, SqlTx } from "../db.ts";
import { ITEM_OUTCOME, ITEM_STATE, type ItemOutcomeNumber, itemState } from "./open-items.ts";

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
  return sql`id, reason, view, actor, rule_id, selection, cut_off, newer, delivery, run, created_at, started_at, ended_at`;
}

/** Items that wait behind one of their key that ended without being handled. */
export async function countHeldBack(sql: Sql | SqlTx, replayId: number): Promise<number> {
  const [row] = await sql<{ items: number }[]>`
    with recursive failed as materialized (
      select replay_id, next from replay_items
      where replay_id = ${replayId} and trouble in (${ITEM_OUTCOME["failed-same"]}, ${ITEM_OUTCOME["failed-new"]},
        ${ITEM_OUTCOME.unknown}) and next is not null
    ), held as (
      select i.replay_id, i.next from failed f
      join replay_items i on i.replay_id = f.replay_id and i.seq = f.next and i.outcome is null
      union all
      select i.replay_id, i.next from held h join replay_items i on i.replay_id = h.replay_id and i.seq = h.next
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
      select i.*, o.started_at as opened_at, o.generation as open_generation, ${itemState(sql)} as state
      from ${itemsOf(sql, replayId, { filter, after, limit })} i join replays r on r.id = i.replay_id
      left join lateral (
        select o.state, o.started_at, o.generation from open_items o
        where o.replay_id = i.replay_id and o.state in (0, 1, 2) and o.seq = i.seq limit 1) o on i.outcome is null
    )
    select i.seq, i.position, s.consumer, e.partition_key, i.state, i.outcome, i.case_id, i.new_case_id,
      d.position is not null as is_edited, coalesce(i.started_at, i.opened_at) as started_at, i.ended_at
    from page i join subscriptions s on s.id = i.subscription_id
    left join events e on e.position = i.position
    left join delivery_edits d on d.position = i.position and d.subscription_id = i.subscription_id
      and d.generation = coalesce(i.generation, i.open_generation) and d.replay_id = ${replayId}
    order by i.seq`;
}

/** Items as a source of rows, by the index that finds those in their order. */
function itemsOf(
  sql: Sql | SqlTx,
  replayId: number,
  { filter, after, limit }: { filter: ItemFilter; after: number; limit: number },
): ReturnType<Sql> {
  const items = (which: ReturnType<Sql>): ReturnType<Sql> => sql`(
    select * from replay_items i where replay_id = ${replayId} and seq > ${after} and ${which} order by seq limit ${limit})`;
  const reached = sql`(select reached from replays where id = ${replayId})`;
  const open = (states: number[]): ReturnType<Sql> => sql`
    select seq from open_items where replay_id = ${replayId} and state = any(${states}::smallint[]) and seq > ${after}`;
  if (filter === null) return items(sql`true`);
  if ("outcome" in filter) {
    const { outcome } = filter;
    return items(outcome === ITEM_OUTCOME.succeeded ? sql`outcome = ${outcome}` : sql`trouble = ${outcome}`);
  }
  const { inFlight, waiting } = ITEM_STATE;
  switch (filter.state) {
    case inFlight:
      return items(sql`seq in (${open([inFlight])} order by seq limit ${limit})`);
    case waiting:
      return sql`(
        select * from (
          ${items(sql`seq in (${open([waiting])} order by seq limit ${limit})`)} union all
          ${items(sql`seq > ${reached} and behind is null`)}) both_kinds order by seq limit ${limit})`;
    default:
      return items(sql`outcome is null and (seq <= ${reached} or behind is not null)
        and seq not in (${open([inFlight, waiting])})`);
  }
}
