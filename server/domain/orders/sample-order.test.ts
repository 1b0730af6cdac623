import { expect, test } from "vitest";
import { evolveAll } from "../aggregate.ts";
import { decideSampleOrder, type SampleOrderCommand, sampleOrder } from "./sample-order.ts";

const open = { kind: "open", orderId: "order-1", customerId: "customer-1", prices: [3, 4] } as const;

function carryOut(...commands: SampleOrderCommand[]) {
  return commands.reduce((order, command) => {
    const decision = decideSampleOrder(order, command);
    if (decision.kind === "refused") throw new Error(decision.reason);
    return evolveAll(sampleOrder, order, decision.events);
  }, sampleOrder.initial);
}

test("an order is what its events add up to", () => {
  expect(carryOut(open)).toEqual({ status: "submitted", customerId: "customer-1", items: 2, total: 7 });
  const delivered = carryOut(
    open,
    { kind: "pack", orderId: "order-1" },
    { kind: "deliver", orderId: "order-1" },
  );
  expect(delivered).toMatchObject({ status: "delivered", total: 7 });
});

test("a command that comes twice, or late, changes nothing", () => {
  const packed = carryOut(open, { kind: "pack", orderId: "order-1" });
  for (const command of [open, { kind: "pack", orderId: "order-1" }] as const) {
    expect(decideSampleOrder(packed, command)).toEqual({ kind: "accepted", events: [] });
  }
});

test("what is not packed is not delivered", () => {
  expect(decideSampleOrder(carryOut(open), { kind: "deliver", orderId: "order-1" })).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("submitted"),
  });
});
