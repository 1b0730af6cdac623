import type { SqlTx } from "#drizzle/db.ts";
import { DEAD_LETTERS_TOPIC, dueTopic, notifyTopic, REPLAYS_TOPIC } from "#drizzle/queries/notices.ts";
import { ITEM_OUTCOME, isSomeWaiting, wakeElsewhere } from "#drizzle/queries/open-items.ts";
import {
  claimReplay,
  commitSoon,
  type EndedItems,
  type ReplayRow,
  updateReplay,
} from "#drizzle/queries/replay-advancing.ts";
import { lockStarting, mayHandOver } from "#drizzle/queries/replay-handing.ts";
import {
  type ClaimedRow,
  type StartClaim,
  type StartedItems,
  startItems,
} from "#drizzle/queries/replay-starting.ts";
import { nextCount, type Wait } from "#server/domain/replays/next-items.ts";
import {
  countOutcomes,
  ITEM_OUTCOMES,
  type OutcomeCount,
  type ReplayRun,
  replayTotals,
} from "#server/domain/replays/replay-run.ts";
import type { Context } from "#server/platform/context.ts";
import type { Claiming } from "../bus/bus.ts";
import { type ReplayDelivery, readDelivery } from "./replay-delivery.ts";
import { storeEdits } from "./store-edits.ts";
import { noteEnded, readStoredRun, writeStoredRun } from "./stored-run.ts";

/** Items that one step starts at most: a step is one transaction. */
const MOST_STARTED = 4_000;
/** With an edit, whose payloads come into memory. */
const MOST_EDITED = 200;

export type AdvanceOptions = {
  /** Also look again at deliveries that are under way elsewhere. */
  isThorough: boolean;
  /** Where deliveries can begin at once. */
  claiming: Claiming | null;
  /** Items that are started at most. */
  most: number;
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
      /** Deliveries that are claimed, and begin when the step is written. */
      claimed: ClaimedRow[];
      /** Consumers of which some were made due instead. */
      due: number[];
    };

/**
 * One step of a replay, in one transaction: counts how items have ended, and starts the next ones. Whatever process
 * makes it, all that it goes on from is in the database; two never make one at a time, and none waits for another.
 */
export async function advanceReplay(
  ctx: Pick<Context, "sql" | "clock">,
  id: number,
  options: AdvanceOptions,
): Promise<Advance> {
  let claimed: ClaimedRow[] = [];
  try {
    const step = await writeStep(ctx, id, options);
    if (step.kind === "advanced") claimed = step.claimed;
    return step;
  } finally {
    const bySubscription = Map.groupBy(claimed, (row) => row.subscription_id);
    for (const { subscriptionId, take } of options.claiming?.reservations ?? []) {
      take(bySubscription.get(subscriptionId) ?? []);
    }
  }
}

function writeStep(
  ctx: Pick<Context, "sql" | "clock">,
  id: number,
  options: AdvanceOptions,
): Promise<Advance> {
  return ctx.sql.begin(async (tx): Promise<Advance> => {
    // Here and below, what can be is sent together: round trips take half of a step's time.
    const [claimed, mayHand] = await Promise.all([
      claimReplay(tx, id),
      mayHandOver(tx),
      lockStarting(tx),
      commitSoon(tx),
    ]);
    if (claimed === null) return { kind: "held" };
    const { row } = claimed;
    const stored = readStoredRun(row.run);
    if (options.isThorough) await wakeElsewhere(tx, id);
    const settled = countEnded(stored.run, claimed.ended);
    const nowMs = ctx.clock.now().getTime();
    const next = await start(tx, row, settled.run, { ...options, nowMs, mayHand });
    const { run, started } = next;
    const after = noteEnded({ run, recent: stored.recent }, nowMs);
    const isChanged = settled.ended > 0 || started > 0 || run.status !== row.status;
    if (isChanged || (run.status === "running" && after.recent !== stored.recent)) {
      const topics = [...next.due.map(dueTopic), REPLAYS_TOPIC, ...(isChanged ? [DEAD_LETTERS_TOPIC] : [])];
      await Promise.all([
        updateReplay(tx, id, { status: run.status, run: writeStoredRun(after) }),
        ...topics.map((topic) => notifyTopic(tx, topic)),
      ]);
    }
    return { kind: "advanced", ended: settled.ended, ...next };
  });
}

function countEnded(run: ReplayRun, rows: readonly EndedItems[]): { run: ReplayRun; ended: number } {
  if (rows.length === 0) return { run, ended: 0 };
  const counts = rows.map(
    ({ outcome, case_id, is_late, items }): OutcomeCount => ({
      outcome: ITEM_OUTCOMES.find((one) => ITEM_OUTCOME[one] === outcome) ?? "unknown",
      fingerprint: case_id === null ? null : String(case_id),
      before: is_late ? "unknown" : null,
      count: items,
    }),
  );
  const ended = counts.reduce((sum, { count }) => sum + count, 0);
  return { run: countOutcomes(run, counts), ended };
}

type Started = Pick<Extract<Advance, { kind: "advanced" }>, "run" | "started" | "wait" | "claimed" | "due">;

async function start(
  tx: SqlTx,
  row: ReplayRow,
  run: ReplayRun,
  { nowMs, mayHand, claiming, most: asked }: AdvanceOptions & { nowMs: number; mayHand: boolean },
): Promise<Started> {
  const delivery = readDelivery(row.delivery);
  const most = nextCount(run, Number.MAX_SAFE_INTEGER, nowMs);
  // With nothing in flight, no end of an item leads to the next step: then one finds out whether there are more.
  const fewest = replayTotals(run).inFlight === 0 ? 1 : 0;
  const limit = Math.min(most.count, Math.max(asked, fewest), mostOf(delivery));
  const isLimited = most.count > limit;
  if (limit === 0) {
    // With none in flight, what is waited for may have stopped to exist: the last of the canary, of a key.
    return { run, started: 0, wait: most.wait, claimed: [], due: [] };
  }
  const items = await startItems(tx, row.id, {
    limit,
    attemptLimit: delivery.retries === "none" ? 1 : null,
    handledAfterUs: delivery.to === "all" ? row.created_us : null,
    isEdited: delivery.edit !== null,
    claim:
      claiming === null
        ? null
        : {
            ...claiming,
            rooms: roomsOf(claiming, mayHand && delivery.to !== "all" && delivery.edit === null),
          },
  });
  const next = await countStarted(tx, row.id, run, items, nowMs);
  if (items.started > 0 && delivery.edit !== null) await storeEdits(tx, row.id, delivery.edit);
  const isMore = isLimited && items.looked === limit;
  const taken = items.started + items.skipped + items.gone;
  const wait: Wait = isMore ? { kind: "concurrency" } : next.wait;
  return { run: next.run, started: taken, wait, claimed: items.claimed, due: items.due };
}

function roomsOf({ reservations }: Claiming, mayHand: boolean): StartClaim["rooms"] {
  return reservations.map(({ subscriptionId, room, ahead, isAheadHanded }) => ({
    subscriptionId,
    room: mayHand && isAheadHanded && room > 0 ? room + ahead : room,
    isHandedOver: mayHand,
  }));
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
