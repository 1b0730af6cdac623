import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { faultInputSchema } from "#server/contract/scenarios.ts";
import { createFixedClock } from "#server/platform/clock.ts";
import { injectFault, removeFault } from "../change-fault.ts";
import { getScenarioDto } from "../list-scenarios.ts";
import { produceOnce } from "../produce.ts";
import { removeScenarioData } from "../remove-data.ts";
import { setRate, stopScenario } from "../start-scenario.ts";
import { openScenarios, type TestScenarios, until } from "../testing/open-scenarios.ts";

const SYSTEM = "orders-sync";
const answerSchema = z.object({
  responseMs: z.number(),
  calls: z.array(z.object({ service: z.string(), outcome: z.string(), ms: z.number() })),
  done: z.array(z.string()),
  failed: z.object({ service: z.string(), outcome: z.string() }).nullable(),
});

let system: TestScenarios;
let desk: ReturnType<TestScenarios["openDesk"]>;
beforeAll(async () => {
  system = await openScenarios();
  await system.start(SYSTEM);
});
afterAll(() => system.close());
// Each with a desk of its own, which has not heard of the faults before.
beforeEach(() => {
  desk = system.openDesk();
});
afterEach(() => desk.close());

const disturb = (service: string, fault: object) =>
  injectFault(system.ctx, SYSTEM, { service, fault: faultInputSchema.parse(fault) });

/** What the shop told the customer, once it is in the log. */
async function answerOf(orderId: string) {
  let rows: { type: string; data_text: string }[] = [];
  await until(async () => {
    rows = await system.sql<{ type: string; data_text: string }[]>`
      select name as type, data_text from events join interned_names on interned_names.id = type_id
      where correlation_id = ${orderId} and name in ('order.fulfilled', 'order.failed')`;
    return rows.length > 0;
  });
  expect(rows).toHaveLength(1);
  const [{ type = "", data_text: text = "" } = {}] = rows;
  return { type, ...answerSchema.parse(JSON.parse(text)) };
}

describe("An order that is called for", () => {
  test("is answered after all services, and no sooner than the sum of their times", async () => {
    desk.request({ orderId: "c-1" });
    const { type, responseMs, calls, done, failed } = await answerOf("c-1");
    expect(type).toBe("order.fulfilled");
    expect(failed).toBeNull();
    expect(done).toEqual(["inventory", "mail", "points", "shipping"]);
    const dto = await getScenarioDto(system.ctx, SYSTEM);
    expect(done).toEqual(dto.services.map(({ name }) => name));
    const sum = calls.reduce((total, { ms }) => total + ms, 0);
    // Each is rounded to the microsecond.
    expect(responseMs).toBeGreaterThanOrEqual(sum - 0.01);
    // 40, 60, 15 and 80; a timer may be a millisecond early.
    expect(sum).toBeGreaterThanOrEqual(195 - calls.length);
  });

  test("is a flow: each event is there because of the request", async () => {
    expect(await system.flow("c-1")).toEqual([
      "order.requested",
      "inventory.updated",
      "mail.sent",
      "points.credited",
      "order.shipped",
      "order.fulfilled",
    ]);
    const causes = await system.sql`
      select distinct causation_id = (select id from events where correlation_id = 'c-1' order by position limit 1)
        as is_request
      from events where correlation_id = 'c-1' and causation_id is not null`;
    expect(causes).toEqual([{ is_request: true }]);
  });
});

