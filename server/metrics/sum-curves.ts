import type { Sql } from "#drizzle/db.ts";
import type { PointValue } from "#drizzle/queries/metric-reading.ts";
import type { Stat } from "#server/domain/metrics/catalogue.ts";
import { type Part, partsOf } from "#server/domain/metrics/parts.ts";
import { FIRST_WITH_PERCENTILES, RESOLUTIONS } from "#server/domain/metrics/resolution.ts";
import { addSums, NO_SUMS, type Sums } from "#server/domain/metrics/stats.ts";
import { LaneSteps } from "./lane-steps.ts";
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
 * Sums up lanes by the steps of a window. Percentiles of long steps are those that were summed up with each point.
 * Histograms are put together for the newest steps, which are not summed up yet, for those that have several points, and
 * for the whole window, by its coarsest points.
 */
export async function sumCurves(sql: Sql, readings: readonly CurveReading[]): Promise<CurveSums[]> {
  const long = readings.filter(
    ({ stat, window }) => isPercentile(stat) && window.resolution >= FIRST_WITH_PERCENTILES,
  );
  const isLong = new Set(long);
  const [sums, newest, rest] = await Promise.all([
    sumLanes(
      sql,
      readings.map((reading) =>
        isLong.has(reading)
          ? { ...stepsOf(reading), parts: summedUpOf(reading), value: VALUES[reading.stat] }
          : { ...stepsOf(reading), value: isPercentile(reading.stat) ? "bins" : VALUES[reading.stat] },
      ),
    ),
    sumLanes(sql, long.map(newestOf)),
    sumLanes(sql, long.map(restOf)),
  ]);
  const place = new Map(long.map((reading, at) => [reading, at]));
  const mended = await sumLanes(
    sql,
    readings.map((reading, at) => unsureOf(reading, isLong.has(reading) ? sums[at] : undefined)),
  );
  return readings.map((reading, at): CurveSums => {
    const found = sums[at] ?? NO_LANE_SUMS;
    const longPlace = place.get(reading);
    if (longPlace === undefined) return { ...found, overall: null };
    const [end, whole] = [newest[longPlace] ?? NO_LANE_SUMS, rest[longPlace] ?? NO_LANE_SUMS];
    const steps = new Map(
      reading.lanes.map((lane) => {
        const own = found.steps.get(lane) ?? new LaneSteps(VALUES[reading.stat], 0);
        own.replace(mended[at]?.steps.get(lane));
        own.replace(end.steps.get(lane));
        return [lane, own];
      }),
    );
    return { steps, reach: later(found.reach, end.reach), overall: overallOf(reading, end, whole) };
  });
}

/** Of every lane: the newest steps that are known, and what was before them. */
function overallOf({ lanes, known }: CurveReading, newest: LaneSums, rest: LaneSums): Map<Lane, Sums> {
  return new Map(
    lanes.map((lane) => {
      const end = [...(newest.steps.get(lane)?.entries() ?? [])].flatMap(([step, sums]) =>
        step >= known.first && step < known.end ? [sums] : [],
      );
      return [lane, addSums([rest.steps.get(lane)?.get(0) ?? NO_SUMS, ...end])];
    }),
  );
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
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
  return [...(sums?.steps.values() ?? [])].some(({ unsure }) => unsure.size > 0);
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

/** The points as long as a step: with steps of an hour and longer, one for each. */
function summedUpOf(reading: CurveReading): Part[] {
  return stepsOf(reading).parts.filter(({ resolution }) => resolution === reading.window.resolution);
}

/** The histograms of what is not summed up to steps yet. */
function newestOf(reading: CurveReading): LaneReading {
  const steps = stepsOf(reading);
  const parts = steps.parts.filter(({ resolution }) => resolution !== reading.window.resolution);
  return { ...steps, parts, value: "bins" };
}

/** Those of all steps before, of which something is known, as one. */
function restOf(reading: CurveReading): LaneReading {
  const { lanes, window, folds, known } = reading;
  const from = window.from + known.first * window.step;
  const newest = newestOf(reading).parts.reduce((first, part) => Math.min(first, part.from), window.to);
  const to = Math.min(window.from + known.end * window.step, newest);
  const parts = partsOf({ from, to }, COARSEST, folds);
  return { lanes, parts, from, step: Math.max(1, to - from), value: "bins" };
}

/** The histograms of steps in which a percentile is not sure. */
function unsureOf(reading: CurveReading, sums: LaneSums | undefined): LaneReading {
  const { window, folds } = reading;
  const unsure = new Set(
    sums === undefined ? [] : reading.lanes.flatMap((lane) => [...(sums.steps.get(lane)?.unsure ?? [])]),
  );
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
