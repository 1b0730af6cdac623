import { listConsumers } from "#drizzle/queries/overview-facts.ts";
import type { Attempts } from "#server/domain/overview/health.ts";
import type { ConsumerFacts } from "#server/domain/overview/problems.ts";
import type { Context } from "#server/platform/context.ts";
import { firstKnown, lastKnown, readSeries, type SeriesByName, sumOf } from "./series-reader.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A fault is to be seen within seconds. */
const LATELY_STEPS = 3;
const STEP_MS = 5 * SECOND_MS;
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
  ctx: Pick<Context, "sql" | "clock">,
  usual: SeriesByName,
): Promise<ConsumerStanding[]> {
  const nowMs = ctx.clock.now().getTime();
  const read = (metric: "attempts" | "attempts_failed", fromMs: number, stepMs: number) =>
    readSeries(ctx, { metric, stat: "count", by: "consumer", fromMs, toMs: nowMs, stepMs });
  const measured = (metric: "backlog" | "oldest_waiting", agoMs: number, stepMs: number) =>
    readSeries(ctx, { metric, stat: "last", by: "consumer", fromMs: nowMs - agoMs, toMs: nowMs, stepMs });
  const [consumers, hour, hourFailed, minute, minuteFailed, p95, backlog, before, oldest] = await Promise.all(
    [
      listConsumers(ctx.sql),
      read("attempts", nowMs - HOUR_MS + MINUTE_MS, MINUTE_MS),
      read("attempts_failed", nowMs - HOUR_MS + MINUTE_MS, MINUTE_MS),
      read("attempts", nowMs - MINUTE_MS, STEP_MS),
      read("attempts_failed", nowMs - MINUTE_MS, STEP_MS),
      readSeries(ctx, {
        metric: "processing_time",
        stat: "p95",
        by: "consumer",
        fromMs: nowMs - SHOWN_MINUTES * MINUTE_MS,
        toMs: nowMs,
        stepMs: 5 * MINUTE_MS,
      }),
      measured("backlog", FRESH_MS, 10 * SECOND_MS),
      readSeries(ctx, {
        metric: "backlog",
        stat: "last",
        by: "consumer",
        fromMs: nowMs - BEFORE_MS - MINUTE_MS,
        toMs: nowMs - BEFORE_MS + MINUTE_MS,
        stepMs: MINUTE_MS,
      }),
      measured("oldest_waiting", FRESH_MS, 10 * SECOND_MS),
    ],
  );
  return consumers.map(({ consumer, is_paused }) => {
    const minutes = pair(hour.get(consumer)?.values, hourFailed.get(consumer)?.values);
    const seconds = pair(minute.get(consumer)?.values, minuteFailed.get(consumer)?.values);
    const shown = addUp(minutes.slice(-SHOWN_MINUTES));
    return {
      consumer,
      isPaused: is_paused,
      minutes,
      lately: addUp(seconds.slice(-LATELY_STEPS)),
      lastMinute: addUp(seconds),
      usualFailureRate: usual.get(consumer)?.overall ?? null,
      backlog: lastKnown(backlog.get(consumer)?.values),
      backlogBefore: firstKnown(before.get(consumer)?.values),
      oldestWaitingS: lastKnown(oldest.get(consumer)?.values),
      handledPerSecond: shown.attempts / (SHOWN_MINUTES * 60),
      failureRate: shown.attempts === 0 ? null : shown.failed / shown.attempts,
      p95: lastKnown(p95.get(consumer)?.values),
    };
  });
}

/** The share of attempts that failed in the day before the last hour, by consumer. */
export async function readUsualFailures(ctx: Pick<Context, "sql" | "clock">): Promise<SeriesByName> {
  const toMs = Math.floor(ctx.clock.now().getTime() / HOUR_MS) * HOUR_MS;
  return readSeries(ctx, {
    metric: "failure_rate",
    stat: "ratio",
    by: "consumer",
    fromMs: toMs - DAY_MS,
    toMs,
    stepMs: HOUR_MS,
  });
}

type Values = readonly (number | null)[] | undefined;

function pair(attempts: Values, failed: Values): (Attempts | null)[] {
  return (attempts ?? []).map((value, place) =>
    value === null ? null : { attempts: value, failed: failed?.[place] ?? 0 },
  );
}

function addUp(some: readonly (Attempts | null)[]): Attempts {
  return {
    attempts: sumOf(some.map((one) => one?.attempts ?? null)),
    failed: sumOf(some.map((one) => one?.failed ?? null)),
  };
}
