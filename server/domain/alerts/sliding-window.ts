import type { MetricKind, Stat } from "../metrics/catalogue.ts";
import type { Reading } from "./condition.ts";

/** How a statistic over a window comes from those of its steps. `alone`: not at all, each step stands for itself. */
export type Slide = "sum" | "mean" | "min" | "max" | "last" | "share" | "alone";

/** How the steps of a statistic go together. A `share` needs the counts that it is of. */
export function slideOf(kind: MetricKind, stat: Stat): Slide {
  if (kind === "ratio") return "share";
  switch (stat) {
    case "count":
      return "sum";
    case "rate":
      return "mean";
    case "average":
      return kind === "gauge" ? "mean" : "alone";
    case "min":
    case "max":
    case "last":
      return stat;
    default:
      return "alone";
  }
}

type Values = readonly (number | null)[];

/**
 * The readings of a window of `width` steps as it moves over a series: one for each step, of the window that ends with
 * it. A window that begins before the series is not complete.
 *
 * @param isCounted whether a step without a value is one that was not counted, rather than one without anything to
 *   measure.
 */
export function slideWindow(
  values: Values,
  { slide, width, isCounted }: { slide: Exclude<Slide, "share">; width: number; isCounted: boolean },
): Reading[] {
  const size = slide === "alone" ? 1 : width;
  const known = prefixSums(values.map((value) => (value === null ? 0 : 1)));
  const sums = prefixSums(values.map((value) => value ?? 0));
  return values.map((_, index) => {
    const from = index + 1 - size;
    if (from < 0) return UNKNOWN;
    const count = between(known, from, index);
    if (isCounted && count < size) return UNKNOWN;
    if (count === 0) return { value: null, isComplete: true };
    const value = slid(slide, { values, from, index, sum: between(sums, from, index), count });
    return { value, isComplete: true };
  });
}

/** The same for a share: of the whole of each window, such a part. */
export function slideShare(parts: Values, wholes: Values, width: number): Reading[] {
  const known = prefixSums(wholes.map((value) => (value === null ? 0 : 1)));
  const ofParts = prefixSums(parts.map((value) => value ?? 0));
  const ofWholes = prefixSums(wholes.map((value) => value ?? 0));
  return wholes.map((_, index) => {
    const from = index + 1 - width;
    if (from < 0 || between(known, from, index) < width) return UNKNOWN;
    const whole = between(ofWholes, from, index);
    return { value: whole === 0 ? null : between(ofParts, from, index) / whole, isComplete: true };
  });
}

const UNKNOWN: Reading = { value: null, isComplete: false };

type Window = { values: Values; from: number; index: number; sum: number; count: number };

function slid(slide: Exclude<Slide, "share">, { values, from, index, sum, count }: Window): number | null {
  if (slide === "sum" || slide === "alone") return sum;
  if (slide === "mean") return sum / count;
  const seen = values.slice(from, index + 1).filter((value) => value !== null);
  if (slide === "last") return seen.at(-1) ?? null;
  return slide === "min" ? Math.min(...seen) : Math.max(...seen);
}

/** Sums of all values before each place, and of all at the end. */
function prefixSums(values: readonly number[]): number[] {
  const sums = [0];
  let sum = 0;
  for (const value of values) {
    sum += value;
    sums.push(sum);
  }
  return sums;
}

function between(sums: readonly number[], from: number, to: number): number {
  return (sums[to + 1] ?? 0) - (sums[from] ?? 0);
}
