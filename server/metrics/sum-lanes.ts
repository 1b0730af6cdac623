import type { Sql } from "#drizzle/db.ts";
import { listSteps, type PointValue } from "#drizzle/queries/metric-reading.ts";
import type { Part } from "#server/domain/metrics/parts.ts";
import { LaneSteps } from "./lane-steps.ts";
import type { Lane } from "./metric-lanes.ts";

export type LaneSums = {
  steps: ReadonlyMap<Lane, LaneSteps>;
  /** The second up to which the last points tell. */
  reach: number | null;
};

export const NO_LANE_SUMS: LaneSums = { steps: new Map(), reach: null };

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
  const end = parts.reduce((latest, { to }) => Math.max(latest, to), from);
  const size = Math.ceil((end - from) / step);
  const steps = new Map(lanes.map((lane) => [lane, new LaneSteps(value, size)]));
  const reaches = new Map<Lane, number>();
  for (const row of await listSteps(sql, query)) {
    const lane = lanes[row.group];
    if (lane === undefined) continue;
    steps.get(lane)?.add(row);
    reaches.set(lane, Math.max(reaches.get(lane) ?? 0, row.reach));
  }
  return readings.map((reading) => {
    const found = reading.lanes.flatMap((lane) => reaches.get(lane) ?? []);
    return [reading, { steps, reach: found.length === 0 ? null : Math.max(...found) }];
  });
}
