import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultInputSchema } from "#server/contract/scenarios.ts";
import { createFixedClock } from "#server/platform/clock.ts";
import { injectFault, playPreset, removeFault } from "./change-fault.ts";
import { getScenarioDto, listScenarios } from "./list-scenarios.ts";
import { produceOnce } from "./produce.ts";
import { removeScenarioData } from "./remove-data.ts";
import { setOptionalService } from "./set-optional-service.ts";
import { setRate, startScenario, stopScenario } from "./start-scenario.ts";
import { openScenarios, type TestScenarios, until } from "./testing/open-scenarios.ts";

let system: TestScenarios;
beforeAll(async () => {
  system = await openScenarios();
});
afterAll(() => system.close());

const fault = (wish: object) => faultInputSchema.parse(wish);

describe("Orders through a broker", () => {
  test("everybody reacts on their own, and shipping to the stock", async () => {
    await system.start("orders-broker");
    await system.order("orders-broker", "order.confirmed", { orderId: "b-1" });
    await until(async () => Object.keys(await system.effectsOf("orders-broker", "b-1")).length === 5);
    expect(Object.keys(await system.effectsOf("orders-broker", "b-1")).toSorted()).toEqual([
      "analytics/counted",
      "inventory/stock-taken",
      "mail/confirmation-mailed",
      "points/points-credited",
      "shipping/shipped",
    ]);
    await until(async () => (await system.flow("b-1")).includes("order.shipped"));
    const flow = await system.flow("b-1");
    expect(flow.indexOf("inventory.updated")).toBeLessThan(flow.indexOf("order.shipped"));
  });

  test("fraud detection is added and taken away while the others run", async () => {
    await setOptionalService(system.ctx, "orders-broker", { service: "fraud", isOn: true });
    await system.reload();
    await system.order("orders-broker", "order.confirmed", { orderId: "b-2", amount: 460 });
    await until(async () => (await system.flow("b-2")).includes("fraud.suspected"));
    await setOptionalService(system.ctx, "orders-broker", { service: "fraud", isOn: false });
    const dto = await getScenarioDto(system.ctx, "orders-broker");
    expect(dto.services.find(({ name }) => name === "fraud")?.isOn).toBe(false);
    await expect(
      setOptionalService(system.ctx, "orders-broker", { service: "mail", isOn: false }),
    ).rejects.toMatchObject({ code: "invalid" });
  });

  test("a message that comes twice has its effect once", async () => {
    await injectFault(system.ctx, "orders-broker", {
      service: "inventory",
      fault: fault({ duplicateRate: 1 }),
    });
    await new Promise((resolve) => setTimeout(resolve, 300)); // what is known of faults may be as old as this
    await system.order("orders-broker", "order.confirmed", { orderId: "b-3" });
    await until(async () => (await system.flow("b-3")).includes("order.shipped"));
    await until(async () => (await system.effectsOf("orders-broker", "b-3"))["inventory/stock-taken"] === 2);
    expect((await system.flow("b-3")).filter((type) => type === "inventory.updated")).toHaveLength(1);
    await removeFault(system.ctx, "orders-broker", "inventory");
  });

  test("one poisoned customer leaves a dead letter, and the others their parcels", async () => {
    await playPreset(system.ctx, "orders-broker", "bad-address");
    await new Promise((resolve) => setTimeout(resolve, 300)); // what is known of faults may be as old as this
    await system.order("orders-broker", "order.confirmed", { orderId: "b-4", customerId: "customer-7" });
    await system.order("orders-broker", "order.confirmed", { orderId: "b-5", customerId: "customer-8" });
    await until(async () => (await system.flow("b-5")).includes("order.shipped"));
    await until(async () => {
      const dead = await system.sql`
        select from deliveries join subscriptions on id = subscription_id
        where consumer = 'orders-broker.shipping' and status = 4`;
      return dead.length === 1;
    });
    expect(await system.flow("b-4")).not.toContain("order.shipped");
    const dto = await getScenarioDto(system.ctx, "orders-broker");
    expect(dto.presets.find(({ name }) => name === "bad-address")?.endsAt).not.toBeNull();
  });
});

describe("Orders under a mediator", () => {
  const ended = (key: string, type: string) => until(async () => (await system.flow(key)).includes(type));

  test("each step is told in its turn until the order is fulfilled", async () => {
    await system.start("orders-mediator");
    await system.order("orders-mediator", "order.confirmed", { orderId: "m-1", address: "1 River Street" });
    await ended("m-1", "order.fulfilled");
    const effects = Object.keys(await system.effectsOf("orders-mediator", "m-1"));
    expect(effects[0]).toBe("payment/payment.charge");
    expect(effects[1]).toBe("inventory/inventory.reserve");
    expect(effects.slice(2, 4).toSorted()).toEqual(["mail/mail.send", "points/points.credit"]);
    expect(effects[4]).toBe("shipping/shipping.ship");
  });

  test("a refused shipment takes back the stock first and the payment last", async () => {
    await system.order("orders-mediator", "order.confirmed", { orderId: "m-2", address: "" });
    await ended("m-2", "order.cancelled");
    const effects = Object.keys(await system.effectsOf("orders-mediator", "m-2"));
    expect(effects.slice(-2)).toEqual(["inventory/inventory.release", "payment/payment.refund"]);
    expect(effects).not.toContain("shipping/shipping.ship");
  });

  test("an order that is not in stock is paid back, and nobody is told to ship it", async () => {
    await system.order("orders-mediator", "order.confirmed", { orderId: "m-3", address: "x", quantity: 10 });
    await ended("m-3", "order.cancelled");
    expect(Object.keys(await system.effectsOf("orders-mediator", "m-3"))).toEqual([
      "payment/payment.charge",
      "payment/payment.refund",
    ]);
  });

  test("hears nobody outside of its system", async () => {
    await system.order("orders-broker", "order.confirmed", { orderId: "b-6" });
    await until(async () => (await system.flow("b-6")).includes("order.shipped"));
    const runs = await system.sql`select from processes where business_key = 'b-6'`;
    expect(runs).toHaveLength(0);
  });
});

