import type { Sql, SqlTx } from "../db.ts";
import { ITEM_OUTCOME, ITEM_STATE, type ItemOutcomeNumber } from "./replay-advancing.ts";

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
    with recursive held as (
      select i.next from replay_items f
      join replay_items i on i.replay_id = f.replay_id and i.seq = f.next
      where f.replay_id = ${replayId} and f.outcome in (${ITEM_OUTCOME["failed-same"]}, ${ITEM_OUTCOME["failed-new"]},
        ${ITEM_OUTCOME.unknown}) and i.state = ${ITEM_STATE.held}
      union all
      select i.next from held join replay_items i on i.replay_id = ${replayId} and i.seq = held.next
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
export type ItemFilter = { outcome: ItemOutcomeNumber } | { state: number } | null;

/** Items of a replay in its order, those after `after`. */
export async function listReplayItems(
  sql: Sql | SqlTx,
  replayId: number,
  { filter, after, limit }: { filter: ItemFilter; after: number; limit: number },
): Promise<ReplayItemRow[]> {
  const which = filter === null ? sql`` : filterOf(sql, filter);
  return sql<ReplayItemRow[]>`
    with page as materialized (
      select * from replay_items where replay_id = ${replayId} and seq > ${after} ${which} order by seq limit ${limit}
    )
    select i.seq, i.position, s.consumer, e.partition_key, i.state, i.outcome, i.case_id, i.new_case_id,
      d.position is not null as is_edited, i.started_at, i.ended_at
    from page i join subscriptions s on s.id = i.subscription_id
    left join events e on e.position = i.position
    left join delivery_edits d on d.position = i.position and d.subscription_id = i.subscription_id
      and d.generation = i.generation and d.replay_id = ${replayId}
    order by i.seq`;
}

function filterOf(sql: Sql | SqlTx, filter: NonNullable<ItemFilter>): ReturnType<Sql> {
  if ("outcome" in filter) return sql`and outcome = ${filter.outcome}`;
  // Spelt out, so that the partial indexes fit.
  if (filter.state === ITEM_STATE.inFlight) return sql`and state = 2`;
  return filter.state === ITEM_STATE.waiting ? sql`and state = 1` : sql`and state = ${filter.state}`;
}
