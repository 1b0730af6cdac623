import {
  decideSampleOrder,
  type SampleOrderCommand,
  sampleOrder,
} from "#server/domain/orders/sample-order.ts";
import { NonRetryableError } from "#server/domain/retry-policy.ts";
import { sampleOrders } from "../../projections/sample-orders.ts";
import { makeOrder } from "../sample-orders.ts";
import { PATIENT_RETRY, type SampleMessage, type SampleService, type Scenario } from "../scenario.ts";

const MAX_ITEMS = 3;

/** Owns the orders: rebuilds one from its stream, decides what a command leads to, and appends that. It keeps no state. */
const desk: SampleService = {
  name: "desk",
  takes: ["order.open", "order.pack", "order.deliver"],
  emits: Object.keys(sampleOrder.evolve),
  channel: "desk",
  ordering: "key",
  retry: PATIENT_RETRY,
  workMs: 30,
  serve: async (message, { update }) => {
    const command = commandOf(message);
    const outcome = await update(sampleOrder, command.orderId, (order) => decideSampleOrder(order, command));
    if (outcome.kind === "refused") throw new NonRetryableError(outcome.reason);
  },
};

const warehouse: SampleService = {
  name: "warehouse",
  takes: ["order.submitted"],
  emits: ["order.pack"],
  channel: null,
  workMs: 400,
  serve: async ({ data }, { once, tell }) => {
    if (await once("packed")) await tell("order.pack", { orderId: data.orderId });
  },
};

const carrier: SampleService = {
  name: "carrier",
  takes: ["order.packed"],
  emits: ["order.deliver"],
  channel: null,
  workMs: 800,
  serve: async ({ data }, { once, tell }) => {
    if (await once("delivered")) await tell("order.deliver", { orderId: data.orderId });
  },
};

function commandOf({ type, data }: SampleMessage): SampleOrderCommand {
  const orderId = String(data.orderId);
  if (type === "order.pack") return { kind: "pack", orderId };
  if (type === "order.deliver") return { kind: "deliver", orderId };
  const prices = Array.isArray(data.prices) ? data.prices.map(Number) : [];
  return { kind: "open", orderId, customerId: String(data.customerId), prices };
}

/** Orders stored as their events: the stream of an order is the truth, and the read model follows behind it. */
export const ordersEvents: Scenario = {
  name: "orders-events",
  producer: "shop",
  rate: 1,
  maxRate: 20,
  effect: "order.delivered",
  channels: [{ name: "desk", kind: "queue", carries: desk.takes }],
  services: [desk, warehouse, carrier],
  aggregateType: sampleOrder.type,
  projection: sampleOrders,
  process: null,
  presets: [
    { name: "read-model-falls-behind", service: sampleOrders.name, seconds: 60, fault: { latencyMs: 800 } },
    {
      name: "read-model-is-stuck",
      service: sampleOrders.name,
      seconds: 60,
      fault: { poisonKey: "customer-7" },
    },
    { name: "told-twice", service: "desk", seconds: 60, fault: { duplicateRate: 0.5 } },
    { name: "desk-is-down", service: "desk", seconds: 60, fault: { isDown: true } },
  ],
  produce: (id, random) => {
    const { orderId, customerId } = makeOrder(id, random);
    const prices = Array.from(
      { length: 1 + Math.floor(random() * MAX_ITEMS) },
      () => 5 + Math.floor(random() * 95),
    );
    return {
      type: "order.open",
      kind: "command",
      key: orderId,
      partitionKey: customerId,
      data: { orderId, customerId, prices },
    };
  },
};
