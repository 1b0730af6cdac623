import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ComparedSystemDto } from "#server/contract/scenario-comparison.ts";
import { faultInputSchema } from "#server/contract/scenarios.ts";
import { publishMany } from "../bus/publish.ts";
import { injectFault, playPreset } from "./change-fault.ts";
import { compareOrders } from "./compare-orders.ts";
import { eventOfUnit } from "./produce.ts";
import { getScenario } from "./registry.ts";
import { endInComparison, playInComparison, startComparison, stopComparison } from "./run-comparison.ts";
import { orderUnit, type SampleOrder } from "./sample-orders.ts";
import { openScenarios, type TestScenarios, until } from "./testing/open-scenarios.ts";

let system: TestScenarios;
beforeAll(async () => {
  system = await openScenarios();
});
afterAll(() => system.close());

/** Publishes orders as the producer of a system does. */
async function publishOrders(scenario: string, orders: (Partial<SampleOrder> & { orderId: string })[]) {
  const { sql, clock } = system.ctx;
  const events = orders.map((order) => {
    const whole = { customerId: "customer-1", amount: 100, quantity: 1, address: "1 River Street", ...order };
    return eventOfUnit(getScenario(scenario), orderUnit("order.confirmed", whole), clock.now());
  });
  await sql.begin((tx) => publishMany(tx, events));
}