describe("A service that is", () => {
  test("too slow fails the order, leaves what was done, and does its part all the same", async () => {
    await disturb("mail", { latencyMs: 2_200 });
    desk.request({ orderId: "c-2" }, { givesUp: true });
    const { type, responseMs, calls, done, failed } = await answerOf("c-2");
    expect(type).toBe("order.failed");
    expect(failed).toEqual({ service: "mail", outcome: "timed-out" });
    expect(done).toEqual(["inventory"]);
    expect(calls.map(({ service }) => service)).toEqual(["inventory", "mail"]);
    expect(responseMs).toBeGreaterThanOrEqual(2_000);
    await until(async () => (await system.flow("c-2")).includes("mail.sent"));
    expect((await system.flow("c-2")).toSorted()).toEqual([
      "inventory.updated",
      "mail.sent",
      "order.failed",
      "order.requested",
    ]);
    await removeFault(system.ctx, SYSTEM, "mail");
  });

  test("slow within the limit makes every customer wait", async () => {
    await disturb("points", { latencyMs: 500 });
    desk.request({ orderId: "c-3" });
    const { type, responseMs } = await answerOf("c-3");
    expect(type).toBe("order.fulfilled");
    expect(responseMs).toBeGreaterThanOrEqual(690);
    await removeFault(system.ctx, SYSTEM, "points");
  });

  test("down fails every order before anything else is done", async () => {
    await disturb("inventory", { isDown: true });
    for (const orderId of ["c-4", "c-5", "c-6"]) desk.request({ orderId });
    for (const orderId of ["c-4", "c-5", "c-6"]) {
      const { type, done, failed } = await answerOf(orderId);
      expect({ type, done, failed }).toEqual({
        type: "order.failed",
        done: [],
        failed: { service: "inventory", outcome: "unreachable" },
      });
      expect(await system.effectsOf(SYSTEM, orderId)).toEqual({});
    }
    await removeFault(system.ctx, SYSTEM, "inventory");
  });

  test.each([
    { orderId: "c-7", fault: { failureRate: 1 }, outcome: "busy" },
    { orderId: "c-8", fault: { failureRate: 1, errorKind: "final" }, outcome: "refused" },
    { orderId: "c-9", fault: { poisonKey: "customer-1" }, outcome: "refused" },
    { orderId: "c-10", fault: { failureRate: 1, errorKind: "timeout" }, outcome: "timed-out" },
  ])("disturbed by $fault is $outcome to the shop", async ({ orderId, fault, outcome }) => {
    await disturb("points", fault);
    desk.request({ orderId }, { givesUp: outcome === "timed-out" });
    const { done, failed } = await answerOf(orderId);
    expect(failed).toEqual({ service: "points", outcome });
    expect(done).toEqual(["inventory", "mail"]);
    expect(await system.effectsOf(SYSTEM, orderId)).not.toHaveProperty("points/points-credited");
    await removeFault(system.ctx, SYSTEM, "points");
  });

  test("not heard has done its part, and the order fails", async () => {
    await disturb("shipping", { lostReplyRate: 1 });
    desk.request({ orderId: "c-11" }, { givesUp: true });
    const { type, failed } = await answerOf("c-11");
    expect({ type, failed }).toEqual({
      type: "order.failed",
      failed: { service: "shipping", outcome: "timed-out" },
    });
    expect(await system.flow("c-11")).toContain("order.shipped");
    await removeFault(system.ctx, SYSTEM, "shipping");
  });

  test("asked twice does its part once", async () => {
    await disturb("points", { duplicateRate: 1 });
    desk.request({ orderId: "c-12" });
    expect((await answerOf("c-12")).type).toBe("order.fulfilled");
    expect((await system.effectsOf(SYSTEM, "c-12"))["points/points-credited"]).toBe(2);
    expect((await system.flow("c-12")).filter((type) => type === "points.credited")).toHaveLength(1);
    await removeFault(system.ctx, SYSTEM, "points");
  });
});

describe("The system", () => {
  test("hands its traffic over to be called for, instead of publishing it", async () => {
    const clock = createFixedClock(new Date());
    const ctx = { ...system.ctx, clock };
    await stopScenario(ctx, SYSTEM);
    await setRate(ctx, SYSTEM, 2);
    await system.start(SYSTEM);
    clock.advance(1_500);
    const requests = await produceOnce({ ...ctx, random: () => 0.5 });
    expect(requests.map(({ event }) => event.type)).toContain("order.requested");
    const [first] = requests;
    expect(await system.flow(first?.event.correlationId ?? "")).toEqual([]);
    expect((await getScenarioDto(ctx, SYSTEM)).produced).toBe(requests.length);
  });

  test("has no consumers, and is drawn by its calls", async () => {
    const dto = await getScenarioDto(system.ctx, SYSTEM);
    expect(dto.services.map(({ consumer }) => consumer)).toEqual([null, null, null, null]);
    expect(dto.graph.edges.every(({ from, isCall }) => from === "producer" && isCall)).toBe(true);
    expect(dto.graph.nodes.filter(({ kind }) => kind === "channel")).toEqual([]);
    const subscriptions = await system.sql`select from subscriptions where consumer like 'orders-sync.%'`;
    expect(subscriptions).toHaveLength(0);
  });

  test("fails what is under way when the program stops, and says so", async () => {
    await disturb("mail", { latencyMs: 1_500 });
    desk.request({ orderId: "c-13" });
    await until(async () => (await system.flow("c-13")).includes("inventory.updated"));
    await desk.close();
    expect(await answerOf("c-13")).toMatchObject({ type: "order.failed", done: ["inventory"] });
    await removeFault(system.ctx, SYSTEM, "mail");
  });

  test("is removed for good while an order is under way", async () => {
    const { ctx, sql } = system;
    await disturb("mail", { latencyMs: 1_000, seconds: null });
    desk.request({ orderId: "c-14" });
    await until(async () => (await system.flow("c-14")).includes("inventory.updated"));
    await stopScenario(ctx, SYSTEM);
    const { confirm } = await removeScenarioData(ctx, SYSTEM, { dryRun: true });
    await removeScenarioData(ctx, SYSTEM, { dryRun: false, confirm });
    await desk.settle();
    const [left] = await sql`
      select (select count(*)::int from events) as events, (select count(*)::int from outbox where sent_at is null) as unsent,
        (select count(*)::int from sample_effects) as effects`;
    expect(left).toEqual({ events: 0, unsent: 0, effects: 0 });
  });
});
