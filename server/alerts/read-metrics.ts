import { readFolds } from "#drizzle/queries/metric-writing.ts";
import { binOf } from "#server/domain/log-histogram.ts";
import { partsOf } from "#server/domain/metrics/parts.ts";
import type { Labels } from "#server/domain/metrics/points.ts";
import { resolutionFor } from "#server/domain/metrics/resolution.ts";
import type { Sums } from "#server/domain/metrics/stats.ts";
import type { Context } from "#server/platform/context.ts";
import { getCoverage } from "../metrics/metric-coverage.ts";
import { findLanes } from "../metrics/metric-lanes.ts";
import { queryMetric } from "../metrics/query-metric.ts";
import { sumLanes } from "../metrics/sum-lanes.ts";
import type { ReadMetrics } from "./observe-rule.ts";

/** What metrics say, for one look: what is asked twice is asked once. */
export function openMetrics(ctx: Pick<Context, "sql" | "clock">): ReadMetrics {
  const answers = new Map<string, Promise<unknown>>();
  function once<Value>(question: unknown, ask: () => Promise<Value>): Promise<Value> {
    const key = JSON.stringify(question);
    const known = answers.get(key) ?? ask();
    answers.set(key, known);
    return known as Promise<Value>; // the same question, asked the same way
  }
  return {
    query: (query) => once(["query", query], () => queryMetric(ctx, query)),
    coverage: (metric) => once(["coverage", metric], () => getCoverage(ctx, metric)),
    slowShares: (watched, window) =>
      once(["slow", watched, window], () => readSlowShares(ctx, watched, window)),
  };
}

/**
 * Of each series, how many took longer than that, and how many there were, step by step. A bin that the border falls into
 * counts as not longer: the border is off by a tenth at most.
 */
async function readSlowShares(
  { sql }: Pick<Context, "sql">,
  { metric, by, where, overSeconds }: Parameters<ReadMetrics["slowShares"]>[0],
  { fromMs, toMs, stepMs }: Parameters<ReadMetrics["slowShares"]>[1],
): ReturnType<ReadMetrics["slowShares"]> {
  const [folds, [found]] = await Promise.all([readFolds(sql), findLanes(sql, [{ metric, by, where }])]);
  const groups = found?.groups ?? [];
  const [from, to, step] = [fromMs / 1000, toMs / 1000, stepMs / 1000];
  const parts = partsOf({ from, to }, resolutionFor(stepMs), folds);
  const lanes = groups.flatMap((group) => group.lanes);
  const [sums] = await sumLanes(sql, [{ lanes, parts, from, step, value: "bins" }]);
  const border = binOf(overSeconds * 1e6);
  return groups.map(({ value, lanes }) => {
    const steps = Array.from({ length: (to - from) / step }, (_, at) =>
      lanes.map((lane) => sums?.steps.get(lane)?.get(at)).filter((sum) => sum !== undefined),
    );
    const labels: Labels = by === undefined || value === null ? {} : { [by]: value };
    return {
      labels,
      slow: steps.map((of) => total(of, (sum) => countAbove(sum, border))),
      all: steps.map((of) => total(of, ({ samples }) => samples)),
    };
  });
}

function countAbove({ bins }: Sums, border: number): number {
  return [...bins].reduce((sum, [bin, count]) => sum + (bin > border ? count : 0), 0);
}

function total(sums: readonly Sums[], count: (sum: Sums) => number): number {
  return sums.reduce((all, sum) => all + count(sum), 0);
}
