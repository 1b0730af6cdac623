import { quantile, RELATIVE_ERROR } from "../log-histogram.ts";
import type { Counts } from "../topology/flow-summary.ts";

/** How a step went in other flows; histograms by bin, so that those of any stretches of time add up. */
export type StepNorm = {
  /** Flows that had the step. */
  flows: number;
  /** Those in which no other step followed it. */
  last: number;
  /** How long it took, from being asked for to the answer. */
  took: Counts;
  /** How long it was until the next step began. */
  wentOnAfter: Counts;
};

/** By key of the step. */
export type SagaNorms = { readonly [key: string]: StepNorm };

/** Fewer flows say nothing about how long a step normally takes. */
export const LEAST_FLOWS = 20;
/** Of the flows with a step: from here on, another step nearly always follows it. */
export const GOES_ON_SHARE = 0.99;
/**
 * Fewer flows don't say that another step nearly always follows: where none of n flows ended at a step, up to 3 in n may
 * (with 95 percent certainty: the rule of three, Hanley and Lippman-Hand, JAMA 1983). What is wrongly missed is never seen to
 * have ended there, so it would be missed for ever.
 */
export const LEAST_FLOWS_GOING_ON = 300;

/** Microseconds that a step takes longer than in one of a hundred flows; null while too few are known. */
export function usualLimit(bins: Counts): number | null {
  if (countOf(bins) < LEAST_FLOWS) return null;
  const p99 = quantileOf(bins, 0.99);
  // The bin's middle stands for what may lie at its upper end.
  return p99 === null ? null : p99 * (1 + RELATIVE_ERROR);
}

export function quantileOf(bins: Counts, q: number): number | null {
  return quantile(
    Object.entries(bins).map(([bin, count]) => ({ bin: Number(bin), count })),
    q,
  );
}

export function countOf(bins: Counts): number {
  return Object.values(bins).reduce((sum, count) => sum + count, 0);
}
