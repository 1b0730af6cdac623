import type { SqlTx } from "#drizzle/db.ts";
import { valueOfBin } from "#server/domain/log-histogram.ts";
import type { MetricPoint } from "#server/domain/metrics/points.ts";
import type { ProcessMap } from "#server/domain/sagas/process-map.ts";
import { recordPoints } from "../metrics/record-points.ts";
import { stepName } from "./saga-numbers.ts";

/** A saga that was seen to have ended, for the first time. */
export type EndedSaga = { saga: string; endedUs: number; map: Pick<ProcessMap, "steps"> };

/** Adds how long the steps of ended sagas took to the metrics. Told of each saga once. */
export async function recordSteps(tx: SqlTx, ended: readonly EndedSaga[], nowMs: number): Promise<void> {
  await recordPoints(tx, ended.flatMap(pointsOf), { nowMs });
}

function pointsOf({ saga, endedUs, map: { steps } }: EndedSaga): MetricPoint[] {
  return Object.entries(steps).flatMap(([key, { took }]): MetricPoint[] => {
    const bins = new Map(Object.entries(took).map(([bin, count]) => [Number(bin), count]));
    if (bins.size === 0) return [];
    const seconds = [...bins].map(([bin, count]) => ({ value: valueOfBin(bin) / 1e6, count }));
    const values = seconds.map(({ value }) => value);
    return [
      {
        metric: "saga_step_time",
        labels: { saga, step: stepName(key) },
        atMs: Math.floor(endedUs / 1000),
        samples: seconds.reduce((sum, { count }) => sum + count, 0),
        sum: seconds.reduce((sum, { value, count }) => sum + value * count, 0),
        low: Math.min(...values),
        high: Math.max(...values),
        bins,
      },
    ];
  });
}
