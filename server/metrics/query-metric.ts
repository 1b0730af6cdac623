import { readFolds } from "#drizzle/queries/metric-writing.ts";
import type { Exactness, MetricAnswerDto, MetricQuery, MetricSeriesDto } from "#server/contract/metrics.ts";
import { RELATIVE_ERROR } from "#server/domain/log-histogram.ts";
import {
  definitionOf,
  type MetricName,
  SAMPLED_EVERY_MS,
  STATS_OF,
  type Stat,
  sourceOf,
} from "#server/domain/metrics/catalogue.ts";
import { partsOf } from "#server/domain/metrics/parts.ts";
import { RESOLUTIONS } from "#server/domain/metrics/resolution.ts";
import { addSums, NO_SUMS, type Sums, statOf } from "#server/domain/metrics/stats.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { type Coverage, getCoverage, knownSeconds } from "./metric-coverage.ts";
import { findLanes, type LaneGroup } from "./metric-lanes.ts";
import { type MetricWindow, toWindow } from "./metric-window.ts";
import { type LaneSums, sumLanes } from "./sum-lanes.ts";

const DEFAULT_TOP = 50;
const COARSEST = RESOLUTIONS.length - 1;
const PERCENTILES: ReadonlySet<Stat> = new Set(["p50", "p95", "p99"]);

/** What a chart shows of a metric. Throws `invalid` for what the metric has not, and for steps that are not kept. */
export async function queryMetric(
  ctx: Pick<Context, "sql" | "clock">,
  query: MetricQuery,
): Promise<MetricAnswerDto> {
  const { metric, by, top = DEFAULT_TOP } = query;
  const definition = definitionOf(metric);
  const stat = statToShow(metric, query.stat);
  const nowMs = ctx.clock.now().getTime();
  const window = toWindow(query, nowMs);
  const [coverage, folds, lanes] = await Promise.all([
    getCoverage(ctx, metric),
    readFolds(ctx.sql),
    findLanes(ctx.sql, query),
  ]);
  const reading = { metric, stat, window, folds, coverage, nowMs };
  const chosen = await chooseGroups(ctx, lanes.groups, { ...reading, top });
  const sums = await sumLanes(
    ctx.sql,
    [...chosen.flatMap((group) => group.lanes), ...(lanes.presence === null ? [] : [lanes.presence])],
    {
      parts: partsOf(window, window.resolution, folds),
      from: window.from,
      step: window.step,
      withBins: PERCENTILES.has(stat),
      withLast: stat === "last",
    },
  );
  const measured = lanes.presence === null ? null : (sums.steps.get(lanes.presence) ?? new Map());
  const series = chosen
    .map((group) => ({ name: group.value ?? "", ...curveOf(group, sums, { ...reading, measured }) }))
    .toSorted(highestFirst)
    .map(
      ({ name, values, overall }): MetricSeriesDto => ({
        labels: by === undefined ? {} : { [by]: name },
        values,
        overall,
      }),
    );
  return {
    metric,
    stat,
    unit: definition.unit,
    by: by ?? null,
    window: { from: toMoment(window.from), to: toMoment(window.to) },
    stepMs: window.step * 1000,
    series,
    others: lanes.groups.length - chosen.length,
    isCapped: lanes.isCapped,
    exactness: exactnessOf(metric, stat),
    completeTo: completeTo(coverage, sums, nowMs),
  };
}

/** How true a statistic of a metric is. */
export function exactnessOf(metric: MetricName, stat: Stat): Exactness {
  if (PERCENTILES.has(stat)) return { kind: "bounded", relativeError: RELATIVE_ERROR };
  return sourceOf(metric) === "samples" ? { kind: "sampled", everyMs: SAMPLED_EVERY_MS } : { kind: "exact" };
}

/** Until when an answer is complete; null while nothing is known. */
export function completeTo(coverage: Coverage, { reach }: LaneSums, nowMs: number): string | null {
  if (coverage === null) return reach === null ? null : toMoment(Math.min(reach, nowMs / 1000));
  return coverage.completeMs <= coverage.sinceMs ? null : toMoment(coverage.completeMs / 1000);
}

export function toMoment(second: number): string {
  return new Date(second * 1000).toISOString();
}

