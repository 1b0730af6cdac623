import { readFolds } from "#drizzle/queries/metric-writing.ts";
import type { HeatMapDto, HeatMapQuery } from "#server/contract/metrics.ts";
import { GAMMA, RELATIVE_ERROR } from "#server/domain/log-histogram.ts";
import { definitionOf } from "#server/domain/metrics/catalogue.ts";
import { partsOf } from "#server/domain/metrics/parts.ts";
import type { Sums } from "#server/domain/metrics/stats.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { getCoverage, knownSeconds } from "./metric-coverage.ts";
import { findLanes } from "./metric-lanes.ts";
import { toWindow } from "./metric-window.ts";
import { completeTo, toMoment } from "./query-metric.ts";
import { NO_LANE_SUMS, sumLanes } from "./sum-lanes.ts";

/** More rows than that can't be told apart in a picture: neighbouring bins share one then. */
const MAX_ROWS = 60;

/** How many took how long in each step of a window. Throws `invalid` for metrics that have no histograms. */
export async function getHeatMap(
  ctx: Pick<Context, "sql" | "clock">,
  query: HeatMapQuery,
): Promise<HeatMapDto> {
  const { metric } = query;
  if (definitionOf(metric).kind !== "histogram") {
    throw new AppError("invalid", `${metric} has no histograms. Ask for a metric whose kind is histogram.`);
  }
  const nowMs = ctx.clock.now().getTime();
  const window = toWindow(query, nowMs);
  const [coverage, folds, [found]] = await Promise.all([
    getCoverage(ctx, metric),
    readFolds(ctx.sql),
    findLanes(ctx.sql, [query]),
  ]);
  const { groups = [], presence = null } = found ?? {};
  const [lane] = groups.flatMap(({ lanes }) => lanes);
  const [sums = NO_LANE_SUMS] = await sumLanes(ctx.sql, [
    {
      lanes: [lane ?? { role: "main", ids: [] }, ...(presence === null ? [] : [presence])],
      parts: partsOf(window, window.resolution, folds),
      from: window.from,
      step: window.step,
      value: "bins",
    },
  ]);
  const measured = presence === null ? null : sums.steps.get(presence);
  const gaps = Array.from({ length: window.steps }, (_, at) => at).filter((at) => {
    const isMeasured = measured?.has(at) ?? false;
    return knownSeconds(window, at, { coverage, isMeasured, nowMs }) === 0;
  });
  const unknown = new Set(gaps);
  const columns = [...((lane && sums.steps.get(lane))?.entries() ?? [])];
  const known = new Map(columns.filter(([at]) => !unknown.has(at)));
  return {
    metric,
    window: { from: toMoment(window.from), to: toMoment(window.to) },
    stepMs: window.step * 1000,
    ...toCells(known),
    gaps,
    exactness: { kind: "bounded", relativeError: RELATIVE_ERROR },
    completeTo: completeTo(coverage, sums, nowMs),
  };
}

function toCells(columns: ReadonlyMap<number, Sums>): Pick<HeatMapDto, "bounds" | "cells" | "highest"> {
  const used = [...columns.values()].flatMap(({ bins }) =>
    [...bins].flatMap(([bin, count]) => (count > 0 ? [bin] : [])),
  );
  if (used.length === 0) return { bounds: [], cells: [], highest: 0 };
  const lowest = used.reduce((least, bin) => Math.min(least, bin));
  const rows = used.reduce((most, bin) => Math.max(most, bin)) - lowest + 1;
  const ofRow = Math.ceil(rows / MAX_ROWS);
  const cells: HeatMapDto["cells"] = [];
  let highest = 0;
  for (const [column, { bins }] of [...columns].toSorted(([a], [b]) => a - b)) {
    const counts = new Map<number, number>();
    for (const [bin, count] of bins) {
      const row = Math.floor((bin - lowest) / ofRow);
      counts.set(row, (counts.get(row) ?? 0) + count);
    }
    for (const [row, count] of [...counts].toSorted(([a], [b]) => a - b)) {
      if (count <= 0) continue;
      cells.push([column, row, count]);
      highest = Math.max(highest, count);
    }
  }
  const bounds = Array.from({ length: Math.ceil(rows / ofRow) + 1 }, (_, row) =>
    lowerEnd(lowest + row * ofRow),
  );
  return { bounds, cells, highest };
}

/** Where a bin begins, in seconds. */
function lowerEnd(bin: number): number {
  return bin <= 0 ? 0 : GAMMA ** (bin - 1) / 1e6;
}
