import { CREDIT_LIMIT, makeOrder, orderUnit, STOCK_LIMIT } from "../sample-orders.ts";
import type { SampleMessage, SampleService, Scenario } from "../scenario.ts";
import { orderProcess } from "./order-process.ts";

type Answers = Record<
  string,
  { reply: string; refusal?: { reply: string; when: (message: SampleMessage) => boolean } }
>;

/**
 * A service that does as it is told and answers. Told the same again, because the mediator heard nothing, it does
 * nothing a second time and answers again.
 */
function servant(name: string, workMs: number, answers: Answers): SampleService {
  const replies = Object.values(answers).flatMap(({ reply, refusal }) => [
    reply,
    ...(refusal ? [refusal.reply] : []),
  ]);
  return {
    name,
    takes: Object.keys(answers),
    emits: replies,
    channel: name,
    workMs,
    serve: async (message, { once, emit }) => {
      const answer = answers[message.type];
      if (answer === undefined) return;
      const { orderId } = message.data;
      if (answer.refusal?.when(message)) return emit(answer.refusal.reply, { orderId });
      await once(message.type);
      await emit(answer.reply, { orderId });
    },
  };
}

const services = [
  servant("payment", 60, {
    "payment.charge": {
      reply: "payment.charged",
      refusal: { reply: "payment.declined", when: ({ data }) => Number(data.amount) > CREDIT_LIMIT },
    },
    "payment.refund": { reply: "payment.refunded" },
  }),
  servant("inventory", 40, {
    "inventory.reserve": {
      reply: "inventory.reserved",
      refusal: { reply: "inventory.out-of-stock", when: ({ data }) => Number(data.quantity) > STOCK_LIMIT },
    },
    "inventory.release": { reply: "inventory.released" },
  }),
  servant("mail", 60, { "mail.send": { reply: "mail.sent" } }),
  servant("points", 15, { "points.credit": { reply: "points.credited" } }),
  servant("shipping", 80, {
    "shipping.ship": {
      reply: "shipping.shipped",
      refusal: { reply: "shipping.refused", when: ({ data }) => data.address === "" },
    },
    "shipping.cancel": { reply: "shipping.cancelled" },
  }),
];

/** Orders under a mediator: it tells each service what to do, waits for the answer, and takes back what must be. */
export const ordersMediator: Scenario = {
  name: "orders-mediator",
  producer: "shop",
  rate: 1,
  maxRate: 20,
  effect: "order.fulfilled",
  channels: services.map(({ name }) => ({ name, kind: "queue", carries: [] })),
  services,
  process: orderProcess,
  presets: [
    { name: "mediator-is-down", service: "mediator", seconds: 60, fault: { isDown: true } },
    { name: "payment-is-down", service: "payment", seconds: 60, fault: { isDown: true } },
    { name: "bad-address", service: "shipping", seconds: 90, fault: { poisonKey: "customer-7" } },
    { name: "answers-get-lost", service: "inventory", seconds: 60, fault: { lostReplyRate: 0.5 } },
    { name: "mail-is-slow", service: "mail", seconds: 60, fault: { latencyMs: 4_000 } },
    { name: "stock-is-down", service: "inventory", seconds: 60, fault: { isDown: true } },
  ],
  produce: (id, random) => orderUnit("order.confirmed", makeOrder(id, random)),
};
