import type { StoredMetric } from "#server/domain/metrics/catalogue.ts";
import type { Labels } from "#server/domain/metrics/points.ts";

/** What a gauge showed when it was looked at. What can't be told is left out: that is not nothing. */
export type Sample = { metric: StoredMetric; labels: Labels; value: number };
