import type { AlertState, NoticeKind } from "./alert.ts";
import type { Observation } from "./condition.ts";

const MINUTE_MS = 60_000;

/** An alert that changes so often within such a time is flapping … */
export const FLAP_WINDOW_MS = 60 * MINUTE_MS;
export const FLAPPING_FROM = 5;
/** … until it did not change for so long. */
export const CALM_MS = 15 * MINUTE_MS;
/** After so long without anything known of it, an alert is over: its consumer or type is not there any more. */
export const FORGOTTEN_MS = 60 * MINUTE_MS;
/** Between two looks at most, as a rule; what passed beyond, nobody has seen. Twice the time between the rarest looks. */
export const LONGEST_LOOK_AWAY_MS = 2 * MINUTE_MS;

/** Why an alert came to stand where it stands. */
export const STEP_CAUSES = [
  /** What the condition saw. */
  "condition",
  /** Nothing was known of it for long. */
  "vanished",
  "acknowledged",
  "resolved-by-hand",
  "rule-off",
  "rule-changed",
  "rule-deleted",
] as const;
export type StepCause = (typeof STEP_CAUSES)[number];

/**
 * The life of an alert: one spell of trouble of one series of a rule. It ends with `resolved`; what comes later is
 * another alert, which knows how often the series changed of late.
 *
 * ```
 *   (none) ─ holds ─> pending ─ for long enough ─> firing ─> acknowledged
 *      ^                 │                           │            │
 *      └──── clear ──────┘                           └─── clear ──┴──> resolved
 *
 *   whichever fires or is over too often ──> flapping ── calm ──> firing, acknowledged or resolved
 * ```
 *
 * Only `advanceAlert`, `acknowledgeAlert` and `endAlert` change it.
 */
export type AlertLife = {
  state: AlertState;
  /** Whether the condition held when it was looked at last; false as well where a pending one is not known of. */
  holds: boolean;
  /** When the condition began to hold. */
  beganAtMs: number;
  /** For how long it was seen to hold before it fired; what passed while nothing was known is not counted. */
  heldMs: number;
  /** When something was known last. */
  seenAtMs: number;
  firedAtMs: number | null;
  resolvedAtMs: number | null;
  isAcknowledged: boolean;
  /** When the series fired and when it was over, within the last `FLAP_WINDOW_MS`, oldest first. */
  changesMs: readonly number[];
  value: number | null;
  worst: number | null;
  /** What people were told last. */
  told: NoticeKind | null;
};

export type LifeOptions = {
  forMs: number;
  nowMs: number;
  /** Nobody is told anything now. What is true still when the mute ends is told then. */
  isMuted: boolean;
  /** Whether the lower value is the worse one. */
  lowIsWorse: boolean;
  /** Between two looks at most, where it is not `LONGEST_LOOK_AWAY_MS`. */
  lookAwayMs?: number;
  /** For a series without an alert: when the one before it fired and was over. */
  earlierMs?: readonly number[];
};

/** A step in the life of an alert. */
export type LifeStep = { state: AlertState; cause: StepCause; value: number | null };

export type Advance = {
  /** Null: there is no alert, or one that never fired is none any more. */
  life: AlertLife | null;
  /** Null where it stands as it stood. */
  step: LifeStep | null;
  /** What people are to be told, or would be if it were not muted. */
  notice: { kind: NoticeKind; isMuted: boolean } | null;
};

/** Takes in what a condition says of a series, which has an alert or none yet. */
export function advanceAlert(
  life: AlertLife | null,
  observation: Observation,
  options: LifeOptions,
): Advance {
  if (life?.state === "resolved") return tell(life, life, options);
  if (observation.kind === "unknown") return passUnknown(life, options);
  if (life === null) {
    return tell(null, observation.kind === "holds" ? begin(observation.value, options) : null, options);
  }
  const seen = look(life, observation, options);
  if (life.state === "pending") return tell(life, seen.holds ? press(seen, options) : null, options);
  const isChange = seen.holds !== life.holds;
  return tell(life, isChange ? change(seen, options.nowMs) : calm(seen, options.nowMs), options);
}

/** Somebody has taken an alert that fires or flaps; null where there is nothing to take. */
export function acknowledgeAlert(
  life: AlertLife,
  options: Pick<LifeOptions, "nowMs" | "isMuted">,
): Advance | null {
  const isOpen = life.state === "firing" || life.state === "flapping";
  if (!isOpen || life.isAcknowledged) return null;
  const state = life.state === "firing" ? "acknowledged" : life.state;
  const advance = tell(life, { ...life, isAcknowledged: true, state }, options);
  // One that flaps goes on to, but that somebody has taken it is a step of its life too.
  return { ...advance, step: { state, cause: "acknowledged", value: life.value } };
}

/** Ends an alert for another reason than its condition; null where it had ended already. */
export function endAlert(
  life: AlertLife,
  cause: StepCause,
  options: Pick<LifeOptions, "nowMs" | "isMuted">,
): Advance | null {
  if (life.state === "resolved") return null;
  return tell(life, life.state === "pending" ? null : resolve(life, options.nowMs), options, cause);
}

