import { makeOrder, orderUnit } from "../sample-orders.ts";
import type { SampleService, Scenario } from "../scenario.ts";

/** Takes stock, and says so: shipping waits for that, not for the order. */
const inventory: SampleService = {
  name: "inventory",
  takes: ["order.confirmed"],
  emits: ["inventory.updated"],
  channel: "orders",
  workMs: 40,
  serve: async ({ data }, { once, emit }) => {
    if (await once("stock-taken")) await emit("inventory.updated", data);
  },
};

const mail: SampleService = {
  name: "mail",
  takes: ["order.confirmed"],
  emits: [],
  channel: "orders",
  workMs: 60,
  serve: async (_message, { once }) => void (await once("confirmation-mailed")),
};

const points: SampleService = {
  name: "points",
  takes: ["order.confirmed"],
  emits: ["points.credited"],
  channel: "orders",
  workMs: 15,
  serve: async ({ data }, { once, emit }) => {
    const earned = Math.floor(Number(data.amount) / 10);
    if (await once("points-credited")) await emit("points.credited", { customerId: data.customerId, earned });
  },
};

const analytics: SampleService = {
  name: "analytics",
  takes: ["order.confirmed"],
  emits: [],
  channel: "orders",
  workMs: 5,
  serve: async (_message, { once }) => void (await once("counted")),
};

/** In order for each customer, so that two parcels to one door never cross. */
const shipping: SampleService = {
  name: "shipping",
  takes: ["inventory.updated"],
  emits: ["order.shipped"],
  channel: "stock",
  ordering: "key",
  workMs: 80,
  serve: async ({ data }, { once, emit }) => {
    if (await once("shipped")) await emit("order.shipped", { orderId: data.orderId, address: data.address });
  },
};

/** Nobody who is there already has to know that it came. */
const fraud: SampleService = {
  name: "fraud",
  takes: ["order.confirmed"],
  emits: ["fraud.suspected"],
  channel: "orders",
  isOptional: true,
  workMs: 30,
  serve: async ({ data }, { once, emit }) => {
    const isChecked = await once("checked-for-fraud");
    if (isChecked && Number(data.amount) > 450) await emit("fraud.suspected", { orderId: data.orderId });
  },
};

/** Orders through a broker: the shop says what happened, and whoever cares reacts. */
export const ordersBroker: Scenario = {
  name: "orders-broker",
  producer: "shop",
  rate: 2,
  maxRate: 50,
  effect: "order.shipped",
  channels: [
    { name: "orders", kind: "topic", carries: ["order.confirmed"] },
    { name: "stock", kind: "topic", carries: ["inventory.updated"] },
  ],
  services: [inventory, mail, points, analytics, shipping, fraud],
  process: null,
  presets: [
    { name: "mail-is-slow", service: "mail", seconds: 60, fault: { latencyMs: 4_000 } },
    { name: "bad-address", service: "shipping", seconds: 90, fault: { poisonKey: "customer-7" } },
    { name: "stock-is-down", service: "inventory", seconds: 60, fault: { isDown: true } },
    { name: "told-twice", service: "points", seconds: 60, fault: { duplicateRate: 0.5 } },
  ],
  produce: (id, random) => orderUnit("order.confirmed", makeOrder(id, random)),
};
