import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "#server/bus/testing/open-bus.ts";
import type { DeliveryListDto } from "#server/contract/deliveries.ts";
import { NonRetryableError } from "#server/domain/retry-policy.ts";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await api.startBus();
});
afterAll(() => api.close());

async function deliveriesOf(position: string | undefined): Promise<DeliveryListDto["deliveries"]> {
  const { body } = await api.ask("GET", `/api/v1/events/${position}/deliveries`);
  return body.deliveries;
}

async function deliveryTo(consumer: string, position: string | undefined) {
  return (await deliveriesOf(position)).find((one) => one.consumer === consumer);
}

describe("The deliveries of an event", () => {
  test("are told with every attempt, and never for a consumer that has nothing to do with it", async () => {
    api.handlers.register("ok", { transaction: "each", handle: async () => {} });
    api.handlers.register("twice", {
      transaction: "each",
      handle: async (_event, { attempt }) => {
        if (attempt < 2) throw new Error("Not yet.");
      },
    });
    api.handlers.register("never", {
      transaction: "none",
      handle: async () => {
        throw new NonRetryableError("No such order.");
      },
    });
    const held = Promise.withResolvers<void>();
    api.handlers.register("slow", { transaction: "none", handle: () => held.promise });
    const filters = [{ exact: { type: "told" } }];
    for (const consumer of ["ok", "twice", "never", "slow", "absent"]) {
      await api.subscribe(consumer, { filters });
    }
    await api.subscribe("other", { filters: [{ exact: { type: "other" } }] });
    const [position] = await api.append([{ type: "told" }]);
    await api.subscribe("late", { filters, startFrom: "now" });
    await until(async () => (await deliveryTo("twice", position))?.status === "succeeded");
    await until(async () => (await deliveryTo("never", position))?.status === "dead");
    await until(async () => (await deliveryTo("slow", position))?.status === "processing");

    const deliveries = await deliveriesOf(position);
    expect(deliveries.map(({ consumer, status }) => [consumer, status]).toSorted()).toEqual([
      ["absent", "pending"],
      ["never", "dead"],
      ["ok", "succeeded"],
      ["slow", "processing"],
      ["twice", "succeeded"],
    ]);
    const outcomes = (consumer: string) =>
      deliveries
        .find((one) => one.consumer === consumer)
        ?.attempts.map(({ attempt, outcome, error }) => [attempt, outcome, error?.message ?? null]);
    expect(outcomes("ok")).toEqual([[1, "succeeded", null]]);
    expect(outcomes("twice")).toEqual([
      [1, "failed", "Not yet."],
      [2, "succeeded", null],
    ]);
    expect(outcomes("never")).toEqual([[1, "failed", "No such order."]]);
    await api.countAttempts();
    const dead = await api.ask("GET", "/api/v1/subscriptions/never");
    expect(dead.body).toMatchObject({ dead: { count: 1, exact: true }, attemptsLastHour: { failed: 1 } });
    expect(dead.body).toMatchObject({ attemptsLately: { succeeded: 0, failed: 1 } });
    await api.sql`
      update processing_minutes set minute = minute - interval '10 minutes'
      where subscription_id = (select id from subscriptions where consumer = 'never')`;
    const calmed = await api.ask("GET", "/api/v1/subscriptions/never");
    expect(calmed.body).toMatchObject({ attemptsLastHour: { failed: 1 }, attemptsLately: { failed: 0 } });
    const failures = await api.ask("GET", "/api/v1/subscriptions/never/failures");
    expect(failures.body).toMatchObject({
      failures: [
        {
          position,
          type: "told",
          status: "dead",
          lastAttempt: { attempt: 1, error: { message: "No such order." } },
        },
      ],
      capped: false,
    });
    // It failed once, and was handled since.
    expect((await api.ask("GET", "/api/v1/subscriptions/twice/failures")).body.failures).toEqual([]);
    expect((await api.ask("GET", "/api/v1/subscriptions/nobody/failures")).status).toBe(404);
    held.resolve();
    await until(async () => (await deliveryTo("slow", position))?.status === "succeeded");
    expect((await api.ask("GET", "/api/v1/events/1/deliveries")).status).toBe(404);
  });

  test("of a queue are pending to all of its consumers together", async () => {
    await api.ask("PUT", "/api/v1/channels/jobs", { kind: "queue", rules: [{ type: "job" }] });
    await api.subscribe("job-a", { channel: "jobs" });
    await api.subscribe("job-b", { channel: "jobs" });
    const [position] = await api.append([{ type: "job" }]);
    expect(await deliveriesOf(position)).toMatchObject([
      { consumer: null, competing: ["job-a", "job-b"], status: "pending", channel: "jobs" },
    ]);
  });
});

