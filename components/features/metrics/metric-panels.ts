import type { HeatMapDto } from "#server/contract/metrics.ts";
import type { MetricGroup, MetricLabel, MetricName, Stat } from "#server/domain/metrics/catalogue.ts";

/** A chart of the page: a metric, how it is told, and what it is broken down by. */
export type Panel = { metric: MetricName; stat: Stat; by: MetricLabel | null };

type HeatMetric = HeatMapDto["metric"];

/** The charts that a group begins with, in the order in which a person on call asks. */
export const PANELS: Readonly<Record<MetricGroup, readonly Panel[]>> = {
  events: [
    { metric: "events", stat: "rate", by: "type" },
    { metric: "events", stat: "rate", by: "source" },
    { metric: "events", stat: "rate", by: "channel" },
    { metric: "events", stat: "rate", by: "version" },
  ],
  consumers: [
    { metric: "failure_rate", stat: "ratio", by: "consumer" },
    { metric: "backlog", stat: "last", by: "consumer" },
    { metric: "attempts", stat: "rate", by: "consumer" },
    { metric: "processing_time", stat: "p95", by: "consumer" },
    { metric: "critical_time", stat: "p95", by: "consumer" },
    { metric: "oldest_waiting", stat: "max", by: "consumer" },
    { metric: "drain_time", stat: "last", by: "consumer" },
    { metric: "dead_letters", stat: "count", by: "consumer" },
    { metric: "retries", stat: "rate", by: "consumer" },
    { metric: "duplicates", stat: "count", by: "consumer" },
  ],
  channels: [
    { metric: "channel_depth", stat: "last", by: "channel" },
    { metric: "channel_in", stat: "rate", by: "channel" },
    { metric: "channel_out", stat: "rate", by: "channel" },
  ],
  sagas: [
    { metric: "sagas", stat: "last", by: "state" },
    { metric: "sagas", stat: "last", by: "saga" },
    { metric: "saga_step_time", stat: "p95", by: "step" },
    { metric: "saga_step_time", stat: "p95", by: "saga" },
  ],
  projections: [
    { metric: "projection_lag", stat: "max", by: "projection" },
    { metric: "projection_behind", stat: "max", by: "projection" },
    { metric: "outbox_lag", stat: "max", by: null },
    { metric: "outbox_waiting", stat: "max", by: null },
  ],
  ingest: [
    { metric: "ingest_acknowledged", stat: "rate", by: null },
    { metric: "ingest_rejected", stat: "rate", by: "reason" },
    { metric: "ingest_write_time", stat: "p99", by: null },
    { metric: "ingest_buffered", stat: "max", by: null },
    { metric: "ingest_lag", stat: "max", by: null },
  ],
  database: [
    { metric: "database_connections", stat: "max", by: "state" },
    { metric: "database_commits", stat: "rate", by: null },
    { metric: "database_rollbacks", stat: "rate", by: null },
    { metric: "database_longest_transaction", stat: "max", by: null },
    { metric: "database_cache_hits", stat: "average", by: null },
    { metric: "database_size", stat: "last", by: null },
  ],
  process: [
    { metric: "process_cpu", stat: "average", by: "instance" },
    { metric: "event_loop_delay", stat: "p99", by: "instance" },
    { metric: "process_memory", stat: "max", by: "instance" },
    { metric: "process_heap", stat: "max", by: "instance" },
    { metric: "live_clients", stat: "max", by: "instance" },
  ],
};

/** The heat map that a group ends with. */
export const HEAT_MAPS: Partial<Record<MetricGroup, HeatMetric>> = {
  consumers: "processing_time",
  sagas: "saga_step_time",
  ingest: "ingest_write_time",
};
