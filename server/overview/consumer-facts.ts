import { listConsumers } from "#drizzle/queries/overview-facts.ts";
import type { Attempts } from "#server/domain/overview/health.ts";
import type { ConsumerFacts } from "#server/domain/overview/problems.ts";
import type { Context } from "#server/platform/context.ts";
import { firstKnown, lastKnown, type SeriesByName, type SeriesReader, sumOf } from "./series-reader.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A fault is to be seen within seconds. */
const LATELY_STEPS = 3;
const STEP_MS = 5 * SECOND_MS;
/** By then, most of what ended is counted. */
const SETTLED_MS = 30 * SECOND_MS;
/** What was measured longer ago says nothing about now. */
const FRESH_MS = MINUTE_MS;
const BEFORE_MS = 10 * MINUTE_MS;
/** Minutes behind the rates and times that are shown of a service. */
export const SHOWN_MINUTES = 5;

export type ConsumerStanding = ConsumerFacts & {
  /** A second, mean of the last five minutes. */
  handledPerSecond: number;
  failureRate: number | null;
  /** Seconds. */
  p95: number | null;
};

/** How every consumer does now, and did over the last hour. */
export async function readConsumers(
  { sql, clock }: Pick<Context, "sql" | "clock">,
  reader: SeriesReader,
  { usual, earlier, times }: { usual: SeriesByName; earlier: AttemptLines; times: SeriesByName },
): Promise<ConsumerStanding[]> {
  const nowMs = clock.now().getTime();
  const measured = (metric: "backlog" | "oldest_waiting", agoMs: number, stepMs: number) =>
    reader.read({ metric, stat: "last", by: "consumer", fromMs: nowMs - agoMs, toMs: nowMs, stepMs });
  const [recent, seconds, backlog, before, oldest, consumers] = await Promise.all([
    readAttempts(reader, { fromMs: earlier.settledMs, toMs: nowMs, stepMs: MINUTE_MS }),
    readAttempts(reader, { fromMs: nowMs - MINUTE_MS, toMs: nowMs, stepMs: STEP_MS }),
    measured("backlog", FRESH_MS, 10 * SECOND_MS),
    reader.read({
      metric: "backlog",
      stat: "last",
      by: "consumer",
      fromMs: nowMs - BEFORE_MS - MINUTE_MS,
      toMs: nowMs - BEFORE_MS + MINUTE_MS,
      stepMs: MINUTE_MS,
    }),
    measured("oldest_waiting", FRESH_MS, 10 * SECOND_MS),
    listConsumers(sql),
  ]);
  return consumers.map(({ consumer, is_paused }) => {
    const minutes = joinLines(earlier, recent, { consumer, nowMs });
    const shown = addUp(minutes.slice(-SHOWN_MINUTES));
    const minute = seconds.of(consumer);
    return {
      consumer,
      isPaused: is_paused,
      minutes,
      lately: addUp(minute.slice(-LATELY_STEPS)),
      lastMinute: addUp(minute),
      usualFailureRate: usual.get(consumer)?.overall ?? null,
      backlog: lastKnown(backlog.get(consumer)?.values),
      backlogBefore: firstKnown(before.get(consumer)?.values),
      oldestWaitingS: lastKnown(oldest.get(consumer)?.values),
      handledPerSecond: shown.attempts / (SHOWN_MINUTES * 60),
      failureRate: shown.attempts === 0 ? null : shown.failed / shown.attempts,
      p95: lastKnown(times.get(consumer)?.values),
    };
  });
}

/** Attempts of consumers, step by step from a moment on. What ended before `settledMs` is all there, but what comes late. */
export type AttemptLines = {
  startMs: number;
  settledMs: number;
  of: (consumer: string) => readonly (Attempts | null)[];
};

/** The minutes of the last hour. */
export function readHour(clock: Context["clock"], reader: SeriesReader): Promise<AttemptLines> {
  const nowMs = clock.now().getTime();
  return readAttempts(reader, { fromMs: nowMs - HOUR_MS + MINUTE_MS, toMs: nowMs, stepMs: MINUTE_MS });
}

async function readAttempts(
  reader: SeriesReader,
  window: { fromMs: number; toMs: number; stepMs: number },
): Promise<AttemptLines> {
  const ask = (metric: "attempts_succeeded" | "attempts_failed") =>
    reader.read({ metric, stat: "count", by: "consumer", ...window });
  const [succeeded, failed] = await Promise.all([ask("attempts_succeeded"), ask("attempts_failed")]);
  const lines = new Map<string, readonly (Attempts | null)[]>();
  return {
    startMs: Math.floor(window.fromMs / window.stepMs) * window.stepMs,
    settledMs: Math.floor((window.toMs - SETTLED_MS) / window.stepMs) * window.stepMs,
    of: (consumer) => {
      const known = lines.get(consumer);
      if (known !== undefined) return known;
      const line = pair(succeeded.get(consumer)?.values, failed.get(consumer)?.values);
      lines.set(consumer, line);
      return line;
    },
  };
}

/** The minutes of the last hour of a consumer: those that were read earlier, and the recent ones. */
function joinLines(
  earlier: AttemptLines,
  recent: AttemptLines,
  { consumer, nowMs }: { consumer: string; nowMs: number },
): (Attempts | null)[] {
  const startMs = Math.floor((nowMs - HOUR_MS + MINUTE_MS) / MINUTE_MS) * MINUTE_MS;
  const from = (startMs - earlier.startMs) / MINUTE_MS;
  const to = (recent.startMs - earlier.startMs) / MINUTE_MS;
  return [...earlier.of(consumer).slice(from, to), ...recent.of(consumer)];
}

/** How long most attempts of each consumer took in the last minutes. */
export function readTimesOfConsumers(clock: Context["clock"], reader: SeriesReader): Promise<SeriesByName> {
  const toMs = clock.now().getTime();
  const stepMs = SHOWN_MINUTES * MINUTE_MS;
  return reader.read({
    metric: "processing_time",
    stat: "p95",
    by: "consumer",
    fromMs: toMs - stepMs,
    toMs,
    stepMs,
  });
}

/** The share of attempts that failed in the day before the last hour, by consumer. */
export function readUsualFailures(clock: Context["clock"], reader: SeriesReader): Promise<SeriesByName> {
  const toMs = Math.floor(clock.now().getTime() / HOUR_MS) * HOUR_MS;
  return reader.read({
    metric: "failure_rate",
    stat: "ratio",
    by: "consumer",
    fromMs: toMs - DAY_MS,
    toMs,
    stepMs: HOUR_MS,
  });
}

type Values = readonly (number | null)[] | undefined;

/** Both are known or unknown of the same steps; of a consumer that never did one of them, it is not said. */
function pair(succeeded: Values, failed: Values): (Attempts | null)[] {
  return (succeeded ?? failed ?? []).map((_, place) => {
    const [good, bad] = [succeeded?.[place] ?? null, failed?.[place] ?? null];
    return good === null && bad === null ? null : { attempts: (good ?? 0) + (bad ?? 0), failed: bad ?? 0 };
  });
}

function addUp(some: readonly (Attempts | null)[]): Attempts {
  return {
    attempts: sumOf(some.map((one) => one?.attempts ?? null)),
    failed: sumOf(some.map((one) => one?.failed ?? null)),
  };
}
