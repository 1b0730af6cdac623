import type { MetricSeriesDto } from "#server/contract/metrics.ts";
import { definitionOf, type MetricName, type Stat } from "#server/domain/metrics/catalogue.ts";
import { addSums, NO_SUMS, type Sums, statOf } from "#server/domain/metrics/stats.ts";
import { type Coverage, knownSeconds } from "./metric-coverage.ts";
import type { LaneGroup } from "./metric-lanes.ts";
import type { MetricWindow } from "./metric-window.ts";
import type { CurveReading, CurveSums } from "./sum-curves.ts";
import type { LaneSums } from "./sum-lanes.ts";

/** What is to be told of the sums of a window. */
export type Reading = {
  metric: MetricName;
  stat: Stat;
  window: MetricWindow;
  coverage: Coverage;
  nowMs: number;
  /** Steps in which something was measured; null where that does not matter. */
  measured: ReadonlyMap<number, Sums> | null;
};

/** From which step of a window to which, exclusive, something may be known. */
export function knownSteps({
  window,
  coverage,
  nowMs,
}: Pick<Reading, "window" | "coverage" | "nowMs">): CurveReading["known"] {
  const isKnown = (at: number) => knownSeconds(window, at, { coverage, isMeasured: true, nowMs }) > 0;
  const steps = Array.from({ length: window.steps }, (_, at) => at);
  return { first: Math.max(0, steps.findIndex(isKnown)), end: steps.findLastIndex(isKnown) + 1 };
}

/** A statistic of a group in each step, and over all steps of which something is known. */
export function curveOf(
  group: LaneGroup,
  sums: CurveSums,
  { metric, stat, window, coverage, nowMs, measured }: Reading,
): Pick<MetricSeriesDto, "values" | "overall"> {
  const { kind } = definitionOf(metric);
  const isGauge = kind === "gauge";
  const known: Sums[] = [];
  let all = 0;
  const values = Array.from({ length: window.steps }, (_, at) => {
    const isMeasured = measured?.has(at) ?? isGauge;
    const seconds = knownSeconds(window, at, { coverage, isMeasured, nowMs });
    if (seconds === 0) return null;
    if (isGauge) return gaugeAt(group, sums, at, { metric, stat, seconds });
    const here = sumsAt(group, sums, at);
    known.push(here);
    all += seconds;
    return statOf(kind, stat, here, seconds);
  });
  if (isGauge) return { values, overall: overallOfGauge(values, stat) };
  if (known.length === 0) return { values, overall: null };
  const { overall } = sums;
  const together = addSums(
    overall === null ? known : group.lanes.map((lane) => overall.get(lane) ?? NO_SUMS),
  );
  return { values, overall: statOf(kind, stat, together, all) };
}

/** A statistic of a group in one step. */
export function valueAt(
  group: LaneGroup,
  sums: LaneSums,
  at: number,
  { metric, stat, seconds }: { metric: MetricName; stat: Stat; seconds: number },
): number | null {
  const { kind } = definitionOf(metric);
  return kind === "gauge"
    ? gaugeAt(group, sums, at, { metric, stat, seconds })
    : statOf(kind, stat, sumsAt(group, sums, at), seconds);
}

function gaugeAt(
  group: LaneGroup,
  sums: LaneSums,
  at: number,
  { metric, stat, seconds }: { metric: MetricName; stat: Stat; seconds: number },
): number | null {
  const { kind, together = "sum" } = definitionOf(metric);
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
