import type { Sql, SqlTx } from "../db.ts";
import { ITEM_STATE, type ItemOutcomeNumber } from "./open-items.ts";

export type EndedItems = {
  outcome: ItemOutcomeNumber;
  /** Of their failure in the replay. */
  case_id: number | null;
  /** They were counted as unknown before. */
  is_late: boolean;
  items: number;
};

export type ReplayRow = {
  id: number;
  status: string;
  run: unknown;
  delivery: unknown;
  /** Microseconds since 1970. */
  created_us: string;
};

/**
 * Holds a replay for this transaction, and takes the counts of its items that ended since they were taken last; null when
 * another process is at it, or there is none.
 */
export async function claimReplay(
  tx: SqlTx,
  id: number,
): Promise<{ row: ReplayRow; ended: EndedItems[] } | null> {
  const claiming = tx<(ReplayRow & { ended: EndedItems[] })[]>`
    with held as materialized (
      select id, status, run, delivery, (extract(epoch from created_at) * 1000000)::bigint as created_us
      from replays where id = ${id} for update skip locked
    ), taken as (
      delete from ended_counts where replay_id in (select id from held) returning outcome, case_id, is_late, items
    )
    select held.*, (
      select coalesce(jsonb_agg(jsonb_build_object(
        'outcome', outcome, 'case_id', case_id, 'is_late', is_late, 'items', items)), '[]')
      from (
        select outcome, case_id, is_late, sum(items)::int as items from taken group by outcome, case_id, is_late) sums
      ) as ended
    from held`;
  const [, [found]] = await Promise.all([planByKey(tx), claiming]);
  if (found === undefined) return null;
  const { ended, ...row } = found;
  return { row, ended };
}

/**
 * Lets what follows in this transaction go from some items to their rows by key. Of items that were just frozen there
 * are no statistics yet: plans that suit an empty table would read all of it, again and again.
 *
 * So joins take the number of the replay from the items that they begin with, too: as a constant, it alone would be
 * looked up in the index. What is asked of a `with` query stands as `in (select …)`, which needs no join.
 */
export async function planByKey(tx: SqlTx): Promise<void> {
  await tx`select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
    set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
    set_config('plan_cache_mode', 'force_generic_plan', true)`;
}

/** What looking for the ends of items goes by. */
export async function findAwaited(
  tx: SqlTx,
  id: number,
): Promise<{ unknown: number; unknownAfterMs: number } | null> {
  const [row] = await tx<{ unknown: number; unknown_after_ms: number }[]>`
    select (run -> 'outcomes' ->> 'unknown')::int as unknown,
      (run -> 'options' ->> 'unknownAfterMs')::float8 as unknown_after_ms
    from replays where id = ${id}`;
  return row ? { unknown: row.unknown, unknownAfterMs: row.unknown_after_ms } : null;
}

/**
 * Lets this transaction end before it is on disk. For steps of a replay: what follows from one is written after it, so
 * that a crash of the database takes back the last ones with all that came of them.
 */
export async function commitSoon(tx: SqlTx): Promise<void> {
  await tx`select set_config('synchronous_commit', 'off', true)`;
}

/** Stores how a replay stands. */
export async function updateReplay(
  tx: SqlTx,
  id: number,
  { status, run }: { status: string; run: unknown },
): Promise<void> {
  const isEnded = status === "finished" || status === "cancelled" || status === "stopped";
  await tx`
    update replays set status = ${status}, run = ${JSON.stringify(run)}::jsonb,
      started_at = case when ${status} = 'running' then coalesce(started_at, now()) else started_at end,
      ended_at = case when ${isEnded} then coalesce(ended_at, now()) end
    where id = ${id}`;
}

/** Unknown outcomes are looked for as long after the end of a replay: longer than any is awaited. */
const LATE_FOR = "8 days";

/** The replays that something is to be done about: those that are new or run, and those of which outcomes are to come. */
export async function listOpenReplays(sql: Sql | SqlTx): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id from replays r
    where status = 'running' or (not is_linked and ended_at is null) or ((ended_at is null or ended_at > now() - ${LATE_FOR}::interval)
      and ((run -> 'outcomes' ->> 'unknown')::int > 0
        or exists (select from ended_counts c where c.replay_id = r.id)
        or exists (select from handed_stretches h where h.replay_id = r.id)
        or exists (select from open_items o where o.replay_id = r.id and o.state = ${ITEM_STATE.inFlight})))
    order by id`;
  return rows.map(({ id }) => id);
}