function statToShow(metric: MetricName, asked: Stat | undefined): Stat {
  const stats = STATS_OF[definitionOf(metric).kind];
  if (asked === undefined) return stats[0];
  if (stats.includes(asked)) return asked;
  throw new AppError("invalid", `${metric} has no ${asked}. Ask for one of ${stats.join(", ")}.`);
}

type Reading = {
  metric: MetricName;
  stat: Stat;
  window: MetricWindow;
  folds: readonly number[];
  coverage: Coverage;
  nowMs: number;
};

/**
 * The groups with the highest statistic over the window, as coarsely as it can be told. The newest points of a long window,
 * which are not summed up far enough yet, decide nothing here: they are many, and weigh little.
 */
async function chooseGroups(
  { sql }: Pick<Context, "sql">,
  groups: readonly LaneGroup[],
  { metric, stat, window, folds, top }: Reading & { top: number },
): Promise<readonly LaneGroup[]> {
  if (groups.length <= top) return groups;
  const step = window.to - window.from;
  const parts = partsOf(window, COARSEST, folds).filter(
    ({ resolution }) => resolution >= window.resolution - 1,
  );
  const all = await sumLanes(
    sql,
    groups.flatMap(({ lanes }) => lanes),
    { parts, from: window.from, step, withBins: PERCENTILES.has(stat), withLast: stat === "last" },
  );
  return groups
    .map((group) => ({
      group,
      name: group.value ?? "",
      overall: valueAt(group, all, 0, { metric, stat, seconds: step }),
    }))
    .toSorted(highestFirst)
    .slice(0, top)
    .map(({ group }) => group);
}

type Ranked = { name: string; overall: number | null };

function highestFirst(a: Ranked, b: Ranked): number {
  if (a.overall !== b.overall) return (b.overall ?? -Infinity) - (a.overall ?? -Infinity);
  return a.name < b.name ? -1 : 1;
}

function curveOf(
  group: LaneGroup,
  sums: LaneSums,
  {
    metric,
    stat,
    window,
    coverage,
    nowMs,
    measured,
  }: Reading & { measured: ReadonlyMap<number, Sums> | null },
): Pick<MetricSeriesDto, "values" | "overall"> {
  const isGauge = definitionOf(metric).kind === "gauge";
  const known: number[] = [];
  const values = Array.from({ length: window.steps }, (_, at) => {
    const isMeasured = measured?.has(at) ?? isGauge;
    const seconds = knownSeconds(window, at, { coverage, isMeasured, nowMs });
    if (seconds === 0) return null;
    known.push(at);
    return valueAt(group, sums, at, { metric, stat, seconds });
  });
  if (known.length === 0) return { values, overall: null };
  if (isGauge) return { values, overall: overallOfGauge(values, stat) };
  const seconds = known.reduce(
    (sum, at) => sum + knownSeconds(window, at, { coverage, isMeasured: true, nowMs }),
    0,
  );
  const together = addSums(known.map((at) => sumsAt(group, sums, at)));
  return { values, overall: statOf(definitionOf(metric).kind, stat, together, seconds) };
}

function valueAt(
  group: LaneGroup,
  sums: LaneSums,
  at: number,
  { metric, stat, seconds }: { metric: MetricName; stat: Stat; seconds: number },
): number | null {
  const { kind, together = "sum" } = definitionOf(metric);
  if (kind !== "gauge") return statOf(kind, stat, sumsAt(group, sums, at), seconds);
  const values = group.lanes.flatMap((lane) => {
    const value = statOf(kind, stat, sums.steps.get(lane)?.get(at) ?? NO_SUMS, seconds);
    return value === null ? [] : [value];
  });
  if (values.length === 0) return null;
  return together === "highest" ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0);
}

function sumsAt({ lanes }: LaneGroup, sums: LaneSums, at: number): Sums {
  const [only, ...more] = lanes;
  if (only?.role === "main" && more.length === 0) return sums.steps.get(only)?.get(at) ?? NO_SUMS;
  const of = (role: "main" | "rest") =>
    addSums(
      lanes.filter((lane) => lane.role === role).map((lane) => sums.steps.get(lane)?.get(at) ?? NO_SUMS),
    );
  return { ...of("main"), rest: of("rest").samples };
}

function overallOfGauge(values: readonly (number | null)[], stat: Stat): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  if (stat === "max") return Math.max(...known);
  if (stat === "min") return Math.min(...known);
  if (stat === "last") return known.at(-1) ?? null;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
