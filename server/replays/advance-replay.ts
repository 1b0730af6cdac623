import type { SqlTx } from "#drizzle/db.ts";
import { DEAD_LETTERS_TOPIC, dueTopic, notifyTopic, REPLAYS_TOPIC } from "#drizzle/queries/notices.ts";
import {
  giveUpOverdue,
  ITEM_OUTCOME,
  isSomeWaiting,
  showReplaying,
  wakeElsewhere,
} from "#drizzle/queries/open-items.ts";
import { claimReplay, type ReplayRow, updateReplay } from "#drizzle/queries/replay-advancing.ts";
import { type EndedItems, settleItems } from "#drizzle/queries/replay-settling.ts";
import { type StartedItems, startItems } from "#drizzle/queries/replay-starting.ts";
import { nextCount, type Wait } from "#server/domain/replays/next-items.ts";
import {
  countOutcomes,
  ITEM_OUTCOMES,
  type OutcomeCount,
  type ReplayRun,
  replayTotals,
} from "#server/domain/replays/replay-run.ts";
import type { Context } from "#server/platform/context.ts";
import { type ReplayDelivery, readDelivery } from "./replay-delivery.ts";
import { storeEdits } from "./store-edits.ts";
import { noteEnded, readStoredRun, writeStoredRun } from "./stored-run.ts";

/** Items that one step starts at most: a step is one transaction. */
const MOST_STARTED = 3_000;
/** With an edit, whose payloads come into memory. */
const MOST_EDITED = 200;
const LATE_AT_ONCE = 5_000;

export type AdvanceOptions = {
  /** Items in flight of which the outcome is looked for, oldest first. */
  looked: number;
  /** Also look for what comes seldom: outcomes that are overdue or late, and deliveries under way elsewhere. */
  isThorough: boolean;
};

export type Advance =
  /** Another process is at it, or there is none. */
  | { kind: "held" }
  | {
      kind: "advanced";
      run: ReplayRun;
      ended: number;
      /** Those that were skipped among them. */
      started: number;
      /** Why not more started. */
      wait: Wait;
    };

/**
 * One step of a replay, in one transaction: writes down how items have ended, and starts the next ones. Whatever process
 * makes it, all that it goes on from is in the database; two never make one at a time, and none waits for another.
 */
export function advanceReplay(
  ctx: Pick<Context, "sql" | "clock">,
  id: number,
  options: AdvanceOptions,
): Promise<Advance> {
  return ctx.sql.begin(async (tx): Promise<Advance> => {
    const row = await claimReplay(tx, id);
    if (row === null) return { kind: "held" };
    const stored = readStoredRun(row.run);
    const settled = await settle(tx, id, stored.run, options);
    const nowMs = ctx.clock.now().getTime();
    const { run, started, wait } = await start(tx, row, settled.run, nowMs);
    const after = noteEnded({ run, recent: stored.recent }, nowMs);
    const isChanged = settled.ended > 0 || started > 0 || run.status !== row.status;
    if (isChanged || (run.status === "running" && after.recent !== stored.recent)) {
      await updateReplay(tx, id, { status: run.status, run: writeStoredRun(after) });
      await notifyTopic(tx, REPLAYS_TOPIC);
      if (isChanged) await notifyTopic(tx, DEAD_LETTERS_TOPIC);
    }
    return { kind: "advanced", run, ended: settled.ended, started, wait };
  });
}

async function settle(
  tx: SqlTx,
  id: number,
  run: ReplayRun,
  { looked, isThorough }: AdvanceOptions,
): Promise<{ run: ReplayRun; ended: number }> {
  const counts: OutcomeCount[] = [];
  if (replayTotals(run).inFlight > 0) {
    const { ended } = await settleItems(tx, id, { late: false, limit: looked });
    counts.push(...ended.map((one) => toCount(one, null)));
  }
  if (isThorough) {
    if (run.outcomes.unknown > 0) {
      const { ended } = await settleItems(tx, id, { late: true, limit: LATE_AT_ONCE });
      counts.push(...ended.map((one) => toCount(one, "unknown")));
    }
    if (replayTotals(run).inFlight > 0) {
      const count = await giveUpOverdue(tx, id, run.options.unknownAfterMs);
      counts.push({ outcome: "unknown", fingerprint: null, before: null, count });
      await showReplaying(tx, id);
    }
    await wakeElsewhere(tx, id);
  }
  const ended = counts.reduce((sum, { count }) => sum + count, 0);
  return { run: ended === 0 ? run : countOutcomes(run, counts), ended };
}

function toCount({ outcome, case_id, items }: EndedItems, before: "unknown" | null): OutcomeCount {
  const name = ITEM_OUTCOMES.find((one) => ITEM_OUTCOME[one] === outcome) ?? "unknown";
  return { outcome: name, fingerprint: case_id === null ? null : String(case_id), before, count: items };
}

type Started = { run: ReplayRun; started: number; wait: Wait };

async function start(tx: SqlTx, row: ReplayRow, run: ReplayRun, nowMs: number): Promise<Started> {
  const delivery = readDelivery(row.delivery);
  const most = nextCount(run, Number.MAX_SAFE_INTEGER, nowMs);
  const isLimited = most.count > mostOf(delivery);
  const limit = Math.min(most.count, mostOf(delivery));
  if (limit === 0) {
    // With none in flight, what is waited for may have stopped to exist: the last of the canary, of a key.
    return { run, started: 0, wait: most.wait };
  }
  const items = await startItems(tx, row.id, {
    limit,
    attemptLimit: delivery.retries === "none" ? 1 : null,
    handledAfterUs: delivery.to === "all" ? row.created_us : null,
  });
  const next = await countStarted(tx, row.id, run, items, nowMs);
  if (items.started > 0) {
    if (delivery.edit !== null) await storeEdits(tx, row.id, delivery.edit);
    for (const id of items.subscriptions) await notifyTopic(tx, dueTopic(id));
  }
  const isMore = isLimited && items.looked === limit;
  const taken = items.started + items.skipped + items.gone;
  return { run: next.run, started: taken, wait: isMore ? { kind: "concurrency" } : next.wait };
}

function mostOf({ edit }: ReplayDelivery): number {
  return edit === null ? MOST_STARTED : MOST_EDITED;
}

/** Counts what was started in the run; where there was nothing to start, it may have come to its end. */
async function countStarted(
  tx: SqlTx,
  id: number,
  run: ReplayRun,
  { started, skipped, gone }: StartedItems,
  nowMs: number,
): Promise<{ run: ReplayRun; wait: Wait }> {
  const taken = started + skipped + gone;
  if (taken === 0) {
    if (await isSomeWaiting(tx, id)) return { run, wait: { kind: "concurrency" } };
    return nextCount(run, 0, nowMs);
  }
  const next = nextCount(run, taken, nowMs);
  const counts: OutcomeCount[] = [
    { outcome: "skipped-handled", fingerprint: null, before: null, count: skipped },
    { outcome: "unknown", fingerprint: null, before: null, count: gone },
  ];
  return { run: skipped + gone > 0 ? countOutcomes(next.run, counts) : next.run, wait: next.wait };
}
