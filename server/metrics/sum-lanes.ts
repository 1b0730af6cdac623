import type { Sql } from "#drizzle/db.ts";
import { type StepRow, sumSteps } from "#drizzle/queries/metric-reading.ts";
import type { Part } from "#server/domain/metrics/parts.ts";
import { addSums, type Sums } from "#server/domain/metrics/stats.ts";
import type { Lane } from "./metric-lanes.ts";

export type LaneSums = {
  /** By lane, then by step; steps without points are left out. */
  steps: ReadonlyMap<Lane, ReadonlyMap<number, Sums>>;
  /** The second up to which the last points tell. */
  reach: number | null;
};

/** Sums up lanes by the steps of a window, or all of it as one step. */
export async function sumLanes(
  sql: Sql,
  lanes: readonly Lane[],
  {
    parts,
    from,
    step,
    withBins,
    withLast = false,
  }: { parts: readonly Part[]; from: number; step: number; withBins: boolean; withLast?: boolean },
): Promise<LaneSums> {
  const ids: number[] = [];
  const groups: number[] = [];
  for (const [place, lane] of lanes.entries()) {
    ids.push(...lane.ids);
    groups.push(...lane.ids.map(() => place));
  }
  const query = { ids, groups, parts, from, step, withBins, withLast };
  const isEmpty = ids.length === 0 || parts.length === 0;
  const rows = isEmpty ? [] : await sql.begin("read only", (tx) => sumSteps(tx, query));
  const steps = new Map<Lane, Map<number, Sums>>(lanes.map((lane) => [lane, new Map()]));
  let reach: number | null = null;
  for (const row of rows) {
    const lane = lanes[row.group];
    if (lane === undefined) continue;
    const known = steps.get(lane)?.get(row.step);
    const sums = toSums(row);
    steps.get(lane)?.set(row.step, known ? addSums([known, sums]) : sums);
    reach = Math.max(reach ?? 0, row.reach);
  }
  return { steps, reach };
}

function toSums({ samples, sum, low, high, last, bins }: StepRow): Sums {
  return { samples, sum: sum ?? 0, low, high, last, bins: readBins(bins), rest: 0 };
}

function readBins(text: string | null): Map<number, number> {
  const all = new Map<number, number>();
  if (text === null) return all;
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
