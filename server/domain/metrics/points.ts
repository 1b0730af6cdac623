import { binOf } from "../log-histogram.ts";
import { definitionOf, type MetricLabel, NO_VALUE, type StoredMetric } from "./catalogue.ts";

export type Labels = Partial<Record<MetricLabel, string>>;

/**
 * What is to be added to a metric at a moment. Values in the metric's unit.
 *
 * - A counter has `samples` alone: how many there were.
 * - A gauge has what was measured `samples` times.
 * - A histogram has how many values there were, and how many in each bin of `binOf` their microseconds.
 *
 * Less than nothing takes back what was added before.
 */
export type MetricPoint = {
  metric: StoredMetric;
  labels: Labels;
  atMs: number;
  samples: number;
  sum?: number | null;
  low?: number | null;
  high?: number | null;
  last?: number | null;
  bins?: ReadonlyMap<number, number> | null;
};

/** So many more at a moment. */
export function countPoint(
  metric: StoredMetric,
  labels: Labels,
  { atMs, count }: { atMs: number; count: number },
): MetricPoint {
  return { metric, labels, atMs, samples: count };
}

/** What was measured at a moment. All that is measured at once should have the same moment, so that it adds up. */
export function gaugePoint(
  metric: StoredMetric,
  labels: Labels,
  { atMs, value }: { atMs: number; value: number },
): MetricPoint {
  return { metric, labels, atMs, samples: 1, sum: value, low: value, high: value, last: value };
}

/** How long so many things took, in seconds. */
export function durationsPoint(
  metric: StoredMetric,
  labels: Labels,
  { atMs, seconds }: { atMs: number; seconds: readonly number[] },
): MetricPoint {
  const bins = new Map<number, number>();
  let [sum, low, high] = [0, Infinity, -Infinity];
  for (const value of seconds) {
    const bin = binOf(value * 1e6);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
    sum += value;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const isEmpty = seconds.length === 0;
  return {
    metric,
    labels,
    atMs,
    samples: seconds.length,
    sum,
    low: isEmpty ? null : low,
    high: isEmpty ? null : high,
    bins,
  };
}

/** A point of one series and second. */
export type SeriesPoint = {
  /** The same for all points of its series, and for no other. */
  series: string;
  metric: StoredMetric;
  /** The names of its labels, with commas between them; empty for all together. */
  labelNames: string;
  labels: Labels;
  second: number;
  samples: number;
  sum: number | null;
  low: number | null;
  high: number | null;
  last: number | null;
  bins: Map<number, number> | null;
};

/**
 * The points of every series and second that are to be kept: with all labels of the metric, with each of them alone,
 * and all together.
 */
export function toSeriesPoints(points: readonly MetricPoint[]): SeriesPoint[] {
  const merged = new Map<string, SeriesPoint>();
  const atOnce = new Map<string, MetricPoint>();
  for (const point of points) {
    const { kind, labels: names } = definitionOf(point.metric);
    const labels = pick(point.labels, names);
    add(merged, names, { ...point, labels });
    for (const some of partsOf(names)) {
      const part = { ...point, labels: pick(labels, some) };
      if (kind !== "gauge") add(merged, some, part);
      else if (!names.includes("instance")) addUp(atOnce, part);
    }
  }
  for (const point of atOnce.values()) add(merged, namesOf(point), point);
  return [...merged.values()];
}

/** Sets of labels that points are added up by, beside that of all labels. */
function partsOf(names: readonly MetricLabel[]): (readonly MetricLabel[])[] {
  if (names.length === 0) return [];
  return names.length === 1 ? [[]] : [[], ...names.map((name) => [name])];
}

function pick(labels: Labels, names: readonly MetricLabel[]): Labels {
  return Object.fromEntries(names.map((name) => [name, labels[name] || NO_VALUE]));
}

function namesOf({ metric, labels }: MetricPoint): readonly MetricLabel[] {
  return definitionOf(metric).labels.filter((name) => labels[name] !== undefined);
}

function add(merged: Map<string, SeriesPoint>, names: readonly MetricLabel[], point: MetricPoint): void {
  const { metric, labels, atMs, samples, sum = null, low = null, high = null, last = null } = point;
  const second = Math.floor(atMs / 1000);
  const series = `${metric} ${JSON.stringify(labels)}`;
  const key = `${second} ${series}`;
  const known = merged.get(key);
  if (known === undefined) {
    const bins = point.bins ? new Map(point.bins) : null;
    const labelNames = names.join(",");
    merged.set(key, { series, metric, labelNames, labels, second, samples, sum, low, high, last, bins });
    return;
  }
  mergePoint(known, point);
}

/** Adds one point to another of the same series and step. */
export function mergePoint(
  known: Omit<SeriesPoint, "series" | "metric" | "labels" | "labelNames" | "second">,
  { samples, sum, low, high, last, bins }: Partial<Omit<MetricPoint, "metric" | "labels" | "atMs">>,
): void {
  known.samples += samples ?? 0;
  if (sum != null) known.sum = (known.sum ?? 0) + sum;
  if (low != null) known.low = Math.min(known.low ?? low, low);
  if (high != null) known.high = Math.max(known.high ?? high, high);
  if (last != null) known.last = last;
  if (!bins) return;
  known.bins ??= new Map();
  for (const [bin, count] of bins) known.bins.set(bin, (known.bins.get(bin) ?? 0) + count);
}

/** What was measured of several at one moment becomes one measure of them together. */
function addUp(atOnce: Map<string, MetricPoint>, part: MetricPoint): void {
  const value = (part.sum ?? 0) / part.samples;
  const key = `${part.atMs} ${part.metric} ${JSON.stringify(part.labels)}`;
  const known = atOnce.get(key)?.sum;
  let together = value;
  if (known != null) {
    together = definitionOf(part.metric).together === "highest" ? Math.max(known, value) : known + value;
  }
  atOnce.set(key, gaugePoint(part.metric, part.labels, { atMs: part.atMs, value: together }));
}
