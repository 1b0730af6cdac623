import { afterAll, beforeAll, expect, test } from "vitest";
import { passDeadlineOnce } from "#server/mediator/pass-deadlines.ts";
import { createFixedClock } from "#server/platform/clock.ts";
import { removeFault } from "../change-fault.ts";
import { openScenarios, type TestScenarios, until } from "../testing/open-scenarios.ts";

const NAME = "orders-mediator";
let system: TestScenarios;
beforeAll(async () => {
  system = await openScenarios();
  await system.start(NAME);
});
afterAll(() => system.close());

const order = (orderId: string) => system.order(NAME, "order.confirmed", { orderId, address: "x" });
const has = (key: string, type: string) => until(async () => (await system.flow(key)).includes(type));
const well = (part = "mediator") => removeFault(system.ctx, NAME, part);
/** What the mediator does about time when so much of it has passed. */
const passTime = async (ms: number) => {
  const clock = createFixedClock(new Date(Date.now() + ms));
  return passDeadlineOnce({ ...system.ctx, clock, random: () => 0 }, system.ctx.processes);
};
const EFFECTS = [
  "inventory/inventory.reserve",
  "mail/mail.send",
  "payment/payment.charge",
  "points/points.credit",
  "shipping/shipping.ship",
];
/** What was done for an order, with how often. */
const expectDoneOnce = async (key: string) => {
  const effects = await system.effectsOf(NAME, key);
  expect(Object.keys(effects).toSorted()).toEqual(EFFECTS);
  const flow = await system.flow(key);
  expect(flow.filter((type) => type === "order.fulfilled")).toHaveLength(1);
};

test("while the mediator is down nothing goes on, no time runs out, and nothing is lost", async () => {
  await system.disturb(NAME, "payment", { latencyMs: 1_000 });
  await order("begun");
  await has("begun", "payment.charge");
  await system.disturb(NAME, "mediator", { isDown: true });
  await order("waiting");
  await has("begun", "payment.charged");
  const attempts = () => system.sql`
    select from attempts join subscriptions on id = subscription_id
    where consumer = ${`${NAME}.mediator`} and error is not null`;
  await until(async () => (await attempts()).length >= 2);
  // The mediator's patience for the payment is five seconds.
  expect(await passTime(60_000)).toBe(false);
  expect(await system.flow("waiting")).toEqual(["order.confirmed"]);
  expect(await system.flow("begun")).not.toContain("inventory.reserve");
  await well();
  await well("payment");
  for (const key of ["begun", "waiting"]) {
    await has(key, "order.fulfilled");
    await expectDoneOnce(key);
  }
});

test("commands that get lost are sent again when no answer comes in time", async () => {
  await system.disturb(NAME, "mediator", { lostReplyRate: 1 });
  await order("unheard");
  await until(
    async () => (await system.sql`select from processes where business_key = 'unheard'`).length === 1,
  );
  expect(await system.flow("unheard")).toEqual(["order.confirmed"]);
  await well();
  await new Promise((resolve) => setTimeout(resolve, 300)); // what is known of faults may be as old as this
  await until(async () => {
    await passTime(10_000);
    return (await system.flow("unheard")).includes("payment.charge");
  });
  await has("unheard", "order.fulfilled");
  await expectDoneOnce("unheard");
});

test("a mediator that is told twice, or late and out of order, sends each command once", async () => {
  await system.disturb(NAME, "mediator", { duplicateRate: 1, reorderRate: 0.5 });
  await order("twice");
  await has("twice", "order.fulfilled");
  const flow = await system.flow("twice");
  expect(flow.filter((type) => type === "payment.charge")).toHaveLength(1);
  await expectDoneOnce("twice");
  await well();
});