const compare = async (name: string) => {
  const { systems } = await compareOrders(system.ctx, { minutes: 5 });
  const found = systems.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not compared.`);
  return found;
};
const phaseOf = ({ phases }: ComparedSystemDto, kind: string) =>
  phases.find((phase) => phase.kind === kind)?.figures;

/** Milliseconds, by nearest rank, of differences between moments in the database. */
function ranked(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    p50: sorted[Math.ceil(sorted.length * 0.5) - 1],
    p95: sorted[Math.ceil(sorted.length * 0.95) - 1],
  };
}
const near = ({
  p50 = Number.NaN,
  p95 = Number.NaN,
}: {
  p50?: number | undefined;
  p95?: number | undefined;
}) => ({
  p50: expect.closeTo(p50, 1),
  p95: expect.closeTo(p95, 1),
});

describe("Before anything runs", () => {
  test("there are no orders, and no times", async () => {
    const { systems, presets, maxRate } = await compareOrders(system.ctx, { minutes: 5 });
    expect(systems.map(({ name }) => name)).toEqual(["orders-broker", "orders-mediator", "orders-sync"]);
    for (const { phases, runningSince, isCapped } of systems) {
      expect(runningSince).toBeNull();
      expect(isCapped).toBe(false);
      expect(phases).toMatchObject([{ kind: "whole", figures: { orders: 0, answerMs: null, doneMs: null } }]);
    }
    expect(presets.map(({ name }) => name)).toEqual(["mail-is-slow", "stock-is-down"]);
    expect(maxRate).toBe(20);
  });

  test("no story is told, and none is told in some of them only", async () => {
    await system.start("orders-broker");
    await expect(playInComparison(system.ctx, "mail-is-slow")).rejects.toMatchObject({ code: "conflict" });
    expect((await compare("orders-broker")).story).toBeNull();
    await expect(playInComparison(system.ctx, "bad-address")).rejects.toMatchObject({ code: "not-found" });
    await expect(startComparison(system.ctx, 21)).rejects.toMatchObject({ code: "invalid" });
  });
});

describe("Figures equal a recount", () => {
  test("of a broker: done with its last delivery, failed with a dead letter", async () => {
    await injectFault(system.ctx, "orders-broker", {
      service: "shipping",
      fault: faultInputSchema.parse({ poisonKey: "customer-7", seconds: null }),
    });
    const well = Array.from({ length: 6 }, (_, index) => ({ orderId: `b-${index}` }));
    await publishOrders("orders-broker", [...well, { orderId: "b-bad", customerId: "customer-7" }]);
    await until(async () => {
      const during = phaseOf(await compare("orders-broker"), "during");
      return during?.completed === 6 && during.failed === 1;
    });
    const done = await system.sql<{ ms: number }[]>`
      select (extract(epoch from (select max(settled_at) from deliveries where position in (
          select position from events flow where flow.correlation_id = events.correlation_id))
        - event_time) * 1000)::float8 as ms
      from events where correlation_id like 'b-_' and event_time is not null and subject = correlation_id
        and causation_id is null`;
    const answers = await system.sql<{ ms: number }[]>`
      select position / 1000::float8 - (extract(epoch from event_time) * 1000)::float8 as ms from events
      where correlation_id like 'b-%' and causation_id is null`;
    expect(done).toHaveLength(6);
    const compared = await compare("orders-broker");
    expect(phaseOf(compared, "during")).toEqual({
      orders: 7,
      completed: 6,
      failed: 1,
      refused: 0,
      underWay: 0,
      halfDone: 1,
      answered: 7,
      answerMs: near(ranked(answers.map(({ ms }) => ms))),
      doneMs: near(ranked(done.map(({ ms }) => ms))),
      lastFailed: "b-bad",
    });
    expect(compared.story).toMatchObject({ service: "shipping", preset: null, to: null });
  });

  test("of a mediator: done with its process, refused where a service said no", async () => {
    await system.start("orders-mediator");
    await publishOrders("orders-mediator", [
      { orderId: "m-1" },
      { orderId: "m-2" },
      { orderId: "m-3", quantity: 10 },
    ]);
    await until(async () => {
      const rows = await system.sql`select from processes where ended_at is not null`;
      return rows.length === 3;
    });
    const done = await system.sql<{ ms: number }[]>`
      select (extract(epoch from ended_at - event_time) * 1000)::float8 as ms
      from processes join events on position = start_position where status = 'completed'`;
    const { phases, story } = await compare("orders-mediator");
    expect(story).toBeNull();
    expect(phases).toMatchObject([
      {
        kind: "whole",
        figures: {
          orders: 3,
          completed: 2,
          refused: 1,
          failed: 0,
          halfDone: 0,
          underWay: 0,
          answered: 3,
          doneMs: near(ranked(done.map(({ ms }) => ms))),
          lastFailed: null,
        },
      },
    ]);
  });

  test("of calls: answered in the end, before and during a story", async () => {
    await system.start("orders-sync");
    const calm = system.openDesk();
    for (const orderId of ["c-1", "c-2", "c-3"]) calm.request({ orderId });
    await calm.settle();
    await calm.close();
    await playPreset(system.ctx, "orders-sync", "stock-is-down");
    // One that has not heard before of anything going wrong.
    const disturbed = system.openDesk();
    disturbed.request({ orderId: "c-4" });
    await disturbed.settle();
    await disturbed.close();
    await until(async () => (await system.flow("c-4")).includes("order.failed"));
    const times = await system.sql<{ key: string; ms: number }[]>`
      select correlation_id as key, (extract(epoch from max(event_time) - min(event_time)) * 1000)::float8 as ms
      from events where correlation_id like 'c-_' group by correlation_id`;
    const compared = await compare("orders-sync");
    const before = times.filter(({ key }) => key !== "c-4").map(({ ms }) => ms);
    const answer = near(ranked(before));
    expect(phaseOf(compared, "before")).toMatchObject({
      orders: 3,
      completed: 3,
      answered: 3,
      halfDone: 0,
      answerMs: answer,
      doneMs: answer,
    });
    expect(Math.min(...before)).toBeGreaterThanOrEqual(190);
    expect(phaseOf(compared, "during")).toMatchObject({
      orders: 1,
      completed: 0,
      failed: 1,
      halfDone: 0,
      answered: 1,
      doneMs: null,
      lastFailed: "c-4",
    });
    expect(compared.story).toMatchObject({ service: "inventory", preset: "stock-is-down" });
  });

  test("of calls that failed half way, and of those without an answer", async () => {
    await injectFault(system.ctx, "orders-sync", {
      service: "shipping",
      fault: faultInputSchema.parse({ isDown: true }),
    });
    await endInComparison(system.ctx, "stock-is-down");
    const desk = system.openDesk();
    desk.request({ orderId: "c-5" });
    await desk.settle();
    await desk.close();
    await system.put("orders-sync", "shop", [
      { type: "order.requested", key: "c-6", partitionKey: "customer-1", data: { orderId: "c-6" } },
    ]);
    await until(async () => (await system.flow("c-5")).includes("order.failed"));
    const during = phaseOf(await compare("orders-sync"), "during");
    expect(during).toMatchObject({ orders: 2, failed: 1, halfDone: 1, underWay: 1, answered: 1 });
    expect(during?.lastFailed).toBe("c-5");
  });
});

describe("All of them", () => {
  test("run at the same rate, and are told and spared the same story", async () => {
    const { ctx } = system;
    await startComparison(ctx, 5);
    const started = await compareOrders(ctx, { minutes: 1 });
    expect(started.systems.map(({ rate }) => rate)).toEqual([5, 5, 5]);
    expect(started.systems.every(({ runningSince }) => runningSince !== null)).toBe(true);
    await playInComparison(ctx, "mail-is-slow");
    const told = await compareOrders(ctx, { minutes: 1 });
    expect(told.systems.map(({ story }) => story?.preset)).toEqual(Array(3).fill("mail-is-slow"));
    await endInComparison(ctx, "mail-is-slow");
    await endInComparison(ctx, "mail-is-slow");
    const over = await compareOrders(ctx, { minutes: 1 });
    for (const { story } of over.systems) {
      expect(Date.parse(story?.to ?? "")).toBeLessThanOrEqual(Date.parse(over.to));
    }
    await stopComparison(ctx);
    const stopped = await compareOrders(ctx, { minutes: 1 });
    expect(stopped.systems.every(({ runningSince }) => runningSince === null)).toBe(true);
  });

  test("count no orders of other sources", async () => {
    const count = async () => {
      const { systems } = await compareOrders(system.ctx, { minutes: 60 });
      return systems.map(({ phases }) => phases.reduce((all, { figures }) => all + figures.orders, 0));
    };
    const before = await count();
    await system.append([
      { type: "order.confirmed", source: "/elsewhere", subject: "x-1", correlationId: "x-1" },
      { type: "order.requested", source: "/samples/orders-sync/mail", subject: "x-2", correlationId: "x-2" },
    ]);
    expect(await count()).toEqual(before);
  });
});
