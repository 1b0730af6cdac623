import { defineAggregate, type StreamEvent } from "../aggregate.ts";

export type SampleOrder =
  | { status: "none" }
  | {
      status: "open" | "submitted" | "packed" | "delivered";
      customerId: string;
      items: number;
      total: number;
    };

export type SampleOrderEvents = {
  "order.opened": { orderId: string; customerId: string };
  "order.item-added": { orderId: string; price: number };
  "order.submitted": { orderId: string };
  "order.packed": { orderId: string };
  "order.delivered": { orderId: string };
};

/** An order of the event-sourced sample system: small, so that its life can be read off its events. */
export const sampleOrder = defineAggregate<SampleOrder, SampleOrderEvents>({
  type: "orders-events.order",
  initial: { status: "none" },
  evolve: {
    "order.opened": (_, { customerId }) => ({ status: "open", customerId, items: 0, total: 0 }),
    "order.item-added": (order, { price }) =>
      order.status === "none" ? order : { ...order, items: order.items + 1, total: order.total + price },
    "order.submitted": (order) => (order.status === "none" ? order : { ...order, status: "submitted" }),
    "order.packed": (order) => (order.status === "none" ? order : { ...order, status: "packed" }),
    "order.delivered": (order) => (order.status === "none" ? order : { ...order, status: "delivered" }),
  },
});

export type SampleOrderCommand =
  | { kind: "open"; orderId: string; customerId: string; prices: readonly number[] }
  | { kind: "pack" | "deliver"; orderId: string };

export type SampleOrderDecision =
  /** No events where the command has been carried out before. */
  | { kind: "accepted"; events: readonly StreamEvent<SampleOrderEvents>[] }
  | { kind: "refused"; reason: string };

const NEXT = {
  pack: { from: "submitted", to: "packed" },
  deliver: { from: "packed", to: "delivered" },
} as const;
const STATUSES = ["none", "open", "submitted", "packed", "delivered"] as const;

/** What a command leads to, given the order as it stands. */
export function decideSampleOrder(order: SampleOrder, command: SampleOrderCommand): SampleOrderDecision {
  const { orderId } = command;
  if (command.kind === "open") {
    if (order.status !== "none") return { kind: "accepted", events: [] };
    const { customerId, prices } = command;
    return {
      kind: "accepted",
      events: [
        { type: "order.opened", data: { orderId, customerId } },
        ...prices.map((price) => ({ type: "order.item-added", data: { orderId, price } }) as const),
        { type: "order.submitted", data: { orderId } },
      ],
    };
  }
  const { from, to } = NEXT[command.kind];
  if (STATUSES.indexOf(order.status) >= STATUSES.indexOf(to)) return { kind: "accepted", events: [] };
  if (order.status !== from) {
    return {
      kind: "refused",
      reason: `An order is ${to} once it is ${from}; this one is ${order.status}.`,
    };
  }
  return { kind: "accepted", events: [{ type: `order.${to}`, data: { orderId } }] };
}
