import type { Sql } from "#drizzle/db.ts";
import type { PointValue } from "#drizzle/queries/metric-reading.ts";
import type { Stat } from "#server/domain/metrics/catalogue.ts";
import { type Part, partsOf } from "#server/domain/metrics/parts.ts";
import { FIRST_WITH_PERCENTILES, RESOLUTIONS } from "#server/domain/metrics/resolution.ts";
import type { Sums } from "#server/domain/metrics/stats.ts";
import type { Lane } from "./metric-lanes.ts";
import type { MetricWindow } from "./metric-window.ts";
import { type LaneReading, type LaneSums, NO_LANE_SUMS, sumLanes } from "./sum-lanes.ts";

const COARSEST = RESOLUTIONS.length - 1;
/** What lies so scattered is read with everything between. */
const MAX_STRETCHES = 4;

const VALUES: Readonly<Record<Stat, PointValue>> = {
  count: "none",
  rate: "none",
  ratio: "none",
  average: "sum",
  min: "low",
  max: "high",
  last: "last",
  p50: "p50",
  p95: "p95",
  p99: "p99",
};

/** Whether a statistic is told from histograms. */
export function isPercentile(stat: Stat): boolean {
  return stat === "p50" || stat === "p95" || stat === "p99";
}

export type CurveReading = {
  lanes: readonly Lane[];
  stat: Stat;
  window: MetricWindow;
  folds: readonly number[];
  /** The steps of which something is known: the first one, and that after the last one. */
  known: { first: number; end: number };
};

/** `overall` has every lane as one step where that can't be told from its steps. */
export type CurveSums = LaneSums & { overall: ReadonlyMap<Lane, Sums> | null };

/**
 * Sums up lanes by the steps of a window. Percentiles of long steps are those that were summed up with each point, and only
 * where a step has several points are histograms put together; as they are for the whole window, by its coarsest points.
 */
export async function sumCurves(sql: Sql, readings: readonly CurveReading[]): Promise<CurveSums[]> {
  const isSummedUp = readings.map(
    ({ stat, window }) => isPercentile(stat) && window.resolution >= FIRST_WITH_PERCENTILES,
  );
  const long = readings.filter((_, place) => isSummedUp[place]);
  const [sums, wholes] = await Promise.all([
    sumLanes(
      sql,
      readings.map((reading, place) => ({
        ...stepsOf(reading),
        value: isPercentile(reading.stat) && !isSummedUp[place] ? "bins" : VALUES[reading.stat],
      })),
    ),
    sumLanes(sql, long.map(wholeOf)),
  ]);
  const mended = await sumLanes(
    sql,
    readings.map((reading, place) => unsureOf(reading, sums[place] ?? NO_LANE_SUMS)),
  );
  const overalls = new Map(long.map((reading, place) => [reading, wholes[place] ?? NO_LANE_SUMS]));
  return readings.map((reading, place): CurveSums => {
    const found = sums[place] ?? NO_LANE_SUMS;
    const whole = overalls.get(reading);
    const overall =
      whole === undefined
        ? null
        : new Map([...whole.steps].flatMap(([lane, steps]) => [...steps.values()].map((sum) => [lane, sum])));
    return { ...found, steps: replaced(found, mended[place] ?? NO_LANE_SUMS), overall };
  });
}

/** What a group is ranked by, as coarsely as it can be told; percentiles by the mean of those of the points. */
export async function sumRanks(
  sql: Sql,
  readings: readonly Omit<CurveReading, "known">[],
): Promise<LaneSums[]> {
  const asked = readings.map(({ lanes, stat, window, folds }): LaneReading => {
    const parts = coarseParts(partsOf(window, COARSEST, folds), window.resolution);
    const hasPercentiles = parts.every(({ resolution }) => resolution >= FIRST_WITH_PERCENTILES);
    const value = isPercentile(stat) && !hasPercentiles ? "bins" : VALUES[stat];
    return { lanes, parts, from: window.from, step: window.to - window.from, value };
  });
  const sums = await sumLanes(sql, asked);
  // Of points that were summed up before percentiles were.
  const lacking = asked.map((reading, place) => ({
    ...reading,
    lanes: reading.value.startsWith("p") && lacksSome(sums[place]) ? reading.lanes : [],
    value: "bins" as const,
  }));
  const full = await sumLanes(sql, lacking);
  return sums.map((found, place) => (lacking[place]?.lanes.length ? (full[place] ?? found) : found));
}

function lacksSome(sums: LaneSums | undefined): boolean {
  return [...(sums?.steps.values() ?? [])].some((steps) =>
    [...steps.values()].some(({ samples, bins }) => samples !== 0 && bins.size === 0),
  );
}

/**
 * Without the newest points, which are not summed up to a step of the chart yet, and those at the window's edges: they are
 * many, and weigh little. Where they are most of the window, with them.
 */
function coarseParts(parts: readonly Part[], resolution: number): readonly Part[] {
  const coarse = parts.filter((part) => part.resolution >= resolution);
  const seconds = (some: readonly Part[]) => some.reduce((sum, { from, to }) => sum + to - from, 0);
  return seconds(coarse) >= 0.5 * seconds(parts) ? coarse : parts;
}

function stepsOf({ lanes, window, folds }: CurveReading): Omit<LaneReading, "value"> {
  return {
    lanes,
    parts: partsOf(window, window.resolution, folds),
    from: window.from,
    step: window.step,
  };
}

/** The steps of which something is known, as one. */
function wholeOf({ lanes, window, folds, known }: CurveReading): LaneReading {
  const from = window.from + known.first * window.step;
  const to = window.from + known.end * window.step;
  return {
    lanes,
    parts: partsOf({ from, to }, COARSEST, folds),
    from,
    step: Math.max(1, to - from),
    value: "bins",
  };
}

/** The histograms of steps in which a percentile is not sure. */
function unsureOf(reading: CurveReading, { unsure }: LaneSums): LaneReading {
  const { window, folds } = reading;
  const parts = stretchesOf(unsure).flatMap(({ first, end }) =>
    partsOf(
      { from: window.from + first * window.step, to: window.from + end * window.step },
      window.resolution,
      folds,
    ),
  );
  return { ...stepsOf(reading), lanes: unsure.size === 0 ? [] : reading.lanes, parts, value: "bins" };
}

/** Steps that follow each other, together. */
function stretchesOf(steps: ReadonlySet<number>): { first: number; end: number }[] {
  const stretches: { first: number; end: number }[] = [];
  for (const step of [...steps].toSorted((a, b) => a - b)) {
    const last = stretches.at(-1);
    if (last !== undefined && (last.end === step || stretches.length === MAX_STRETCHES)) last.end = step + 1;
    else stretches.push({ first: step, end: step + 1 });
  }
  return stretches;
}

function replaced({ steps }: LaneSums, { steps: mended }: LaneSums): LaneSums["steps"] {
  if (mended.size === 0) return steps;
  return new Map([...steps].map(([lane, sums]) => [lane, new Map([...sums, ...(mended.get(lane) ?? [])])]));
}
