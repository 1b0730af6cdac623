import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertManyOutbox } from "#drizzle/queries/outbox.ts";
import { pauseSubscription } from "#server/bus/pause-subscription.ts";
import { until } from "#server/bus/testing/open-bus.ts";
import { order } from "#server/domain/orders/order.ts";
import { lintExposition } from "#server/gauges/testing/lint-exposition.ts";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

async function scrape(): Promise<Map<string, number>> {
  const { status, type, text } = await api.fetchText("/metrics");
  expect([status, type]).toEqual([200, "application/openmetrics-text; version=1.0.0; charset=utf-8"]);
  const { families, faults } = lintExposition(text);
  expect(faults).toEqual([]);
  return new Map(
    families.flatMap(({ samples }) =>
      samples.map(({ name, labels, value }) => [[name, ...Object.values(labels)].join(" "), value] as const),
    ),
  );
}

/** Until what is shown is newer than what was changed. */
async function shows(expected: Record<string, unknown>): Promise<void> {
  let shown = new Map<string, number>();
  const isShown = async () => {
    shown = await scrape();
    return Object.entries(expected).every(([key, value]) => shown.get(key) === value);
  };
  await until(isShown, 10_000).catch(() => {});
  expect(Object.fromEntries(Object.keys(expected).map((key) => [key, shown.get(key)]))).toEqual(expected);
}

describe("What is exposed", () => {
  test("counts what a paused consumer has to get, and since when it waits", async () => {
    await api.ask("PUT", "/api/v1/channels/orders", { kind: "topic", rules: [{ type: "order.*" }] });
    await api.subscribe("paused", { channel: "orders" });
    await pauseSubscription(api.ctx, "paused");
    await api.append(["order.placed", "order.paid", "user.seen", "order.shipped"].map((type) => ({ type })));
    await shows({
      "nagare_consumer_backlog_deliveries paused": 3,
      "nagare_consumer_backlog_exact paused": 1,
      "nagare_channel_waiting_deliveries orders": 3,
      "nagare_stored_events_total order.paid": 1,
      nagare_database_up: 1,
    });
    const shown = await scrape();
    expect(shown.get("nagare_consumer_oldest_waiting_seconds paused")).toBeGreaterThan(0);
    expect(shown.get("nagare_database_size_bytes")).toBeGreaterThan(1_000_000);
    expect(shown.get("nagare_database_committed_transactions_total")).toBeGreaterThan(0);
    expect(shown.get("nagare_ingest_write_seconds_count")).toBe(1);
  });

  test("counts what is refused, by reason", async () => {
    const event = { specversion: "1.0", id: "twice", source: "/refusing", type: "refused" };
    await api.postEvents([event]);
    await api.postEvents([event]);
    await api.postEvents([{ ...event, data: "other" }, { id: "no-type" }]);
    await api.postEvents("no envelope");
    const large = { ...event, id: "large", data: "x".repeat(2_000_000) };
    await api.postEvents([large]);
    await api.ask("POST", "/api/v1/streams/account/a", {
      expectedVersion: 7,
      events: [{ id: "a", source: "/refusing", type: "opened" }],
    });
    await shows({
      "nagare_ingest_rejected_events_total conflict": 1,
      "nagare_ingest_rejected_events_total invalid": 2,
      "nagare_ingest_rejected_events_total too-large": 1,
      "nagare_ingest_rejected_events_total version-conflict": 1,
      "nagare_ingest_rejected_events_total full-buffer": 0,
      nagare_ingest_acknowledged_events_total: 6,
    });
  });

  test("counts what became of attempts", async () => {
    api.handlers.register("flaky", {
      transaction: "none",
      handle: async ({ id }, { attempt }) => {
        if (id === "dies") throw new Error("Always.");
        if (id === "late" && attempt < 2) throw new Error("Not yet.");
      },
    });
    api.handlers.register("stored", { transaction: "each", handle: async () => {} });
    await api.subscribe("flaky", { filters: [{ exact: { type: "tried" } }] });
    await api.subscribe("stored", { filters: [{ exact: { type: "tried" } }] });
    await api.startBus();
    await api.append(["at-once", "late", "dies"].map((id) => ({ id, type: "tried" })));
    await shows({
      "nagare_consumer_attempts_total flaky succeeded": 2,
      "nagare_consumer_attempts_total flaky failed": 5,
      "nagare_consumer_retried_attempts_total flaky": 4,
      "nagare_consumer_dead_letters_total flaky": 1,
      "nagare_consumer_processing_seconds_count flaky": 7,
      "nagare_consumer_critical_seconds_count flaky": 2,
      "nagare_consumer_attempts_total stored succeeded": 3,
      "nagare_consumer_attempts_total stored failed": 0,
      "nagare_consumer_backlog_deliveries flaky": 0,
      "nagare_consumer_drain_seconds flaky": 0,
    });
  });

  test("counts what the outbox holds, and what read models lack", async () => {
    const { sql } = api.database;
    await sql.begin((tx) => insertManyOutbox(tx, ["{}", "{}"]));
    const behind = "nagare_projection_behind_events order-summaries";
    const before = (await scrape()).get(behind) ?? 0;
    const [type = ""] = Object.keys(order.evolve);
    await api.append([{ type, aggregateType: order.type, aggregateId: "1" }, { type: "other" }]);
    await shows({ nagare_outbox_waiting_events: 2, [behind]: before + 1 });
    const shown = await scrape();
    expect(shown.get("nagare_outbox_lag_seconds")).toBeGreaterThan(0);
    expect(shown.get("nagare_projection_lag_seconds order-summaries")).toBeGreaterThanOrEqual(0);
  });

  test("is asked for once by many who scrape at a time", async () => {
    const [first, second] = await Promise.all([
      api.ctx.meters.sampleSystem(api.ctx),
      api.ctx.meters.sampleSystem(api.ctx),
    ]);
    expect(first).toBe(second);
  });
});
