import type { SqlTx } from "#drizzle/db.ts";
import {
  countSeries,
  type Folds,
  findSeriesIds,
  insertPoints,
  insertSeries,
  type PointRow,
  shareMetrics,
  type WantedSeries,
} from "#drizzle/queries/metric-writing.ts";
import { OTHER_VALUE } from "#server/domain/metrics/catalogue.ts";
import {
  type MetricPoint,
  mergePoint,
  type SeriesPoint,
  toSeriesPoints,
} from "#server/domain/metrics/points.ts";
import { RESOLUTIONS } from "#server/domain/metrics/resolution.ts";

/** Of one metric with the same names of labels. What comes beyond stands under `OTHER_VALUE`. */
export const MAX_SERIES = 5_000;
const ROWS_AT_ONCE = 5_000;
/** What claims to have happened later than that is not believed. */
const MAX_AHEAD_S = 3_600;

/**
 * Adds points to their series, and to the series that they are part of. They take effect with the transaction, and are
 * seen at every resolution. What is older than the points that are kept is left out.
 */
export async function recordPoints(
  tx: SqlTx,
  points: readonly MetricPoint[],
  { nowMs, maxSeries = MAX_SERIES }: { nowMs: number; maxSeries?: number },
): Promise<void> {
  if (points.length === 0) return;
  const [latest, oldest] = [nowMs / 1000 + MAX_AHEAD_S, secondKept(RESOLUTIONS.length - 1, nowMs)];
  const whole = toSeriesPoints(points).filter(({ second }) => second >= oldest && second <= latest);
  if (whole.length === 0) return;
  const folds = await shareMetrics(tx);
  const rows: PointRow[] = [];
  for (const { seriesId, point } of await intoSeries(tx, whole, maxSeries)) {
    rows.push(...atResolutions(seriesId, point, { folds, nowMs }));
  }
  const parts = Array.from({ length: Math.ceil(rows.length / ROWS_AT_ONCE) }, (_, part) =>
    rows.slice(part * ROWS_AT_ONCE, (part + 1) * ROWS_AT_ONCE),
  );
  await Promise.all(parts.map((part) => insertPoints(tx, part)));
}

/**
 * The points by the ids of their series. Of a metric that has too many series already, those of new ones are put
 * together.
 */
async function intoSeries(
  tx: SqlTx,
  points: readonly SeriesPoint[],
  maxSeries: number,
): Promise<{ seriesId: number; point: SeriesPoint }[]> {
  const wanted = new Map(points.map((point) => [point.series, point as WantedSeries]));
  const ids = await idsOf(tx, wanted);
  const missing = [...wanted].filter(([key]) => !ids.has(key)).map(([, series]) => series);
  const others = new Map<string, WantedSeries>();
  if (missing.length > 0) {
    const fitting: WantedSeries[] = [];
    for (const some of Map.groupBy(missing, ({ metric, labelNames }) => `${metric} ${labelNames}`).values()) {
      const { metric, labelNames } = some[0] ?? missing[0] ?? { metric: "", labelNames: "" };
      const room = Math.max(0, maxSeries - (await countSeries(tx, metric, labelNames)));
      fitting.push(...some.slice(0, room));
      for (const series of some.slice(room)) others.set(keyOf(series), otherOf(series));
    }
    const added = new Map([...fitting, ...others.values()].map((series) => [keyOf(series), series]));
    await insertSeries(tx, [...added.values()]);
    for (const [key, id] of await idsOf(tx, added)) ids.set(key, id);
  }
  const placed = new Map<string, { seriesId: number; point: SeriesPoint }>();
  for (const point of points) {
    const { series } = point;
    const seriesId = ids.get(series) ?? ids.get(keyOf(others.get(series) ?? point));
    if (seriesId === undefined) throw new Error(`The series ${series} was not added.`);
    const key = `${seriesId} ${point.second}`;
    const known = placed.get(key);
    if (known) mergePoint(known.point, point);
    else placed.set(key, { seriesId, point });
  }
  return [...placed.values()];
}

async function idsOf(tx: SqlTx, wanted: ReadonlyMap<string, WantedSeries>): Promise<Map<string, number>> {
  const ids = await findSeriesIds(tx, [...wanted.values()].map(bare));
  return new Map(
    [...wanted.keys()].flatMap((key, place) => {
      const id = ids[place];
      return id == null ? [] : [[key, id] as const];
    }),
  );
}

function bare({ metric, labelNames, labels }: WantedSeries): WantedSeries {
  return { metric, labelNames, labels };
}

function otherOf({ metric, labelNames, labels }: WantedSeries): WantedSeries {
  return {
    metric,
    labelNames,
    labels: Object.fromEntries(Object.keys(labels).map((name) => [name, OTHER_VALUE])),
  };
}

function keyOf({ metric, labels }: WantedSeries): string {
  return `${metric} ${JSON.stringify(labels)}`;
}

/**
 * The finest resolution, from which the others are summed up later, and those of them that were summed up before: as
 * far as their points are kept, or still needed.
 */
function atResolutions(
  seriesId: number,
  { second, samples, sum, low, high, last, bins }: SeriesPoint,
  { folds, nowMs }: { folds: Folds; nowMs: number },
): PointRow[] {
  const sorted =
    bins === null ? null : [...bins].filter(([, count]) => count !== 0).toSorted(([a], [b]) => a - b);
  const values = {
    seriesId,
    samples,
    sum,
    low,
    high,
    last,
    bins: sorted?.map(([bin]) => bin) ?? null,
    counts: sorted?.map(([, count]) => count) ?? null,
  };
  return RESOLUTIONS.flatMap(({ stepMs }, resolution) => {
    const isFolded = resolution === 0 || second < (folds[resolution - 1] ?? 0);
    const isNeeded = second >= (folds[resolution] ?? Infinity) || second >= secondKept(resolution, nowMs);
    const step = stepMs / 1000;
    return isFolded && isNeeded ? [{ ...values, resolution, second: Math.floor(second / step) * step }] : [];
  });
}

/** The first second whose points are kept, by the clock alone. */
function secondKept(resolution: number, nowMs: number): number {
  return Math.floor((nowMs - (RESOLUTIONS[resolution]?.keptMs ?? 0)) / 1000);
}
