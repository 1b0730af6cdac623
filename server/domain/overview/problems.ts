import {
  type Attempts,
  HEALTHS,
  type Health,
  healthOfAttempts,
  PROBLEM_KINDS,
  type ProblemKind,
  unwellFrom,
} from "./health.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Nothing handled for so long, although something waits, is a standstill. */
const STALLED_MS = 60 * SECOND_MS;
const BACKLOG_LEAST = 50;
const BACKLOG_GROWTH = 1.2;
const WAITING_DEGRADED_S = 30;
const WAITING_FAILING_S = 600;
const LAG_DEGRADED_S = 30;
const LAG_FAILING_S = 300;
/** A source that is quiet now and then is no news. */
const SILENT_LEAST_MS = 10 * MINUTE_MS;
const SILENT_GAPS = 20;
const LEAST_PER_HOUR = 60;

/** What is wrong, without where it is shown. Amounts as in the contract of the overview. */
export type Problem = {
  kind: ProblemKind;
  health: "degraded" | "failing";
  /** Tells it from others of its kind. */
  key: string;
  subject: string;
  sinceMs: number | null;
  amount: number;
  usual: number | null;
  affected: number | null;
};

export type ConsumerFacts = {
  consumer: string;
  isPaused: boolean;
  /** Attempts in the minutes up to now, oldest first, the last one being under way; null where nothing is known. */
  minutes: readonly (Attempts | null)[];
  /** Attempts of the last few seconds, and of the last minute. */
  lately: Attempts;
  lastMinute: Attempts;
  /** From 0 to 1, of the day before; null without attempts. */
  usualFailureRate: number | null;
  /** Null where it isn't known. */
  backlog: number | null;
  /** Ten minutes ago. */
  backlogBefore: number | null;
  oldestWaitingS: number | null;
};

/** What is wrong with a consumer: that it fails, stands still, or falls behind. */
export function problemsOfConsumer(facts: ConsumerFacts, nowMs: number): Problem[] {
  const common = { key: facts.consumer, subject: facts.consumer, affected: null };
  const worst = [facts.lately, facts.lastMinute]
    .map((attempts) => ({ attempts, health: healthOfAttempts(attempts) ?? "unknown" }))
    .toSorted((a, b) => HEALTHS.indexOf(b.health) - HEALTHS.indexOf(a.health))[0];
  const problems: Problem[] = [];
  if (worst && (worst.health === "failing" || worst.health === "degraded")) {
    problems.push({
      ...common,
      kind: "consumer-failing",
      health: worst.health,
      sinceMs: minuteStart(
        unwellFrom(facts.minutes.map((each) => each && healthOfAttempts(each))),
        facts,
        nowMs,
      ),
      amount: worst.attempts.failed / worst.attempts.attempts,
      usual: facts.usualFailureRate,
    });
  }
  const waited = facts.oldestWaitingS ?? 0;
  const isWaiting = (facts.backlog ?? 0) > 0;
  if (isWaiting && !facts.isPaused && facts.lastMinute.attempts === 0 && waited * SECOND_MS >= STALLED_MS) {
    problems.push({
      ...common,
      kind: "consumer-stalled",
      health: "failing",
      sinceMs: nowMs - waited * SECOND_MS,
      amount: waited,
      usual: null,
    });
  } else if (isFallingBehind(facts)) {
    problems.push({
      ...common,
      kind: "backlog-growing",
      health: waited >= WAITING_FAILING_S ? "failing" : "degraded",
      sinceMs: nowMs - waited * SECOND_MS,
      amount: facts.backlog ?? 0,
      usual: facts.backlogBefore,
    });
  }
  return problems;
}

function isFallingBehind({ backlog, backlogBefore, oldestWaitingS }: ConsumerFacts): boolean {
  if (backlog === null || backlog < BACKLOG_LEAST || (oldestWaitingS ?? 0) < WAITING_DEGRADED_S) return false;
  return backlogBefore === null || backlog >= backlogBefore * BACKLOG_GROWTH;
}

/** When the minute at a place began; the present one is the last. */
function minuteStart(place: number | null, { minutes }: ConsumerFacts, nowMs: number): number | null {
  if (place === null) return null;
  const present = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  return present - (minutes.length - 1 - place) * MINUTE_MS;
}

/** That something is behind by so many seconds; `isBroken` when it doesn't get on at all. */
export function problemOfLag(
  kind: "projection-behind" | "outbox-behind",
  { name, lagS, isBroken }: { name: string; lagS: number; isBroken: boolean },
  nowMs: number,
): Problem | null {
  if (lagS < LAG_DEGRADED_S && !isBroken) return null;
  return {
    kind,
    health: isBroken || lagS >= LAG_FAILING_S ? "failing" : "degraded",
    key: name,
    subject: name,
    sinceMs: lagS === 0 ? null : nowMs - lagS * SECOND_MS,
    amount: lagS,
    usual: null,
    affected: null,
  };
}

export type SourceFacts = {
  source: string;
  /** Events in the hours of the day before, and when the last one came. */
  hours: readonly number[];
  lastMs: number | null;
};

/** That a source that emitted steadily has gone silent. */
export function problemOfSilence({ source, hours, lastMs }: SourceFacts, nowMs: number): Problem | null {
  if (lastMs === null || hours.length === 0) return null;
  const busiest = hours.toSorted((a, b) => b - a);
  const steady = busiest[Math.floor(hours.length / 2)] ?? 0;
  if (steady < LEAST_PER_HOUR) return null;
  const silentMs = nowMs - lastMs;
  if (silentMs < Math.max(SILENT_LEAST_MS, (SILENT_GAPS * HOUR_MS) / steady)) return null;
  return {
    kind: "source-silent",
    health: "degraded",
    key: source,
    subject: source,
    sinceMs: lastMs,
    amount: silentMs / SECOND_MS,
    usual: HOUR_MS / steady / SECOND_MS,
    affected: null,
  };
}

/** The most harmful first: by health, then by kind, then by how much. */
export function byHarm(a: Problem, b: Problem): number {
  return (
    HEALTHS.indexOf(b.health) - HEALTHS.indexOf(a.health) ||
    PROBLEM_KINDS.indexOf(a.kind) - PROBLEM_KINDS.indexOf(b.kind) ||
    b.amount - a.amount ||
    a.key.localeCompare(b.key)
  );
}

/** How everything is: as bad as its worst problem; `unknown` where nothing was seen at all. */
export function overallHealth(problems: readonly Problem[], hasTraffic: boolean): Health {
  const [worst] = problems.toSorted(byHarm);
  if (worst !== undefined) return worst.health;
  return hasTraffic ? "ok" : "unknown";
}
