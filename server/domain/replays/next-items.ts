import { countOutcome, type ItemOutcome, type ReplayRun, replayTotals } from "./replay-run.ts";

/** One dead letter of a replay. */
export type ReplayItem = {
  id: string;
  /** Items with the same key are replayed one after the other, oldest first; null for those without order. */
  key: string | null;
  /** Of the failure that made it a dead letter. */
  fingerprint: string;
  state:
    | { kind: "waiting" }
    | { kind: "in-flight"; startedAtMs: number }
    /** `fingerprint` is that of the failure of the replay, if it failed. */
    | { kind: "ended"; outcome: ItemOutcome; fingerprint: string | null };
};

/** Why not more items start now. */
export type Wait =
  | { kind: "not-running" }
  /** Everything that may start has started. */
  | { kind: "nothing-ready" }
  /** The outcomes of the canary are awaited. */
  | { kind: "canary" }
  | { kind: "concurrency" }
  | { kind: "rate"; untilMs: number };

export type NextItems = { run: ReplayRun; items: ReplayItem[]; wait: Wait };

/** How many start now, without saying which. */
export type NextCount = { run: ReplayRun; count: number; wait: Wait };

/** What may start at once after a pause, in seconds of the rate: enough that a busy worker keeps up with it. */
const BURST_SECONDS = 0.25;

/**
 * The items to start now, in flight already, and the run in which they are counted. Both are to be stored before
 * anything is sent, so that a worker that goes on elsewhere never starts one of them again.
 *
 * @param ready what `readyItems` gives, or the beginning of it; empty only where there is nothing
 */
export function nextItems(run: ReplayRun, ready: readonly ReplayItem[], nowMs: number): NextItems {
  const next = nextCount(run, ready.length, nowMs);
  const items = ready
    .slice(0, next.count)
    .map((item): ReplayItem => ({ ...item, state: { kind: "in-flight", startedAtMs: nowMs } }));
  return { run: next.run, items, wait: next.wait };
}

/**
 * How many of the ready items start now, the oldest ones, and the run in which they are counted.
 *
 * The rate is kept by the generic cell rate algorithm (ITU-T I.371, annex A; a leaky bucket as a meter): one moment is
 * its whole memory. In no stretch of t seconds do more than the burst and t times the rate start.
 *
 * @param ready how many there are, or that there are more than could start; 0 only where there is nothing
 */
export function nextCount(run: ReplayRun, ready: number, nowMs: number): NextCount {
  if (run.status !== "running") return { run, count: 0, wait: { kind: "not-running" } };
  const { ended, inFlight } = replayTotals(run);
  if (ready === 0) {
    const next: ReplayRun = inFlight === 0 ? { ...run, status: "finished" } : run;
    return { run: next, count: 0, wait: { kind: "nothing-ready" } };
  }
  const { canary, concurrency } = run.options;
  const pace = paceOf(run, nowMs);
  // As long as the canary hasn't ended, nothing but the canary starts.
  const canaryLeft = ended < canary ? canary - run.started : Number.POSITIVE_INFINITY;
  const count = Math.max(0, Math.min(ready, canaryLeft, concurrency - inFlight, pace.slots));
  const nextStartMs = pace.startMs + count * pace.intervalMs;
  return {
    run: { ...run, started: run.started + count, nextStartMs },
    count,
    wait: waitOf(count, {
      ready,
      canaryLeft,
      free: concurrency - inFlight,
      untilMs: nextStartMs - pace.toleranceMs,
    }),
  };
}

/**
 * Of all items of a replay, oldest first, those that may start: for each key its oldest one that hasn't ended, unless
 * that is in flight, or one before it did not succeed. A failing item stops its key and no other.
 */
export function readyItems(items: readonly ReplayItem[]): ReplayItem[] {
  const closed = new Set<string>();
  const ready: ReplayItem[] = [];
  for (const item of items) {
    const { key, state } = item;
    if (key !== null && closed.has(key)) continue;
    if (state.kind === "waiting") ready.push(item);
    if (key !== null && !letsOn(state)) closed.add(key);
  }
  return ready;
}

/** How an item ended: an `unknown` one may still end for real. */
export type ItemEnd =
  | { kind: "succeeded" | "skipped-handled" | "unknown" }
  | { kind: "failed"; fingerprint: string };

export type Settled = { kind: "settled"; run: ReplayRun; item: ReplayItem } | { kind: "refused" };

/**
 * Counts the end of an item that is in flight. An item has one outcome: a second one is refused. What a late outcome
 * sets free after the end of the replay is left to another one.
 */
export function settleItem(run: ReplayRun, item: ReplayItem, end: ItemEnd): Settled {
  const { state } = item;
  const isLate = state.kind === "ended" && state.outcome === "unknown" && end.kind !== "unknown";
  if (state.kind !== "in-flight" && !isLate) return { kind: "refused" };
  const fingerprint = end.kind === "failed" ? end.fingerprint : null;
  const outcome = outcomeOf(item, end);
  return {
    kind: "settled",
    run: countOutcome(run, outcome, fingerprint, isLate ? "unknown" : null),
    item: { ...item, state: { kind: "ended", outcome, fingerprint } },
  };
}

/** The items whose outcome has not come in time. */
export function overdueItems(run: ReplayRun, items: readonly ReplayItem[], nowMs: number): ReplayItem[] {
  return items.filter(
    ({ state }) => state.kind === "in-flight" && nowMs - state.startedAtMs >= run.options.unknownAfterMs,
  );
}

function outcomeOf(item: ReplayItem, end: ItemEnd): ItemOutcome {
  if (end.kind !== "failed") return end.kind;
  return end.fingerprint === item.fingerprint ? "failed-same" : "failed-new";
}

/** Whether the next item of the key may follow. */
function letsOn(state: ReplayItem["state"]): boolean {
  return state.kind === "ended" && (state.outcome === "succeeded" || state.outcome === "skipped-handled");
}

type Pace = { slots: number; startMs: number; intervalMs: number; toleranceMs: number };

function paceOf({ options: { ratePerSecond }, nextStartMs }: ReplayRun, nowMs: number): Pace {
  if (ratePerSecond === null) {
    return { slots: Number.POSITIVE_INFINITY, startMs: nowMs, intervalMs: 0, toleranceMs: 0 };
  }
  const burst = Math.max(1, Math.floor(ratePerSecond * BURST_SECONDS));
  const intervalMs = 1000 / ratePerSecond;
  const toleranceMs = (burst - 1) * intervalMs;
  // Never further ahead than after a burst: the clock of the machine that went before may have been wrong.
  const startMs = Math.min(Math.max(nextStartMs, nowMs), nowMs + burst * intervalMs);
  const slots = Math.max(0, Math.floor((nowMs + toleranceMs - startMs) / intervalMs) + 1);
  return { slots, startMs, intervalMs, toleranceMs };
}

type Limits = { ready: number; canaryLeft: number; free: number; untilMs: number };

function waitOf(count: number, { ready, canaryLeft, free, untilMs }: Limits): Wait {
  if (count >= ready) return { kind: "nothing-ready" };
  if (count >= canaryLeft) return { kind: "canary" };
  return count >= free ? { kind: "concurrency" } : { kind: "rate", untilMs };
}
