import type { Sql } from "#drizzle/db.ts";
import { type GroupRow, listSteps, type PointValue } from "#drizzle/queries/metric-reading.ts";
import type { Part } from "#server/domain/metrics/parts.ts";
import { addSums, NO_SUMS, type Sums } from "#server/domain/metrics/stats.ts";
import type { Lane } from "./metric-lanes.ts";

export type LaneSums = {
  /** By lane, then by step; steps without points are left out. */
  steps: ReadonlyMap<Lane, ReadonlyMap<number, Sums>>;
  /** Steps in which the percentile of some lane is but the mean of several. */
  unsure: ReadonlySet<number>;
  /** The second up to which the last points tell. */
  reach: number | null;
};

export const NO_LANE_SUMS: LaneSums = { steps: new Map(), unsure: new Set(), reach: null };

/** What is read of lanes: the points of a window by its steps, and of these what a statistic needs. */
export type LaneReading = {
  lanes: readonly Lane[];
  parts: readonly Part[];
  from: number;
  step: number;
  value: PointValue;
};

/** Sums up lanes by steps. Readings of the same points go as one. */
export async function sumLanes(sql: Sql, readings: readonly LaneReading[]): Promise<LaneSums[]> {
  const keyOf = ({ parts, from, step, value }: LaneReading) => JSON.stringify({ parts, from, step, value });
  const sums = new Map<LaneReading, LaneSums>();
  await Promise.all(
    [...Map.groupBy(readings, keyOf).values()].map(async (alike) => {
      for (const [reading, found] of await sumAlike(sql, alike)) sums.set(reading, found);
    }),
  );
  return readings.map((reading) => sums.get(reading) ?? NO_LANE_SUMS);
}

async function sumAlike(
  sql: Sql,
  readings: readonly LaneReading[],
): Promise<(readonly [LaneReading, LaneSums])[]> {
  const [first] = readings;
  const lanes = readings.flatMap((reading) => reading.lanes);
  if (first === undefined || first.parts.length === 0 || lanes.every(({ ids }) => ids.length === 0))
    return [];
  const { parts, from, step, value } = first;
  const query = {
    ids: lanes.flatMap(({ ids }) => ids),
    groups: lanes.flatMap(({ ids }, place) => ids.map(() => place)),
    parts,
    from,
    step,
    value,
  };
  const rows = await listSteps(sql, query);
  const byLane = new Map(rows.map((row) => [lanes[row.group], row]));
  return readings.map((reading) => {
    const found = reading.lanes.map((lane) => [lane, byLane.get(lane)] as const);
    const reaches = found.flatMap(([, row]) => (row === undefined ? [] : [row.reach]));
    const unsure = new Set<number>();
    const steps = new Map(found.map(([lane, row]) => [lane, readSteps(row, value, unsure)]));
    return [reading, { steps, unsure, reach: reaches.length === 0 ? null : Math.max(...reaches) }];
  });
}

function readSteps(row: GroupRow | undefined, value: PointValue, unsure: Set<number>): Map<number, Sums> {
  const steps = new Map<number, Sums>();
  if (row === undefined) return steps;
  const samples = row.samples.split(",");
  const values = row.values?.split("|");
  for (const [place, text] of row.steps.split(",").entries()) {
    const step = Number(text);
    const sums: Sums = { ...NO_SUMS, samples: Number(samples[place]) };
    const isSure = readValue(sums, values?.[place] ?? "", value);
    const known = steps.get(step);
    steps.set(step, known === undefined ? sums : addSums([known, sums]));
    if (!isSure || (known !== undefined && isPercentile(value))) unsure.add(step);
  }
  return steps;
}

/** @returns whether it is what it says, and not but the mean of several percentiles. */
function readValue(sums: Sums, text: string, value: PointValue): boolean {
  if (isPercentile(value)) {
    const isMean = text.startsWith("~");
    // As if all of them lay there: nothing else will be asked of them.
    if (text !== "") sums.bins = new Map([[Number(isMean ? text.slice(1) : text), sums.samples]]);
    return sums.samples === 0 || (text !== "" && !isMean);
  }
  if (value === "bins") sums.bins = readBins(text);
  else if (value !== "none" && text !== "") sums[value] = Number(text);
  return true;
}

function isPercentile(value: PointValue): value is "p50" | "p95" | "p99" {
  return value === "p50" || value === "p95" || value === "p99";
}

function readBins(text: string): Map<number, number> {
  const all = new Map<number, number>();
  if (text === "") return all;
  for (const point of text.split(";")) {
    const middle = point.indexOf(":");
    const counts = point.slice(middle + 1).split(",");
    for (const [place, bin] of point.slice(0, middle).split(",").entries()) {
      if (bin === "") continue;
      all.set(Number(bin), (all.get(Number(bin)) ?? 0) + Number(counts[place]));
    }
  }
  return all;
}
