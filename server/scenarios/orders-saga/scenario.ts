import { CREDIT_LIMIT, makeOrder, orderUnit, STOCK_LIMIT } from "../sample-orders.ts";
import type { SampleService, Scenario } from "../scenario.ts";

const payment: SampleService = {
  name: "payment",
  takes: ["order.placed", "inventory.reservation.failed"],
  emits: ["payment.processed", "payment.failed", "payment.refunded"],
  channel: null,
  workMs: 60,
  serve: async ({ type, data }, { once, emit }) => {
    if (type === "inventory.reservation.failed") {
      if (await once("payment-refunded")) await emit("payment.refunded", data);
      return;
    }
    if (Number(data.amount) > CREDIT_LIMIT) return emit("payment.failed", data);
    if (await once("payment-taken")) await emit("payment.processed", data);
  },
};

const inventory: SampleService = {
  name: "inventory",
  takes: ["payment.processed"],
  emits: ["inventory.reserved", "inventory.reservation.failed"],
  channel: null,
  workMs: 40,
  serve: async ({ data }, { once, emit }) => {
    if (Number(data.quantity) > STOCK_LIMIT) return emit("inventory.reservation.failed", data);
    if (await once("stock-reserved")) await emit("inventory.reserved", data);
  },
};

/** Nobody leads. The service of the orders learns from the others how each one ended. */
const orders: SampleService = {
  name: "orders",
  takes: ["inventory.reserved", "payment.failed", "payment.refunded"],
  emits: ["order.confirmed", "order.cancelled"],
  channel: null,
  workMs: 10,
  serve: async ({ type, data }, { once, emit }) => {
    const isConfirmed = type === "inventory.reserved";
    const ending = isConfirmed ? "order.confirmed" : "order.cancelled";
    if (await once(isConfirmed ? "order-confirmed" : "order-cancelled")) await emit(ending, data);
  },
};

const mail: SampleService = {
  name: "mail",
  takes: ["order.confirmed", "order.cancelled"],
  emits: [],
  channel: null,
  workMs: 60,
  serve: async (_message, { once }) => void (await once("customer-told")),
};

/** Orders as a choreographed saga: each service reacts to events and emits the next, also to take back what it did. */
export const ordersSaga: Scenario = {
  name: "orders-saga",
  producer: "shop",
  rate: 1,
  maxRate: 50,
  effect: "order.confirmed",
  channels: [],
  services: [payment, inventory, orders, mail],
  process: null,
  presets: [
    { name: "payment-is-down", service: "payment", seconds: 60, fault: { isDown: true } },
    { name: "answers-get-lost", service: "inventory", seconds: 60, fault: { lostReplyRate: 0.5 } },
    { name: "told-twice", service: "payment", seconds: 60, fault: { duplicateRate: 0.5 } },
    { name: "out-of-order", service: "inventory", seconds: 60, fault: { reorderRate: 0.5 } },
  ],
  produce: (id, random) => orderUnit("order.placed", makeOrder(id, random)),
};
