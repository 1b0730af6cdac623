import { OTHER_VALUE, type StoredMetric } from "#server/domain/metrics/catalogue.ts";
import { MAX_KEPT_APART } from "#server/platform/meters.ts";
import { type Family, gauge, type Labels } from "./exposition.ts";
import type { Sample } from "./sample.ts";
import type { SystemSamples } from "./sample-system.ts";

/** Series of one metric that are kept apart: those of sagas are by type and state. */
const MAX_SERIES = MAX_KEPT_APART;

/** Sampled metrics by what they are called outside. */
const SAMPLED: ReadonlyMap<StoredMetric, { name: string; unit: string; help: string }> = new Map([
  [
    "backlog",
    {
      name: "nagare_consumer_backlog_deliveries",
      unit: "deliveries",
      help: "Deliveries that wait for each consumer; at least, where nagare_consumer_backlog_exact is 0.",
    },
  ],
  [
    "oldest_waiting",
    {
      name: "nagare_consumer_oldest_waiting_seconds",
      unit: "seconds",
      help: "How long ago the oldest event that waits for each consumer was recorded.",
    },
  ],
  [
    "drain_time",
    {
      name: "nagare_consumer_drain_seconds",
      unit: "seconds",
      help: "Time until nothing waits any more, if it goes on as in the last minute; left out where it does not shrink.",
    },
  ],
  [
    "channel_depth",
    {
      name: "nagare_channel_waiting_deliveries",
      unit: "deliveries",
      help: "Deliveries that wait in each channel.",
    },
  ],
  ["sagas", { name: "nagare_sagas", unit: "sagas", help: "Sagas by type and state." }],
  [
    "projection_lag",
    {
      name: "nagare_projection_lag_seconds",
      unit: "seconds",
      help: "How long ago the oldest event was recorded that a read model does not show.",
    },
  ],
  [
    "projection_behind",
    {
      name: "nagare_projection_behind_events",
      unit: "events",
      help: "Events that a read model does not show; at most 10000 are counted.",
    },
  ],
  [
    "outbox_lag",
    {
      name: "nagare_outbox_lag_seconds",
      unit: "seconds",
      help: "How long the oldest published event waits for the log.",
    },
  ],
  [
    "outbox_waiting",
    {
      name: "nagare_outbox_waiting_events",
      unit: "events",
      help: "Published events that wait for the log; at most 10000 are counted.",
    },
  ],
  ["database_size", { name: "nagare_database_size_bytes", unit: "bytes", help: "Size of the database." }],
  [
    "database_connections",
    {
      name: "nagare_database_connections",
      unit: "connections",
      help: "Sessions of the database by state.",
    },
  ],
  [
    "database_cache_hits",
    {
      name: "nagare_database_cache_hit_ratio",
      unit: "ratio",
      help: "Of the blocks that were asked for lately, the share that was in memory.",
    },
  ],
  [
    "database_longest_transaction",
    {
      name: "nagare_database_longest_transaction_seconds",
      unit: "seconds",
      help: "How long the longest transaction lasts, of those that this user may look into.",
    },
  ],
]);

/** What is the same from whichever process it is looked at; nothing of it where the database can't be asked. */
export function listSystemFamilies(system: SystemSamples | null): Family[] {
  const bySample = Map.groupBy(system?.looks.flatMap(({ samples }) => samples) ?? [], ({ metric }) => metric);
  const sampled = [...SAMPLED].map(([metric, { name, unit, help }]) =>
    gauge(name, unit, help, foldOthers(bySample.get(metric) ?? [], unit)),
  );
  const totals = system?.databaseTotals ?? null;
  const createdMs = totals?.counted_since == null ? null : totals.counted_since * 1000;
  const backlogs = (bySample.get("backlog") ?? []).slice(0, MAX_KEPT_APART);
  return [
    gauge("nagare_database_up", null, "1 where the database answers, else 0.", [
      { labels: {}, value: system === null ? 0 : 1 },
    ]),
    ...sampled,
    gauge(
      "nagare_consumer_backlog_exact",
      null,
      "1 where the backlog of a consumer is exact, 0 where it is a least.",
      backlogs.map(({ labels: { consumer = "" } }) => ({
        labels: { consumer },
        value: system?.inexact.has(consumer) ? 0 : 1,
      })),
    ),
    gauge(
      "nagare_dead_letters",
      "letters",
      "Dead letters that are parked, and those that a replay has taken up.",
      Object.entries(system?.openLetters ?? {}).map(([status, value]) => ({ labels: { status }, value })),
    ),
    {
      name: "nagare_database_committed_transactions",
      help: "Transactions of the database that were committed, since its statistics began.",
      unit: "transactions",
      type: "counter",
      values: totals === null ? [] : [{ labels: {}, value: totals.commits, createdMs }],
    },
    {
      name: "nagare_database_rolled_back_transactions",
      help: "Transactions of the database that were rolled back, since its statistics began.",
      unit: "transactions",
      type: "counter",
      values: totals === null ? [] : [{ labels: {}, value: totals.rollbacks, createdMs }],
    },
  ];
}

/** The first series by their labels; all others together: times as the longest of them, everything else as their sum. */
function foldOthers(samples: readonly Sample[], unit: string): { labels: Labels; value: number }[] {
  const series = samples
    .map(({ labels, value }) => ({ labels: { ...labels }, value }))
    .toSorted((a, b) => (JSON.stringify(a.labels) < JSON.stringify(b.labels) ? -1 : 1));
  const [first] = series;
  const others = series.slice(MAX_SERIES).map(({ value }) => value);
  if (first === undefined || others.length === 0) return series;
  const labels = Object.fromEntries(Object.keys(first.labels).map((label) => [label, OTHER_VALUE]));
  const value = unit === "seconds" ? Math.max(...others) : others.reduce((sum, one) => sum + one, 0);
  return [...series.slice(0, MAX_SERIES), { labels, value }];
}
