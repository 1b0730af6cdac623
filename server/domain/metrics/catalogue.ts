/** What a metric may be broken down by, and narrowed to. */
export const METRIC_LABELS = [
  "type",
  "source",
  "version",
  "channel",
  "consumer",
  "saga",
  "step",
  "state",
  "projection",
  "reason",
  "instance",
] as const;
export type MetricLabel = (typeof METRIC_LABELS)[number];

/**
 * What can be asked of a metric for each point of a chart.
 *
 * - `count`: how many in the step; `rate`: the same a second.
 * - `average`, `min`, `max`, `last`: of what was measured in the step.
 * - `p50`, `p95`, `p99`: from histograms that add up.
 * - `ratio`: of two counts of the step, from 0 to 1.
 */
export const STATS = [
  "count",
  "rate",
  "average",
  "min",
  "max",
  "last",
  "p50",
  "p95",
  "p99",
  "ratio",
] as const;
export type Stat = (typeof STATS)[number];

export const METRIC_KINDS = ["counter", "gauge", "histogram", "ratio"] as const;
export type MetricKind = (typeof METRIC_KINDS)[number];

/** Seconds, bytes and ratios from 0 to 1 are shown in fitting multiples; everything else is counted. */
export const METRIC_UNITS = [
  "events",
  "attempts",
  "deliveries",
  "letters",
  "sagas",
  "seconds",
  "bytes",
  "ratio",
  "connections",
  "transactions",
  "clients",
] as const;
export type MetricUnit = (typeof METRIC_UNITS)[number];

/** Where a room of the metrics page shows it. */
export const METRIC_GROUPS = [
  "events",
  "consumers",
  "channels",
  "sagas",
  "projections",
  "ingest",
  "database",
  "process",
] as const;
export type MetricGroup = (typeof METRIC_GROUPS)[number];

export type MetricDefinition = {
  group: MetricGroup;
  kind: MetricKind;
  unit: MetricUnit;
  /** In the order in which they are offered. */
  labels: readonly MetricLabel[];
  /** What gauges of several consumers, channels or processes are together: by default their sum. */
  together?: "sum" | "highest";
};

/** The statistics that a kind of metric has; the first is what is shown where nobody asks for another. */
export const STATS_OF: Readonly<Record<MetricKind, readonly [Stat, ...Stat[]]>> = {
  counter: ["rate", "count"],
  gauge: ["average", "max", "min", "last"],
  histogram: ["p95", "p50", "p99", "average", "max", "count"],
  ratio: ["ratio"],
};

const CONSUMER = ["consumer", "type"] as const;

