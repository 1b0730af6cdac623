import { makeOrder, orderUnit } from "../sample-orders.ts";
import type { SampleService, Scenario, ServeMessage } from "../scenario.ts";

/** A service that the shop calls. It is as quick as its like in the other systems of orders. */
function called(name: string, workMs: number, { emits, serve }: { emits: string; serve: ServeMessage }) {
  return {
    name,
    takes: [`POST /${name}`],
    emits: [emits],
    channel: null,
    workMs,
    serve,
  } satisfies SampleService;
}

const services = [
  called("inventory", 40, {
    emits: "inventory.updated",
    serve: async ({ data }, { once, emit }) => {
      if (await once("stock-taken")) await emit("inventory.updated", data);
    },
  }),
  called("mail", 60, {
    emits: "mail.sent",
    serve: async ({ data }, { once, emit }) => {
      if (await once("confirmation-mailed")) await emit("mail.sent", { orderId: data.orderId });
    },
  }),
  called("points", 15, {
    emits: "points.credited",
    serve: async ({ data }, { once, emit }) => {
      const earned = Math.floor(Number(data.amount) / 10);
      if (await once("points-credited"))
        await emit("points.credited", { customerId: data.customerId, earned });
    },
  }),
  called("shipping", 80, {
    emits: "order.shipped",
    serve: async ({ data }, { once, emit }) => {
      if (await once("shipped"))
        await emit("order.shipped", { orderId: data.orderId, address: data.address });
    },
  }),
];

/** The same orders without anything between the services: the shop calls them in turn while the customer waits. */
export const ordersSync: Scenario = {
  name: "orders-sync",
  producer: "shop",
  rate: 1,
  maxRate: 20,
  effect: "order.fulfilled",
  channels: [],
  services,
  calls: { timeoutMs: 2_000, endings: { answered: "order.fulfilled", failed: "order.failed" } },
  process: null,
  presets: [
    { name: "mail-takes-longer", service: "mail", seconds: 60, fault: { latencyMs: 1_500 } },
    { name: "mail-is-slow", service: "mail", seconds: 60, fault: { latencyMs: 4_000 } },
    { name: "stock-is-down", service: "inventory", seconds: 60, fault: { isDown: true } },
    { name: "calls-get-no-answer", service: "shipping", seconds: 60, fault: { lostReplyRate: 0.5 } },
  ],
  produce: (id, random) => orderUnit("order.requested", makeOrder(id, random)),
};
