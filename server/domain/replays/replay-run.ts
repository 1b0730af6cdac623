/**
 * A replay: an operator's reprocessing of a frozen selection of dead letters.
 *
 * ```
 *            start             pause
 *   planned ───────> running <───────> paused
 *      │              │ │ │   resume     │
 *      │              │ │ └ nothing left ──> finished
 *      │              │ └ too many fail the same way ──> stopped
 *      └── cancel ────┴── cancel ────────┴──> cancelled
 * ```
 *
 * Whatever the status, items that are in flight end, and their outcomes are counted. A run is small and plain JSON:
 * it is stored beside its items, in the transaction that changes one of them, and any worker goes on from there.
 */
export const REPLAY_STATUSES = ["planned", "running", "paused", "finished", "cancelled", "stopped"] as const;
export type ReplayStatus = (typeof REPLAY_STATUSES)[number];

export const ITEM_OUTCOMES = [
  "succeeded",
  /** It failed with the fingerprint that it had. */
  "failed-same",
  /** It failed with another one. */
  "failed-new",
  /** The consumer had handled it in the meantime, so it wasn't delivered again. */
  "skipped-handled",
  /** No outcome came in time. One that comes later takes its place. */
  "unknown",
] as const;
export type ItemOutcome = (typeof ITEM_OUTCOMES)[number];

export type ReplayOptions = {
  /** So many are tried first, and their outcomes awaited, before the others follow; 0 for none. */
  canary: number;
  /** Items started a second; null for as fast as they are handled. */
  ratePerSecond: number | null;
  /** Items in flight at once. */
  concurrency: number;
  /**
   * Stops when more than this share of what has ended failed the same way, from `minEnded` ended items on. The
   * canary is enough to judge by, though it be smaller.
   */
  stop: { share: number; minEnded: number } | null;
  /** How long the outcome of an item is awaited. */
  unknownAfterMs: number;
};

export type ReplayRun = {
  options: ReplayOptions;
  itemCount: number;
  /** Items that were started, in flight or ended. */
  started: number;
  outcomes: Record<ItemOutcome, number>;
  /** How many failed with each fingerprint, of the first `MAX_FINGERPRINTS`. */
  failures: { [fingerprint: string]: number };
  /** When the next item might start if the rate had no burst; see `nextItems`. */
  nextStartMs: number;
} & ({ status: Exclude<ReplayStatus, "stopped"> } | { status: "stopped"; reason: StopReason });

/** Why a replay stopped by itself. The fingerprint is null where outcomes failed to come. */
export type StopReason = { fingerprint: string | null; failed: number; ended: number };

export type ReplayCommand = "start" | "pause" | "resume" | "cancel";

/** From which statuses a command may move a replay, and where to. */
export const REPLAY_MOVES = {
  start: { from: ["planned"], to: "running" },
  pause: { from: ["running"], to: "paused" },
  resume: { from: ["paused"], to: "running" },
  cancel: { from: ["planned", "running", "paused"], to: "cancelled" },
} as const satisfies Record<ReplayCommand, { from: readonly ReplayStatus[]; to: ReplayStatus }>;

export type ReplayMove = { kind: "moved"; run: ReplayRun } | { kind: "refused"; status: ReplayStatus };

const MAX_FINGERPRINTS = 1000;

export function newReplayRun(options: ReplayOptions, itemCount: number): ReplayRun {
  return {
    status: "planned",
    options,
    itemCount,
    started: 0,
    outcomes: { succeeded: 0, "failed-same": 0, "failed-new": 0, "skipped-handled": 0, unknown: 0 },
    failures: {},
    nextStartMs: 0,
  };
}

/** What is wrong with the options, or null. */
export function problemOfOptions({
  canary,
  ratePerSecond,
  concurrency,
  stop,
  unknownAfterMs,
}: ReplayOptions) {
  if (!Number.isInteger(canary) || canary < 0) return "The canary is a whole number of items, or 0 for none.";
  if (!Number.isInteger(concurrency) || concurrency < 1)
    return "At least one item must be allowed in flight.";
  if (ratePerSecond !== null && !(ratePerSecond > 0)) return "The rate must be more than 0, or left out.";
  if (stop !== null && !(stop.share >= 0 && stop.share < 1)) return "The share to stop at is from 0 up to 1.";
  if (stop !== null && !(Number.isInteger(stop.minEnded) && stop.minEnded >= 1))
    return "The replay can be judged from one ended item on.";
  return unknownAfterMs > 0 ? null : "The time to wait for an outcome must be more than 0.";
}

export function moveReplay(run: ReplayRun, command: ReplayCommand): ReplayMove {
  const { from, to } = REPLAY_MOVES[command];
  const statuses: readonly ReplayStatus[] = from;
  if (!statuses.includes(run.status)) return { kind: "refused", status: run.status };
  return { kind: "moved", run: { ...run, status: to } };
}

/** The sums of a replay; every item is in exactly one of outcomes, `inFlight` and `left`. */
export function replayTotals({ itemCount, started, outcomes }: ReplayRun) {
  const ended = ITEM_OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0);
  return { ...outcomes, ended, inFlight: started - ended, left: itemCount - started, itemCount };
}

/** Counts how an item ended; `before` is what was counted for it so far, which only an unknown outcome can be. */
export function countOutcome(
  run: ReplayRun,
  outcome: ItemOutcome,
  fingerprint: string | null,
  before: "unknown" | null,
): ReplayRun {
  return countOutcomes(run, [{ outcome, fingerprint, before, count: 1 }]);
}

/** So many items that ended alike. */
export type OutcomeCount = {
  outcome: ItemOutcome;
  /** Of their failure in the replay, if they failed. */
  fingerprint: string | null;
  /** What was counted for them so far. */
  before: "unknown" | null;
  count: number;
};

/** Counts how many items ended that did so at the same time: whether to stop is judged by all of them together. */
export function countOutcomes(run: ReplayRun, counts: readonly OutcomeCount[]): ReplayRun {
  const outcomes = { ...run.outcomes };
  let { failures } = run;
  for (const { outcome, fingerprint, before, count } of counts) {
    outcomes[outcome] += count;
    if (before !== null) outcomes[before] -= count;
    failures = countFailures(failures, fingerprint, count);
  }
  const counted = { ...run, outcomes, failures };
  const reason = counted.status === "running" || counted.status === "paused" ? reasonToStop(counted) : null;
  return reason === null ? counted : { ...counted, status: "stopped", reason };
}

function countFailures(
  failures: ReplayRun["failures"],
  fingerprint: string | null,
  count: number,
): ReplayRun["failures"] {
  if (fingerprint === null || count === 0) return failures;
  const known = failures[fingerprint];
  if (known === undefined && Object.keys(failures).length >= MAX_FINGERPRINTS) return failures;
  return { ...failures, [fingerprint]: (known ?? 0) + count };
}

/** What fails the same way most often, if that is too often. A consumer that never answers is one way to fail. */
function reasonToStop(run: ReplayRun): StopReason | null {
  const { stop, canary } = run.options;
  const { ended } = replayTotals(run);
  if (stop === null || ended < (canary > 0 ? Math.min(canary, stop.minEnded) : stop.minEnded)) return null;
  const ways: [string | null, number][] = [[null, run.outcomes.unknown], ...Object.entries(run.failures)];
  const [fingerprint, failed] = ways.reduce((worst, way) => (way[1] > worst[1] ? way : worst));
  return failed > stop.share * ended ? { fingerprint, failed, ended } : null;
}