function begin(value: number | null, options: LifeOptions): AlertLife {
  const { nowMs, earlierMs = [] } = options;
  const pending: AlertLife = {
    state: "pending",
    holds: true,
    beganAtMs: nowMs,
    heldMs: 0,
    seenAtMs: nowMs,
    firedAtMs: null,
    resolvedAtMs: null,
    isAcknowledged: false,
    changesMs: recent(earlierMs, nowMs),
    value,
    worst: value,
    told: null,
  };
  return press(pending, options);
}

/** Notes what was seen, without going anywhere. */
function look(
  life: AlertLife,
  { kind, value }: Extract<Observation, { value: number | null }>,
  { nowMs, lowIsWorse, lookAwayMs = LONGEST_LOOK_AWAY_MS }: LifeOptions,
): AlertLife {
  const holds = kind === "holds";
  const passedMs = Math.max(0, nowMs - life.seenAtMs);
  const isSeamless = life.holds && passedMs <= lookAwayMs;
  return {
    ...life,
    holds,
    heldMs: life.heldMs + (holds && isSeamless ? passedMs : 0),
    seenAtMs: nowMs,
    value,
    worst: holds ? worse(life.worst, value, lowIsWorse) : life.worst,
  };
}

function worse(one: number | null, other: number | null, lowIsWorse: boolean): number | null {
  if (one === null || other === null) return one ?? other;
  return lowIsWorse ? Math.min(one, other) : Math.max(one, other);
}

/** From pending to firing, once it was seen to hold for long enough. */
function press(life: AlertLife, { forMs, nowMs }: LifeOptions): AlertLife {
  return life.heldMs >= forMs ? change(life, nowMs) : life;
}

/** It fires, or it is over: whichever `holds` says, unless that happens too often. */
function change(life: AlertLife, nowMs: number): AlertLife {
  const changesMs = [...recent(life.changesMs, nowMs), nowMs];
  const firedAtMs = life.firedAtMs ?? nowMs;
  const isFlapping = life.state === "flapping" || changesMs.length >= FLAPPING_FROM;
  if (isFlapping) return { ...life, state: "flapping", changesMs, firedAtMs };
  return settle({ ...life, changesMs, firedAtMs }, nowMs);
}

/** One that flapped and did not change for long stands where its condition says. */
function calm(life: AlertLife, nowMs: number): AlertLife {
  const isCalm = nowMs - (life.changesMs.at(-1) ?? 0) >= CALM_MS;
  return life.state === "flapping" && isCalm ? settle(life, nowMs) : life;
}

function settle(life: AlertLife, nowMs: number): AlertLife {
  if (!life.holds) return { ...life, state: "resolved", resolvedAtMs: nowMs };
  return { ...life, state: life.isAcknowledged ? "acknowledged" : "firing" };
}

function resolve(life: AlertLife, nowMs: number): AlertLife {
  const changesMs = life.holds ? [...recent(life.changesMs, nowMs), nowMs] : life.changesMs;
  return { ...life, state: "resolved", holds: false, changesMs, resolvedAtMs: nowMs };
}

function passUnknown(life: AlertLife | null, options: LifeOptions): Advance {
  if (life === null) return tell(null, null, options);
  if (options.nowMs - life.seenAtMs >= FORGOTTEN_MS) {
    const ended = life.state === "pending" ? null : resolve(life, options.nowMs);
    return tell(life, ended, options, "vanished");
  }
  // What passes until something is known again is not time that it was seen to hold.
  return tell(life, life.state === "pending" ? { ...life, holds: false } : life, options);
}

/** What is to be told is the difference between what people were told and what is: so nothing is told twice. */
function tell(
  before: AlertLife | null,
  life: AlertLife | null,
  { isMuted }: Pick<LifeOptions, "isMuted">,
  cause: StepCause = "condition",
): Advance {
  if (life === null) return { life: null, step: null, notice: null };
  const hasMoved = before?.state !== life.state;
  const step = hasMoved ? { state: life.state, cause, value: life.value } : null;
  const kind = dueNotice(life);
  if (kind === null) return { life, step, notice: null };
  if (isMuted) return { life, step, notice: hasMoved ? { kind, isMuted } : null };
  return { life: { ...life, told: kind }, step, notice: { kind, isMuted } };
}

function dueNotice({ state, told }: AlertLife): NoticeKind | null {
  const isToldOpen = told === "firing" || told === "acknowledged" || told === "flapping";
  switch (state) {
    case "pending":
      return null;
    case "firing":
    case "flapping":
      return told === state ? null : state;
    case "acknowledged":
    case "resolved":
      return isToldOpen && told !== state ? state : null;
  }
}

function recent(changesMs: readonly number[], nowMs: number): number[] {
  return changesMs.filter((atMs) => nowMs - atMs < FLAP_WINDOW_MS);
}
