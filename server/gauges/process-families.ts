import type { Context } from "#server/platform/context.ts";
import { REJECTIONS } from "../ingest/ingest-meter.ts";
import { counted, type Family, gauge } from "./exposition.ts";

type Ctx = Pick<Context, "ingest" | "meters">;

/** What this process did since it started, and how it is. */
export function listProcessFamilies({ ingest, meters }: Ctx): Family[] {
  const startedMs = performance.timeOrigin;
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return [
    {
      name: "nagare_stored_events",
      help: "Events that this process stored, by type.",
      unit: "events",
      type: "counter",
      values: meters.ingest.stored.entries().map(([type, meter]) => counted({ type }, meter)),
    },
    {
      name: "nagare_ingest_acknowledged_events",
      help: "Events that this process answered as taken, stored now or before.",
      unit: "events",
      type: "counter",
      values: [
        { labels: {}, value: meters.ingest.acknowledged, createdMs: meters.ingest.duplicates.createdMs },
      ],
    },
    {
      name: "nagare_ingest_rejected_events",
      help: "Events that this process did not take, by reason. A request that could not be read counts as one.",
      unit: "events",
      type: "counter",
      values: REJECTIONS.map((reason) => counted({ reason }, meters.ingest.rejected[reason])),
    },
    gauge(
      "nagare_ingest_buffered_events",
      "events",
      "Events that this process is writing, or that wait for it.",
      [{ labels: {}, value: ingest.buffered }],
    ),
    gauge("nagare_ingest_lag_seconds", "seconds", "How long the oldest event waits for its commit.", [
      { labels: {}, value: ingest.lagMs / 1000 },
    ]),
    {
      name: "nagare_ingest_write_seconds",
      help: "From when the events of a post were complete until they were committed.",
      unit: "seconds",
      type: "histogram",
      values: [{ labels: {}, times: meters.ingest.writes }],
    },
    ...listAttemptFamilies({ meters }),
    {
      name: "nagare_saga_step_seconds",
      help: "How long the steps of sagas took that this process saw end; at a bound, off by at most 5 percent.",
      unit: "seconds",
      type: "histogram",
      values: meters.sagaSteps.entries().map(({ saga, step, times }) => ({ labels: { saga, step }, times })),
    },
    {
      name: "nagare_process_cpu_seconds",
      help: "Time that this process computed, on all cores.",
      unit: "seconds",
      type: "counter",
      values: [{ labels: {}, value: (user + system) / 1e6, createdMs: startedMs }],
    },
    gauge("nagare_process_start_time_seconds", "seconds", "When this process started, since 1970.", [
      { labels: {}, value: startedMs / 1000 },
    ]),
    gauge("nagare_process_memory_bytes", "bytes", "Memory that this process keeps resident.", [
      { labels: {}, value: rss },
    ]),
    gauge("nagare_process_heap_bytes", "bytes", "Heap that this process uses.", [
      { labels: {}, value: heapUsed },
    ]),
    {
      name: "nagare_event_loop_delay_seconds",
      help: "How much later than they should things come to their turn in this process.",
      unit: "seconds",
      type: "histogram",
      values: [{ labels: {}, times: meters.eventLoop.delays }],
    },
    gauge(
      "nagare_live_clients",
      "clients",
      "Browsers and programs that follow the live tail through this process.",
      [{ labels: {}, value: meters.countLiveClients() }],
    ),
  ];
}

function listAttemptFamilies({ meters }: Pick<Context, "meters">): Family[] {
  const consumers = meters.attempts.consumers.entries();
  return [
    {
      name: "nagare_consumer_attempts",
      help: "Attempts that this process made, by what became of them.",
      unit: "attempts",
      type: "counter",
      values: consumers.flatMap(([consumer, { succeeded, failed }]) => [
        counted({ consumer, outcome: "succeeded" }, succeeded),
        counted({ consumer, outcome: "failed" }, failed),
      ]),
    },
    {
      name: "nagare_consumer_retried_attempts",
      help: "Failed attempts of this process that are followed by another one.",
      unit: "attempts",
      type: "counter",
      values: consumers.map(([consumer, { retried }]) => counted({ consumer }, retried)),
    },
    {
      name: "nagare_consumer_duplicate_deliveries",
      help: "Deliveries that this process skipped, since they were handled before.",
      unit: "deliveries",
      type: "counter",
      values: consumers.map(([consumer, { duplicates }]) => counted({ consumer }, duplicates)),
    },
    {
      name: "nagare_consumer_dead_letters",
      help: "Deliveries that used up their attempts in this process, or could not be tried again.",
      unit: "letters",
      type: "counter",
      values: consumers.map(([consumer, { dead }]) => counted({ consumer }, dead)),
    },
    {
      name: "nagare_consumer_processing_seconds",
      help: "How long the attempts of this process took.",
      unit: "seconds",
      type: "histogram",
      values: consumers.map(([consumer, { processing }]) => ({ labels: { consumer }, times: processing })),
    },
    {
      name: "nagare_consumer_critical_seconds",
      help: "From the time of an event until this process had handled it.",
      unit: "seconds",
      type: "histogram",
      values: consumers.map(([consumer, { critical }]) => ({ labels: { consumer }, times: critical })),
    },
  ];
}
