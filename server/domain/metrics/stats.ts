import { quantile, valueOfBin } from "../log-histogram.ts";
import type { MetricKind, Stat } from "./catalogue.ts";

/** What points of a series say together. */
export type Sums = {
  samples: number;
  sum: number;
  low: number | null;
  high: number | null;
  last: number | null;
  bins: ReadonlyMap<number, number>;
  /** The bin of the percentile that is asked for, where it was worked out before; else it is told from `bins`. */
  percentile: number | null;
  /** What a share is taken of, beside the samples themselves. */
  rest: number;
};

export const NO_SUMS: Sums = {
  samples: 0,
  sum: 0,
  low: null,
  high: null,
  last: null,
  bins: new Map(),
  percentile: null,
  rest: 0,
};

const QUANTILES: Partial<Record<Stat, number>> = { p50: 0.5, p95: 0.95, p99: 0.99 };

/**
 * A statistic of what was summed up over some seconds, of which everything is known. Null where there is nothing that
 * it could be of: nothing takes no time on average, and no share of nothing failed.
 */
export function statOf(kind: MetricKind, stat: Stat, sums: Sums, seconds: number): number | null {
  const { samples, sum, low, high, last, bins, percentile, rest } = sums;
  if (stat === "count") return samples;
  if (stat === "rate") return seconds > 0 ? samples / seconds : null;
  if (stat === "ratio") return samples + rest > 0 ? samples / (samples + rest) : null;
  if (samples <= 0) return null;
  if (stat === "average") return sum / samples;
  if (stat === "min") return low;
  if (stat === "max") return high;
  if (stat === "last") return last;
  const micros =
    percentile === null
      ? quantile(
          [...bins].map(([bin, count]) => ({ bin, count })),
          QUANTILES[stat] ?? 0.5,
        )
      : valueOfBin(percentile);
  return micros === null || kind !== "histogram" ? null : micros / 1e6;
}

/** Adds up sums of steps or of series. Percentiles that were worked out before don't add up, and are left out. */
export function addSums(all: readonly Sums[]): Sums {
  const total = { ...NO_SUMS };
  // Most have none.
  let bins: Map<number, number> | null = null;
  for (const one of all) {
    total.samples += one.samples;
    total.sum += one.sum;
    total.rest += one.rest;
    if (one.low !== null) total.low = total.low === null ? one.low : Math.min(total.low, one.low);
    if (one.high !== null) total.high = total.high === null ? one.high : Math.max(total.high, one.high);
    total.last = one.last ?? total.last;
    if (one.bins.size === 0) continue;
    bins ??= new Map();
    for (const [bin, count] of one.bins) bins.set(bin, (bins.get(bin) ?? 0) + count);
  }
  return bins === null ? total : { ...total, bins };
}