describe("Reported attempts", () => {
  const start = Date.parse("2025-11-22T10:00:00Z");
  const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
  const reports = [
    { attempt: 1, startedAt: at(0), outcome: "running" },
    { attempt: 1, endedAt: at(2), outcome: "failed", error: "Inventory timed out" },
    { attempt: 2, startedAt: at(10), outcome: "running" },
    { attempt: 2, startedAt: at(10), endedAt: at(11), outcome: "failed", error: { name: "E", message: "m" } },
    { attempt: 3, startedAt: at(20), endedAt: at(23), outcome: "succeeded" },
  ];

  async function settled(consumer: string, position: string | undefined) {
    const delivery = await deliveryTo(consumer, position);
    await api.countAttempts();
    const counts = await api.sql`
      select m.minute, succeeded, failed, retried, dead, duration_us, critical_us from processing_minutes m
      join subscriptions s on s.id = subscription_id where consumer = ${consumer} order by 1`;
    const bins = await api.sql`
      select measure, bin, count from processing_bins b join subscriptions s on s.id = subscription_id
      where consumer = ${consumer} and count <> 0 order by 1, 2`;
    return { delivery: { ...delivery, consumer: "" }, counts: [...counts], bins: [...bins] };
  }

  test("settle to one state and one sum, in any order, in any batches, however often they come", async () => {
    const event = { id: "reported-1", source: "/outside", type: "outside.happened", time: at(-5) };
    const [position] = await api.append([event]);
    const send = async (consumer: string, batch: unknown[]) => {
      const whole = batch.map((one) => Object.assign({ source: event.source, id: event.id, consumer }, one));
      const { status, body } = await api.ask("POST", "/api/v1/attempts", whole);
      expect([status, body]).toEqual([200, { accepted: batch.length, rejected: [] }]);
    };
    await send("in-order", reports);
    const expected = await settled("in-order", position);
    expect(expected.delivery).toMatchObject({
      status: "succeeded",
      settledAt: at(23),
      attempts: [
        {
          outcome: "failed",
          startedAt: at(0),
          endedAt: at(2),
          durationMs: 2000,
          error: { kind: "reported" },
        },
        { outcome: "failed", durationMs: 1000, error: { name: "E", message: "m" } },
        { outcome: "succeeded", durationMs: 3000, error: null },
      ],
    });
    expect(expected.counts).toMatchObject([
      { succeeded: "1", failed: "2", retried: "2", duration_us: "6000000", critical_us: "28000000" },
    ]);

    let runs = 0;
    const shuffled = fc.shuffledSubarray([...reports, ...reports, ...reports], {
      minLength: 15,
      maxLength: 15,
    });
    await fc.assert(
      fc.asyncProperty(shuffled, fc.integer({ min: 1, max: 6 }), async (order, size) => {
        const consumer = `shuffled-${++runs}`;
        for (let from = 0; from < order.length; from += size)
          await send(consumer, order.slice(from, from + size));
        expect(await settled(consumer, position)).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  test("are judged one by one", async () => {
    await api.append([{ id: "reported-2", source: "/outside", type: "outside.happened" }]);
    await api.subscribe("inside");
    const good = { source: "/outside", id: "reported-2", consumer: "outside", outcome: "running" };
    const { status, body } = await api.ask("POST", "/api/v1/attempts", {
      reports: [
        { ...good, id: "never-sent" },
        good,
        { ...good, attempt: 0 },
        { ...good, consumer: "inside" },
      ],
    });
    expect(status).toBe(200);
    expect(body.accepted).toBe(1);
    expect(body.rejected.map((one: { index: number; code: string }) => [one.index, one.code])).toEqual([
      [0, "unknown-event"],
      [2, "invalid"],
      [3, "not-external"],
    ]);
    const { body: subscription } = await api.ask("GET", "/api/v1/subscriptions/outside");
    expect(subscription).toMatchObject({ state: "external", backlog: null, channel: null });
    const none = await api.ask("POST", "/api/v1/attempts", [{ ...good, id: "never-sent" }]);
    expect(none).toMatchObject({ status: 422, body: { code: "nothing-taken" } });
  });
});

describe("The sums of processing", () => {
  test("tell by consumer and by type what the attempts were", async () => {
    const window = "from=2025-11-22T09:30:00Z&to=2025-11-22T10:30:00Z";
    const { body } = await api.ask("GET", `/api/v1/metrics/processing?${window}&by=consumer`);
    const item = body.items.find((one: { name: string }) => one.name === "in-order");
    expect(item).toMatchObject({
      total_events: 3,
      successful_events: 1,
      failed: 2,
      retried: 2,
      dead: 0,
      duplicates: 0,
      failure_rate: 2 / 3,
      average_duration: 2000,
    });
    expect(Math.abs(item.processing_time.p50 / 2000 - 1)).toBeLessThanOrEqual(body.relative_error);
    expect(Math.abs(item.critical_time.p99 / 28_000 - 1)).toBeLessThanOrEqual(body.relative_error);
    const byType = await api.ask("GET", `/api/v1/metrics/processing?${window}&by=type`);
    expect(byType.body.items.map((one: { name: string }) => one.name)).toEqual(["outside.happened"]);
    const ofOne = await api.ask("GET", `/api/v1/metrics/processing?${window}&by=type&consumer=in-order`);
    expect(ofOne.body.items).toMatchObject([{ name: "outside.happened", total_events: 3, failed: 2 }]);
    const ofNobody = await api.ask("GET", `/api/v1/metrics/processing?${window}&by=type&consumer=nobody`);
    expect(ofNobody.body.items).toEqual([]);
    const backwards = "from=2025-11-22T10:30:00Z&to=2025-11-22T09:30:00Z";
    expect((await api.ask("GET", `/api/v1/metrics/processing?${backwards}`)).status).toBe(400);
  });
});
