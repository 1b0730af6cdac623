import type { MetricListDto } from "#server/contract/metrics.ts";
import { RELATIVE_ERROR } from "#server/domain/log-histogram.ts";
import { definitionOf, METRIC_NAMES, STATS_OF } from "#server/domain/metrics/catalogue.ts";
import { RESOLUTIONS } from "#server/domain/metrics/resolution.ts";

/** Everything that can be asked for. */
export function listMetrics(): MetricListDto {
  return {
    metrics: METRIC_NAMES.map((name) => {
      const { group, kind, unit, labels } = definitionOf(name);
      return { name, group, kind, unit, labels: [...labels], stats: [...STATS_OF[kind]] };
    }),
    resolutions: RESOLUTIONS.map(({ stepMs, keptMs }) => ({ stepMs, keptMs })),
    relativeError: RELATIVE_ERROR,
  };
}
