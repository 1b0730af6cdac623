import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evolveAll, rebuild } from "../aggregate.ts";
import { decideOrder, type OrderCommand } from "./decide-order.ts";
import { type Order, type OrderEvent, order, totalMinor } from "./order.ts";

const draft: OrderCommand = { kind: "draft", customerId: "c-1", currency: "EUR" };
const addLine: OrderCommand = { kind: "add-line", sku: "tea", quantity: 2, unitPriceMinor: 450 };
const pay: OrderCommand = { kind: "record-payment", paymentId: "p-1", amountMinor: 900 };
const reserve: OrderCommand = { kind: "record-reservation", reservationId: "r-1" };
const ship: OrderCommand = { kind: "ship", trackingId: "t-1" };
const cancel: OrderCommand = { kind: "cancel", reason: "changed my mind" };
const refund: OrderCommand = { kind: "record-refund", paymentId: "p-1" };
const whole: OrderCommand[] = [draft, addLine, { kind: "place" }, pay, reserve, { kind: "confirm" }, ship];

/** Carries commands out one after the other; a refused one changes nothing. */
function run(commands: readonly OrderCommand[]) {
  let state: Order = order.initial;
  const events: OrderEvent[] = [];
  const reasons: string[] = [];
  for (const command of commands) {
    const decision = decideOrder(state, command);
    if (decision.kind === "refused") reasons.push(decision.reason);
    else {
      events.push(...decision.events);
      state = evolveAll(order, state, decision.events);
    }
  }
  return { state, events, reasons };
}

describe("an order", () => {
  test("goes from its draft to the door", () => {
    const { state, events, reasons } = run(whole);
    expect(reasons).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual([
      "order.drafted",
      "order.line-added",
      "order.placed",
      "order.paid",
      "order.reserved",
      "order.confirmed",
      "order.shipped",
    ]);
    expect(state).toMatchObject({ status: "shipped", trackingId: "t-1", reservationId: "r-1" });
  });

  test("that is cancelled after its payment is refunded", () => {
    const { state } = run([...whole.slice(0, 4), cancel, refund]);
    expect(state).toMatchObject({ status: "cancelled", payment: { amountMinor: 900, isRefunded: true } });
  });

  test("whose payment crosses its cancellation stays cancelled, and the money can go back", () => {
    const { state, reasons } = run([...whole.slice(0, 3), cancel, pay, refund]);
    expect(reasons).toEqual([]);
    expect(state).toMatchObject({ status: "cancelled", payment: { isRefunded: true } });
  });

  test("joins what is the same article at the same price", () => {
    const { state } = run([draft, addLine, addLine, { ...addLine, unitPriceMinor: 400 }]);
    expect(state).toMatchObject({
      lines: [
        { sku: "tea", quantity: 4, unitPriceMinor: 450 },
        { sku: "tea", quantity: 2, unitPriceMinor: 400 },
      ],
    });
  });
});

describe("what is refused says why", () => {
  test.each<[string, OrderCommand[], string]>([
    ["anything without a draft", [addLine], "no such order"],
    ["another draft under the same id", [draft, { ...draft, customerId: "c-2" }], "already"],
    ["an order of nothing", [draft, { kind: "place" }], "without a line"],
    ["half an article", [draft, { ...addLine, quantity: 0.5 }], "whole number from 1"],
    ["a price below nothing", [draft, { ...addLine, unitPriceMinor: -1 }], "whole number from 0"],
    ["an order beyond what can be counted", [draft, { ...addLine, quantity: 1e12 }], "too large"],
    ["a change after placing", [draft, addLine, { kind: "place" }, addLine], "Only a draft"],
    [
      "another amount",
      [draft, addLine, { kind: "place" }, { ...pay, amountMinor: 899 }],
      "costs 900, not 899",
    ],
    ["a second payment", [...whole.slice(0, 4), { ...pay, paymentId: "p-2" }], "once"],
    ["a reservation before the payment", [draft, addLine, { kind: "place" }, reserve], "paid order"],
    [
      "a confirmation before the reservation",
      [...whole.slice(0, 4), { kind: "confirm" }],
      "once it is reserved",
    ],
    ["a shipment before the confirmation", [...whole.slice(0, 5), ship], "confirmed order"],
    ["a cancellation on the way", [...whole, cancel], "on its way"],
    ["a refund without a cancellation", [...whole.slice(0, 4), refund], "cancelled order"],
    ["a refund of another payment", [...whole.slice(0, 3), cancel, refund], "not paid by this payment"],
  ])("%s", (_, commands, reason) => {
    expect(run(commands).reasons).toEqual([expect.stringContaining(reason)]);
  });
});

const commands: fc.Arbitrary<OrderCommand> = fc.oneof(
  fc.constantFrom<OrderCommand>(...whole, cancel, refund, { kind: "remove-line", sku: "tea" }),
  fc.record({
    kind: fc.constant("add-line" as const),
    sku: fc.constantFrom("tea", "cup"),
    quantity: fc.integer({ min: 1, max: 3 }),
    unitPriceMinor: fc.integer({ min: 0, max: 500 }),
  }),
  fc.record({
    kind: fc.constant("record-payment" as const),
    paymentId: fc.constantFrom("p-1", "p-2"),
    amountMinor: fc.constantFrom(900, 1800),
  }),
);
const histories = fc.oneof(
  fc.array(commands, { maxLength: 30 }),
  // Along the usual way, with anything in between.
  fc
    .array(fc.array(commands, { maxLength: 2 }), { minLength: whole.length, maxLength: whole.length })
    .map((between) => whole.flatMap((command, index) => [command, ...(between[index] ?? [])])),
);

describe("laws", () => {
  test("every command may come twice: the second time it changes nothing", () => {
    fc.assert(
      fc.property(histories, commands, (history, command) => {
        if (command.kind === "add-line" || command.kind === "place") return;
        const once = run([...history, command]);
        expect(run([...history, command, command]).events).toEqual(once.events);
      }),
      { numRuns: 500 },
    );
  });

  test("no order is sent out that isn't paid in full, and no payment kept for one that is cancelled and refunded", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { state, events } = run(history);
        if (state.status === "none") return;
        const types = events.map(({ type }) => type);
        if (state.status === "confirmed" || state.status === "shipped") {
          expect(state.payment).toMatchObject({ amountMinor: totalMinor(state), isRefunded: false });
          expect(state.reservationId).not.toBeNull();
        }
        if (types.includes("order.refunded")) expect(state.status).toBe("cancelled");
        for (const type of ["order.paid", "order.shipped", "order.cancelled", "order.refunded"] as const) {
          expect(types.filter((other) => other === type).length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("an order is what its events say", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { state, events } = run(history);
        const stream = events.map((event, index) => ({ ...event, version: index + 1 }));
        expect(rebuild(order, stream)).toEqual({ state, version: events.length });
      }),
    );
  });

  test("no event changes the state that it is applied to", () => {
    fc.assert(
      fc.property(histories, (history) => {
        let state = deepFreeze(order.initial);
        for (const event of run(history).events) state = deepFreeze(evolveAll(order, state, [event]));
      }),
    );
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
