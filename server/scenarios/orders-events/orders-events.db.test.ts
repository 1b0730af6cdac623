import { afterAll, beforeAll, expect, test } from "vitest";
import { playPreset, removeFault } from "../change-fault.ts";
import { removeScenarioData } from "../remove-data.ts";
import { startScenario, stopScenario } from "../start-scenario.ts";
import { openScenarios, type TestScenarios, until } from "../testing/open-scenarios.ts";
import { compareSampleOrders } from "./compare-orders.ts";

const NAME = "orders-events";
const READ_MODEL = "sample-orders";
let system: TestScenarios;
beforeAll(async () => {
  system = await openScenarios();
  await system.start(NAME);
});
afterAll(() => system.close());

const open = (orderId: string, customerId = "customer-1") =>
  system.put(NAME, "shop", [
    {
      type: "order.open",
      key: orderId,
      partitionKey: customerId,
      data: { orderId, customerId, prices: [3, 4] },
    },
  ]);
const delivered = (orderId: string) =>
  until(async () => (await system.flow(orderId)).includes("order.delivered"));
const compare = () => compareSampleOrders(system.ctx);
const orderOf = async (orderId: string) => (await compare()).orders.find(({ id }) => id === orderId);
const isEven = async () => {
  const { orders, projection } = await compare();
  return projection.lag.events === 0 && orders.every(({ behindSeconds }) => behindSeconds === 0);
};
const WHOLE = { version: 6, status: "delivered", items: 2, total: 7 };

test("an order goes from the shop to the door by its stream, and the read model follows", async () => {
  await open("usual");
  await delivered("usual");
  expect(await system.flow("usual")).toEqual([
    "order.open",
    "order.opened",
    "order.item-added",
    "order.item-added",
    "order.submitted",
    "order.pack",
    "order.packed",
    "order.deliver",
    "order.delivered",
  ]);
  await until(isEven);
  expect(await orderOf("usual")).toMatchObject({ customerId: "customer-1", written: WHOLE, read: WHOLE });
});

test("the read model falls behind while the streams go on, and catches up afterwards", async () => {
  await playPreset(system.ctx, NAME, "read-model-falls-behind");
  await new Promise((resolve) => setTimeout(resolve, 300)); // what is known of faults may be as old as this
  const late = ["late-1", "late-2", "late-3"];
  for (const orderId of late) await open(orderId, `customer-${orderId}`);
  for (const orderId of late) await delivered(orderId);
  const { orders, projection } = await compare();
  expect(projection.lag.events).toBeGreaterThan(6);
  const last = orders.find(({ id }) => id === "late-3");
  expect(last?.written).toEqual(WHOLE);
  expect(last?.read).toBeNull();
  expect(last?.behindSeconds).toBeGreaterThan(0);
  await removeFault(system.ctx, NAME, READ_MODEL);
  await until(isEven);
  expect(await orderOf("late-3")).toMatchObject({ read: WHOLE });
});

test("an event that it can't read stops the read model for everybody, and the streams for nobody", async () => {
  await system.disturb(NAME, READ_MODEL, { poisonKey: "customer-7" });
  await open("poison", "customer-7");
  await until(async () => (await compare()).projection.error !== null);
  await open("behind-it", "customer-8");
  await delivered("behind-it");
  await delivered("poison");
  const { projection } = await compare();
  expect(projection.error?.message).toContain("customer-7");
  expect((await orderOf("behind-it"))?.read).toBeNull();
  await removeFault(system.ctx, NAME, READ_MODEL);
  await until(isEven);
  expect((await compare()).projection.error).toBeNull();
});

test("a desk that is told twice appends once", async () => {
  await system.disturb(NAME, "desk", { duplicateRate: 1 });
  await open("twice");
  await delivered("twice");
  await until(isEven);
  expect(await orderOf("twice")).toMatchObject({ written: WHOLE, read: WHOLE });
  await removeFault(system.ctx, NAME, "desk");
});

test("takes only what can go wrong for a read model", async () => {
  await expect(system.disturb(NAME, READ_MODEL, { duplicateRate: 1 })).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("latency, down, poison"),
  });
});

test("is removed with its streams and its read model, and begins anew", async () => {
  const { ctx, sql } = system;
  await stopScenario(ctx, NAME);
  const dry = await removeScenarioData(ctx, NAME, { dryRun: true });
  expect(dry.streams).toBe(7);
  await removeScenarioData(ctx, NAME, { dryRun: false, confirm: dry.confirm });
  for (const table of ["streams", "stream_events", "sample_orders", "events"]) {
    expect(await sql`select from ${sql(table)}`, table).toHaveLength(0);
  }
  expect(await compare()).toMatchObject({ orders: [], projection: { applied: 0 } });
  await startScenario(ctx, NAME);
  await system.reload();
  await open("usual");
  await delivered("usual");
  await until(isEven);
  expect(await orderOf("usual")).toMatchObject({ read: WHOLE });
});