/** Every metric that is kept, by name. */
export const METRICS = {
  events: {
    group: "events",
    kind: "counter",
    unit: "events",
    labels: ["type", "source", "version", "channel"],
  },
  attempts: { group: "consumers", kind: "counter", unit: "attempts", labels: CONSUMER },
  attempts_succeeded: { group: "consumers", kind: "counter", unit: "attempts", labels: CONSUMER },
  attempts_failed: { group: "consumers", kind: "counter", unit: "attempts", labels: CONSUMER },
  failure_rate: { group: "consumers", kind: "ratio", unit: "ratio", labels: CONSUMER },
  retries: { group: "consumers", kind: "counter", unit: "attempts", labels: CONSUMER },
  duplicates: { group: "consumers", kind: "counter", unit: "deliveries", labels: CONSUMER },
  dead_letters: { group: "consumers", kind: "counter", unit: "letters", labels: CONSUMER },
  processing_time: { group: "consumers", kind: "histogram", unit: "seconds", labels: CONSUMER },
  critical_time: { group: "consumers", kind: "histogram", unit: "seconds", labels: CONSUMER },
  backlog: { group: "consumers", kind: "gauge", unit: "deliveries", labels: ["consumer"] },
  oldest_waiting: {
    group: "consumers",
    kind: "gauge",
    unit: "seconds",
    labels: ["consumer"],
    together: "highest",
  },
  drain_time: {
    group: "consumers",
    kind: "gauge",
    unit: "seconds",
    labels: ["consumer"],
    together: "highest",
  },
  channel_depth: { group: "channels", kind: "gauge", unit: "deliveries", labels: ["channel"] },
  channel_in: { group: "channels", kind: "counter", unit: "events", labels: ["channel"] },
  channel_out: { group: "channels", kind: "counter", unit: "deliveries", labels: ["channel"] },
  sagas: { group: "sagas", kind: "gauge", unit: "sagas", labels: ["saga", "state"] },
  saga_step_time: { group: "sagas", kind: "histogram", unit: "seconds", labels: ["saga", "step"] },
  projection_lag: {
    group: "projections",
    kind: "gauge",
    unit: "seconds",
    labels: ["projection"],
    together: "highest",
  },
  projection_behind: { group: "projections", kind: "gauge", unit: "events", labels: ["projection"] },
  outbox_lag: { group: "projections", kind: "gauge", unit: "seconds", labels: [] },
  outbox_waiting: { group: "projections", kind: "gauge", unit: "events", labels: [] },
  ingest_acknowledged: { group: "ingest", kind: "counter", unit: "events", labels: ["instance"] },
  ingest_rejected: { group: "ingest", kind: "counter", unit: "events", labels: ["reason", "instance"] },
  ingest_buffered: { group: "ingest", kind: "gauge", unit: "events", labels: ["instance"] },
  ingest_write_time: { group: "ingest", kind: "histogram", unit: "seconds", labels: ["instance"] },
  ingest_lag: { group: "ingest", kind: "gauge", unit: "seconds", labels: ["instance"], together: "highest" },
  database_size: { group: "database", kind: "gauge", unit: "bytes", labels: [] },
  database_connections: { group: "database", kind: "gauge", unit: "connections", labels: ["state"] },
  database_commits: { group: "database", kind: "counter", unit: "transactions", labels: [] },
  database_rollbacks: { group: "database", kind: "counter", unit: "transactions", labels: [] },
  database_cache_hits: { group: "database", kind: "gauge", unit: "ratio", labels: [] },
  database_longest_transaction: { group: "database", kind: "gauge", unit: "seconds", labels: [] },
  process_cpu: { group: "process", kind: "gauge", unit: "ratio", labels: ["instance"] },
  process_memory: { group: "process", kind: "gauge", unit: "bytes", labels: ["instance"] },
  process_heap: { group: "process", kind: "gauge", unit: "bytes", labels: ["instance"] },
  event_loop_delay: { group: "process", kind: "histogram", unit: "seconds", labels: ["instance"] },
  live_clients: { group: "process", kind: "gauge", unit: "clients", labels: ["instance"] },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;

/** The names of all metrics, in the order in which they are offered. */
export const METRIC_NAMES = Object.keys(METRICS) as [MetricName, ...MetricName[]]; // the keys of a literal

/** Those that are worked out from others when they are asked for. */
export type DerivedMetric = "attempts" | "failure_rate";
/** Those of which points are kept. */
export type StoredMetric = Exclude<MetricName, DerivedMetric>;

/** What the points of a metric come from. */
export type MetricSource = "events" | "attempts" | "samples";

const FROM_EVENTS: ReadonlySet<MetricName> = new Set(["events", "channel_in"]);
const FROM_ATTEMPTS: ReadonlySet<MetricName> = new Set([
  "attempts",
  "attempts_succeeded",
  "attempts_failed",
  "failure_rate",
  "retries",
  "duplicates",
  "dead_letters",
  "processing_time",
  "critical_time",
  "channel_out",
]);

/**
 * Where a metric comes from: the log and ended attempts are counted to the last one, however late; everything else is
 * known only while something runs that measures it.
 */
export function sourceOf(metric: MetricName): MetricSource {
  if (FROM_EVENTS.has(metric)) return "events";
  return FROM_ATTEMPTS.has(metric) ? "attempts" : "samples";
}

/** How often gauges are measured, at the most. */
export const SAMPLED_EVERY_MS = 1_000;

/** What a metric is, by its name. */
export function definitionOf(metric: MetricName): MetricDefinition {
  return METRICS[metric];
}

/** The value of a label where there is none. */
export const NO_VALUE = "(none)";
/** The value under which everything stands for which there were too many values. */
export const OTHER_VALUE = "(other)";
