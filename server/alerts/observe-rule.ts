import type { MetricAnswerDto, MetricQuery } from "#server/contract/metrics.ts";
import {
  type AlertCondition,
  judgeCondition,
  looksForLittle,
  type Observation,
  type Reading,
  type Span,
  spansOf,
  statOf,
  type Watched,
} from "#server/domain/alerts/condition.ts";
import type { RuleProblem } from "#server/domain/alerts/rule-problem.ts";
import { type Window, windowOf } from "#server/domain/alerts/windows.ts";
import { definitionOf, type MetricName } from "#server/domain/metrics/catalogue.ts";
import type { Labels } from "#server/domain/metrics/points.ts";
import { momentOf } from "./stored-life.ts";

/** What metrics say. */
export type ReadMetrics = {
  query: (query: MetricQuery) => Promise<MetricAnswerDto>;
  /** From when until when everything that was recorded is counted; null of what is measured now and then. */
  coverage: (metric: MetricName) => Promise<{ sinceMs: number; completeMs: number } | null>;
  /** Of a metric of times, for each series the share that took longer, step by step; null where there was nothing. */
  slowShares: (
    watched: Watched & { overSeconds: number },
    window: Window,
  ) => Promise<{ labels: Labels; slow: (number | null)[]; all: (number | null)[] }[]>;
};

export type RuleObservation = {
  /** By the text of their labels. */
  series: Map<string, { labels: Labels; observation: Observation }>;
  /** What the condition says of any other series. */
  missing: Observation;
  /** Why nothing can be said, or not of all. */
  problem: RuleProblem | null;
};

export const MAX_SERIES = 50;
/** Metrics that are behind by more say nothing of the present. */
const STALE_MS = 60_000;
/** What is measured now and then is there a moment later. */
const MEASURED_LATER_MS = 1_000;
/** Series that were seen within this time are missed when they are gone. */
const REMEMBERED_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;
/** No series has this value of a label. */
export const NO_NAME = "";

type Known = { metrics: ReadMetrics; sinceMs: number; horizonMs: number };

/** What a condition says of each of its series now. */
export async function observeRule(
  condition: AlertCondition,
  metrics: ReadMetrics,
  nowMs: number,
): Promise<RuleObservation> {
  const coverage = await metrics.coverage(condition.metric);
  const problem = coverage === null ? null : problemOfCoverage(coverage, nowMs);
  if (problem !== null) return { series: new Map(), missing: { kind: "unknown" }, problem };
  const known: Known = {
    metrics,
    sinceMs: coverage?.sinceMs ?? 0,
    horizonMs: Math.min(coverage?.completeMs ?? nowMs - MEASURED_LATER_MS, nowMs),
  };
  const { watched, others: moreNames } = await nameSeries(condition, known);
  const spans = await Promise.all(spansOf(condition).map((span) => readSpan(watched, span, known)));
  const judge = (readingOf: (span: SpanReadings) => Reading) =>
    judgeCondition(condition, spans.map(readingOf));
  const series = new Map<string, Labels>(
    spans.flatMap(({ series }) => [...series].map(([key, { labels }]) => [key, labels] as const)),
  );
  if (condition.by === undefined) series.set("", {});
  const observed = [...series].map(([key, labels]) => {
    const observation = judge((span) => span.series.get(key)?.reading ?? span.missing);
    return [key, { labels, observation }] as const;
  });
  // Those beside the highest matter only where it holds for all of these.
  const doAllHold = observed.every(([, { observation }]) => observation.kind === "holds");
  const others = Math.max(moreNames, doAllHold ? Math.max(...spans.map((span) => span.others)) : 0);
  return {
    series: new Map(observed),
    // A rule that waits for nothing knows by name whom it waits for: of others nothing can be said.
    missing: watched.where === condition.where ? judge(({ missing }) => missing) : { kind: "unknown" },
    problem: problemOfBeginning(spans, known) ?? problemOfOthers(others),
  };
}

