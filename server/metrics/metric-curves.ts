import type { MetricSeriesDto } from "#server/contract/metrics.ts";
import { definitionOf, type MetricName, type Stat } from "#server/domain/metrics/catalogue.ts";
import { addSums, NO_SUMS, type Sums, statOf } from "#server/domain/metrics/stats.ts";
import type { LaneSteps } from "./lane-steps.ts";
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

/**
 * Of how many seconds of each step something is known.
 *
 * @param measured steps in which something was measured; null where that does not matter.
 */
export function secondsOf(
  { metric, window, coverage, nowMs }: Reading,
  measured: LaneSteps | null,
): readonly number[] {
  const isGauge = definitionOf(metric).kind === "gauge";
  return Array.from({ length: window.steps }, (_, at) =>
    knownSeconds(window, at, { coverage, isMeasured: measured?.has(at) ?? isGauge, nowMs }),
  );
}

type Told = { metric: MetricName; stat: Stat };

/** A statistic of a group in each step, and over all steps of which something is known, for so many seconds of each. */
export function curveOf(
  group: LaneGroup,
  sums: CurveSums,
  { metric, stat, seconds }: Told & { seconds: readonly number[] },
): Pick<MetricSeriesDto, "values" | "overall"> {
  const { kind } = definitionOf(metric);
  if (kind === "gauge") {
    const [only, ...more] = group.lanes.map((lane) => sums.steps.get(lane));
    const values = seconds.map((known, at) => {
      if (known === 0) return null;
      if (more.length === 0) return statOf(kind, stat, only?.get(at) ?? NO_SUMS, known);
      return gaugeAt(group, sums, at, { metric, stat, seconds: known });
    });
    return { values, overall: overallOfGauge(values, stat) };
  }
  const sumsAt = readerOf(group, sums);
  const { overall } = sums;
  const known: Sums[] = [];
  let all = 0;
  const values = seconds.map((length, at) => {
    if (length === 0) return null;
    const here = sumsAt(at);
    if (overall === null) known.push(here);
    all += length;
    return statOf(kind, stat, here, length);
  });
  if (all === 0) return { values, overall: null };
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
  { metric, stat, seconds }: Told & { seconds: number },
): number | null {
  const { kind } = definitionOf(metric);
  return kind === "gauge"
    ? gaugeAt(group, sums, at, { metric, stat, seconds })
    : statOf(kind, stat, readerOf(group, sums)(at), seconds);
}

function gaugeAt(
  group: LaneGroup,
  sums: LaneSums,
  at: number,
  { metric, stat, seconds }: Told & { seconds: number },
): number | null {
  const { kind, together = "sum" } = definitionOf(metric);
  const values = group.lanes.flatMap((lane) => {
    const value = statOf(kind, stat, sums.steps.get(lane)?.get(at) ?? NO_SUMS, seconds);
    return value === null ? [] : [value];
  });
  if (values.length === 0) return null;
  return together === "highest" ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0);
}

/** What a group sums up to in a step. */
function readerOf({ lanes }: LaneGroup, { steps }: LaneSums): (at: number) => Sums {
  const of = (role: "main" | "rest") =>
    lanes.flatMap((lane) => (lane.role === role ? (steps.get(lane) ?? []) : []));
  const [main, rest] = [of("main"), of("rest")];
  const [only] = main;
  const mainAt =
    main.length === 1 && only !== undefined
      ? (at: number) => only.get(at) ?? NO_SUMS
      : (at: number) => addSums(main.map((lane) => lane.get(at) ?? NO_SUMS));
  if (rest.length === 0) return mainAt;
  return (at) => ({
    ...mainAt(at),
    rest: rest.reduce((sum, lane) => sum + (lane.get(at)?.samples ?? 0), 0),
  });
}

function overallOfGauge(values: readonly (number | null)[], stat: Stat): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  if (stat === "max") return Math.max(...known);
  if (stat === "min") return Math.min(...known);
  if (stat === "last") return known.at(-1) ?? null;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
