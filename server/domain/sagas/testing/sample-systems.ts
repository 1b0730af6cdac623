import { z } from "zod";
import { defineProcess } from "../../processes/define-process.ts";
import { message } from "../../processes/definition.ts";
import type { System } from "./run-system.ts";

const order = z.looseObject({ orderId: z.string() });
const anything = z.unknown();
const PATIENCE = {
  timeoutMs: 5_000,
  retry: { retries: 2, baseMs: 1_000, factor: 2, capMs: 8_000, jitter: "none" },
} as const;

/** Orders through a broker, as the sample system of that name runs them. */
export const ordersBroker: System = {
  start: { service: "shop", type: "order.confirmed" },
  services: {
    inventory: { "order.confirmed": ["inventory.updated"] },
    mail: { "order.confirmed": [] },
    points: { "order.confirmed": ["points.credited"] },
    analytics: { "order.confirmed": [] },
    shipping: { "inventory.updated": ["order.shipped"] },
  },
};

/** Orders as a choreographed saga. */
export const ordersSaga: System = {
  start: { service: "shop", type: "order.placed" },
  services: {
    payment: { "order.placed": ["payment.processed"], "inventory.reservation.failed": ["payment.refunded"] },
    inventory: { "payment.processed": ["inventory.reserved"] },
    orders: {
      "inventory.reserved": ["order.confirmed"],
      "payment.failed": ["order.cancelled"],
      "payment.refunded": ["order.cancelled"],
    },
    mail: { "order.confirmed": [], "order.cancelled": [] },
  },
};

/** What it takes for a saga of `ordersSaga` to fail at its second step. */
export const OUT_OF_STOCK = { inventory: { "payment.processed": ["inventory.reservation.failed"] } };
export const CARD_DECLINED = { payment: { "order.placed": ["payment.failed"] } };

function ask(command: string, reply: string, refusal?: string) {
  return {
    send: message(command, order),
    data: ({ key }: { key: string }) => ({ orderId: key }),
    reply: message(reply, anything),
    refusals: refusal === undefined ? [] : [message(refusal, anything)],
    ...PATIENCE,
  };
}

/** Orders under a mediator, which takes back in reverse what was done when a later step is refused. */
export const ordersMediator: System = {
  start: { service: "shop", type: "order.confirmed" },
  services: {
    payment: { "payment.charge": ["payment.charged"], "payment.refund": ["payment.refunded"] },
    inventory: { "inventory.reserve": ["inventory.reserved"], "inventory.release": ["inventory.released"] },
    mail: { "mail.send": ["mail.sent"] },
    points: { "points.credit": ["points.credited"] },
    shipping: { "shipping.ship": ["shipping.shipped"], "shipping.cancel": ["shipping.cancelled"] },
  },
  process: defineProcess("orders-mediator.order", {
    startedBy: message("order.confirmed", order),
    key: ({ orderId }) => orderId,
    endings: { completed: "order.fulfilled", compensated: "order.cancelled", failed: "order.cancelled" },
  })
    .step("payment", {
      ...ask("payment.charge", "payment.charged", "payment.declined"),
      undo: ask("payment.refund", "payment.refunded"),
    })
    .step("inventory", {
      ...ask("inventory.reserve", "inventory.reserved", "inventory.out-of-stock"),
      undo: ask("inventory.release", "inventory.released"),
    })
    .parallel(
      (from) => from.step("mail", ask("mail.send", "mail.sent")),
      (from) => from.step("points", ask("points.credit", "points.credited")),
    )
    .step("shipping", {
      ...ask("shipping.ship", "shipping.shipped", "shipping.refused"),
      undo: ask("shipping.cancel", "shipping.cancelled"),
    })
    .build(),
};

export const ADDRESS_REFUSED = { shipping: { "shipping.ship": ["shipping.refused"] } };
