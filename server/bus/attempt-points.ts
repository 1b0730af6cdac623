import { countPoint, type Labels, type MetricPoint } from "#server/domain/metrics/points.ts";
import { samplesOf, type TallyMeasure, type TallySecond } from "#server/domain/tally-sheet.ts";

/** What a second of a consumer adds to the metrics. */
export function attemptPoints(second: TallySecond, labels: Labels): MetricPoint[] {
  const atMs = second.second * 1000;
  const counts = [
    countPoint("attempts_succeeded", labels, { atMs, count: second.succeeded }),
    countPoint("attempts_failed", labels, { atMs, count: second.failed }),
    countPoint("retries", labels, { atMs, count: second.retried }),
    countPoint("duplicates", labels, { atMs, count: second.duplicates }),
    countPoint("dead_letters", labels, { atMs, count: second.dead }),
  ].filter(({ samples }) => samples !== 0);
  const times = [
    timesPoint("processing_time", labels, { atMs, measure: second.processing }),
    timesPoint("critical_time", labels, { atMs, measure: second.critical }),
  ].filter(({ bins }) => bins !== null);
  return [...counts, ...times];
}

/** What left a channel in a second, to one of its consumers. */
export function channelPoints({ second, succeeded }: TallySecond, channel: string): MetricPoint[] {
  return succeeded === 0
    ? []
    : [countPoint("channel_out", { channel }, { atMs: second * 1000, count: succeeded })];
}

function timesPoint(
  metric: "processing_time" | "critical_time",
  labels: Labels,
  { atMs, measure }: { atMs: number; measure: TallyMeasure },
): MetricPoint & { bins: ReadonlyMap<number, number> | null } {
  const { us, low, high, bins } = measure;
  return {
    metric,
    labels,
    atMs,
    samples: samplesOf(measure),
    sum: us / 1e6,
    low: low === null ? null : low / 1e6,
    high: high === null ? null : high / 1e6,
    bins: bins.size === 0 ? null : bins,
  };
}