describe("Orders as a choreographed saga", () => {
  const flowTo = async (orderId: string, end: string) => {
    await until(async () => (await system.flow(orderId)).includes(end));
    return system.flow(orderId);
  };

  test("is confirmed, refused by the bank, or paid back, with nobody in the lead", async () => {
    await system.start("orders-saga");
    await system.order("orders-saga", "order.placed", { orderId: "s-1" });
    await system.order("orders-saga", "order.placed", { orderId: "s-2", amount: 500 });
    await system.order("orders-saga", "order.placed", { orderId: "s-3", quantity: 10 });
    expect(await flowTo("s-1", "order.confirmed")).toEqual([
      "order.placed",
      "payment.processed",
      "inventory.reserved",
      "order.confirmed",
    ]);
    expect(await flowTo("s-2", "order.cancelled")).toEqual([
      "order.placed",
      "payment.failed",
      "order.cancelled",
    ]);
    expect(await flowTo("s-3", "order.cancelled")).toEqual([
      "order.placed",
      "payment.processed",
      "inventory.reservation.failed",
      "payment.refunded",
      "order.cancelled",
    ]);
  });
});

describe("A sample system", () => {
  test("gets traffic at its rate from one producer, and faults that end by themselves", async () => {
    const clock = createFixedClock(new Date());
    const ctx = { ...system.ctx, clock };
    await stopScenario(ctx, "orders-saga");
    // Two seconds of this are no unit.
    for (const other of ["orders-broker", "orders-mediator"]) await setRate(ctx, other, 0.1);
    await setRate(ctx, "orders-saga", 2);
    await startScenario(ctx, "orders-saga");
    await injectFault(ctx, "orders-saga", { service: "mail", fault: fault({ isDown: true, seconds: 1 }) });
    const before = (await getScenarioDto(ctx, "orders-saga")).produced;
    clock.advance(1_500);
    await Promise.all([1, 2, 3].map(() => produceOnce({ ...ctx, random: () => 0.5 })));
    const dto = await getScenarioDto(ctx, "orders-saga");
    expect(dto.produced - before).toBe(3);
    expect(dto.services.find(({ name }) => name === "mail")?.fault).toBeNull();
    await expect(setRate(ctx, "orders-saga", 1_000)).rejects.toMatchObject({ code: "invalid" });
  });

  test("takes no faults while it is off, and has no consumers", async () => {
    const { ctx, sql } = system;
    await stopScenario(ctx, "orders-saga");
    await expect(playPreset(ctx, "orders-saga", "payment-is-down")).rejects.toMatchObject({
      code: "conflict",
    });
    const open = await sql`
      select from subscriptions where consumer like 'orders-saga.%' and deleted_at is null`;
    expect(open).toHaveLength(0);
  });

  test("is removed with everything that it wrote, and nothing of the others", async () => {
    const { ctx, sql } = system;
    const counts = async (prefix: string) => {
      const [row] = await sql<{ events: number; consumers: number }[]>`
        select (select count(*)::int from events join interned_names n on n.id = source_id
            where n.name like ${`/samples/${prefix}/%`}) as events,
          (select count(*)::int from subscriptions where consumer like ${`${prefix}.%`}) as consumers`;
      return row;
    };
    await expect(removeScenarioData(ctx, "orders-mediator", { dryRun: true })).rejects.toMatchObject({
      code: "conflict",
    });
    await stopScenario(ctx, "orders-mediator");
    const [broker, mediator] = [await counts("orders-broker"), await counts("orders-mediator")];
    const dry = await removeScenarioData(ctx, "orders-mediator", { dryRun: true });
    expect(dry).toMatchObject({ done: false, events: mediator?.events, processes: 3 });
    await expect(
      removeScenarioData(ctx, "orders-mediator", { dryRun: false, confirm: "orders-mediator@1" }),
    ).rejects.toMatchObject({ code: "conflict" });
    const done = await removeScenarioData(ctx, "orders-mediator", { dryRun: false, confirm: dry.confirm });
    expect(done).toMatchObject({ done: true, events: dry.events, channels: 5 });
    expect(await counts("orders-mediator")).toEqual({ events: 0, consumers: 0 });
    const others = await counts("orders-broker");
    expect(others?.events).toBeGreaterThanOrEqual(broker?.events ?? 0);
    expect(others).toMatchObject({ consumers: broker?.consumers });
    const left = await sql`select from processes where name = 'orders-mediator.order'`;
    expect(left).toHaveLength(0);
    const audit = await sql`select from audit_log where action = 'scenario.data-removed'`;
    expect(audit).toHaveLength(1);
  });

  test("is drawn before it has run", async () => {
    const { scenarios } = await listScenarios(system.ctx);
    const edges = (name: string) =>
      scenarios
        .find((one) => one.name === name)
        ?.graph.edges.map(({ from, to, types }) => `${from} > ${to}: ${types.join(", ")}`) ?? [];
    expect(edges("orders-broker")).toContain("inventory > channel/stock: inventory.updated");
    expect(edges("orders-broker")).toContain("channel/stock > shipping: inventory.updated");
    expect(edges("orders-saga")).toContain("inventory > payment: inventory.reservation.failed");
    expect(edges("orders-mediator")).toContain("mediator > payment: payment.charge, payment.refund");
    expect(scenarios.find(({ name }) => name === "orders-mediator")?.process?.graph.nodes).toHaveLength(7);
  });
});