/** The labels of a series in one text. */
export function seriesKey(labels: Labels): string {
  return Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${value}`)
    .join(", ");
}

/**
 * Says which series are to be looked at, where those with the highest values would be the wrong ones: the series of the
 * last day where little is waited for, and of times those with the most values.
 */
async function nameSeries(
  condition: AlertCondition,
  { metrics, horizonMs }: Known,
): Promise<{ watched: AlertCondition; others: number }> {
  const { metric, by, where } = condition;
  const isOfTimes = condition.kind === "burn-rate" && condition.withinSeconds !== undefined;
  if (by === undefined || !(looksForLittle(condition) || isOfTimes)) return { watched: condition, others: 0 };
  const toMs = Math.ceil(horizonMs / HOUR_MS) * HOUR_MS;
  const isGauge = definitionOf(metric).kind === "gauge";
  const isRatio = definitionOf(metric).kind === "ratio";
  const answer = await metrics.query({
    metric: isRatio ? "attempts" : metric,
    ...(isGauge ? {} : { stat: "count" }),
    from: momentOf(toMs - REMEMBERED_MS),
    to: momentOf(toMs),
    stepMs: HOUR_MS,
    by,
    top: MAX_SERIES,
    ...(where && { where }),
  });
  const names = answer.series
    .filter(({ overall }) => overall !== null && (isGauge || overall > 0))
    .flatMap(({ labels }) => labels[by] ?? []);
  const named = names.length === 0 ? [NO_NAME] : names;
  const others = names.length === MAX_SERIES ? answer.others : 0;
  return { watched: { ...condition, where: { ...where, [by]: named } }, others };
}

type SpanReadings = {
  series: Map<string, { labels: Labels; reading: Reading }>;
  /** Of a series that the answer does not name. */
  missing: Reading;
  others: number;
};

async function readSpan(
  condition: AlertCondition,
  span: Span,
  { metrics, sinceMs, horizonMs }: Known,
): Promise<SpanReadings> {
  const window = windowOf(span, horizonMs);
  const isComplete = window.fromMs >= sinceMs;
  const { metric, by, where } = condition;
  if (condition.kind === "burn-rate" && condition.withinSeconds !== undefined) {
    const overSeconds = condition.withinSeconds;
    const shares = await metrics.slowShares({ metric, by, where, overSeconds }, window);
    const readings = shares.map(({ labels, slow, all }) => ({
      labels,
      reading: { value: shareOf(slow, all), isComplete },
    }));
    return { series: byKey(readings), missing: { value: null, isComplete }, others: 0 };
  }
  const stat = statOf(condition);
  const answer = await metrics.query({
    metric,
    stat,
    from: momentOf(window.fromMs),
    to: momentOf(window.toMs),
    stepMs: window.stepMs,
    ...(by && { by, top: MAX_SERIES }),
    ...(where && { where }),
  });
  // A window of whole steps may be a little longer or shorter than the span, of which so many are asked for.
  const scale = stat === "count" ? span.windowMs / (window.toMs - window.fromMs) : 1;
  const readings = answer.series.map(({ labels, overall }) => ({
    labels,
    reading: { value: overall === null ? null : overall * scale, isComplete },
  }));
  const isCounted = definitionOf(metric).kind === "counter";
  return {
    series: byKey(readings),
    missing: { value: isCounted ? 0 : null, isComplete },
    others: answer.others,
  };
}

function byKey(
  readings: readonly { labels: Labels; reading: Reading }[],
): Map<string, { labels: Labels; reading: Reading }> {
  return new Map(readings.map((one) => [seriesKey(one.labels), one]));
}

/** Null where there is nothing that it could be a share of. */
function shareOf(parts: readonly (number | null)[], wholes: readonly (number | null)[]): number | null {
  const whole = wholes.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  return whole === 0 ? null : parts.reduce<number>((sum, value) => sum + (value ?? 0), 0) / whole;
}

function problemOfCoverage(
  { sinceMs, completeMs }: { sinceMs: number; completeMs: number },
  nowMs: number,
): RuleProblem | null {
  if (completeMs <= sinceMs) return { kind: "not-counted" };
  return nowMs - completeMs <= STALE_MS ? null : { kind: "behind", at: momentOf(completeMs) };
}

function problemOfBeginning(spans: readonly SpanReadings[], { sinceMs }: Known): RuleProblem | null {
  if (spans.every(({ missing }) => missing.isComplete)) return null;
  return { kind: "window-not-full", at: momentOf(sinceMs) };
}

function problemOfOthers(others: number): RuleProblem | null {
  return others <= 0 ? null : { kind: "more-series", others, watched: MAX_SERIES };
}
