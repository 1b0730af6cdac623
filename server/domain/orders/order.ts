import { defineAggregate, type StreamEvent } from "../aggregate.ts";

export const ORDER_STATUSES = [
  "draft",
  "placed",
  "paid",
  "reserved",
  "confirmed",
  "shipped",
  "cancelled",
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Amounts are whole numbers of the currency's smallest unit. */
export type OrderLine = { sku: string; quantity: number; unitPriceMinor: number };

export type Order =
  | { status: "none" }
  | {
      status: OrderStatus;
      customerId: string;
      currency: string;
      lines: readonly OrderLine[];
      payment: { paymentId: string; amountMinor: number; isRefunded: boolean } | null;
      reservationId: string | null;
      trackingId: string | null;
      cancelReason: string | null;
    };
export type OpenedOrder = Exclude<Order, { status: "none" }>;

export type OrderEvents = {
  "order.drafted": { customerId: string; currency: string };
  "order.line-added": OrderLine;
  "order.line-removed": { sku: string };
  "order.placed": { totalMinor: number };
  "order.paid": { paymentId: string; amountMinor: number };
  "order.reserved": { reservationId: string };
  "order.confirmed": { customerId: string };
  "order.shipped": { trackingId: string };
  "order.cancelled": { reason: string };
  "order.refunded": { paymentId: string; amountMinor: number };
};
export type OrderEvent = StreamEvent<OrderEvents>;

/** An order, from its draft to the door, or to its cancellation and refund. */
export const order = defineAggregate<Order, OrderEvents>({
  type: "order",
  initial: { status: "none" },
  evolve: {
    "order.drafted": (_, { customerId, currency }) => ({
      status: "draft",
      customerId,
      currency,
      lines: [],
      payment: null,
      reservationId: null,
      trackingId: null,
      cancelReason: null,
    }),
    "order.line-added": change((current, line) => ({ lines: addLine(current.lines, line) })),
    "order.line-removed": change(({ lines }, { sku }) => ({
      lines: lines.filter((line) => line.sku !== sku),
    })),
    "order.placed": change(() => ({ status: "placed" })),
    "order.paid": change(({ status }, { paymentId, amountMinor }) => ({
      // A payment that crossed the cancellation is kept, so that it can be refunded.
      status: status === "cancelled" ? "cancelled" : "paid",
      payment: { paymentId, amountMinor, isRefunded: false },
    })),
    "order.reserved": change((_, { reservationId }) => ({ status: "reserved", reservationId })),
    "order.confirmed": change(() => ({ status: "confirmed" })),
    "order.shipped": change((_, { trackingId }) => ({ status: "shipped", trackingId })),
    "order.cancelled": change((_, { reason }) => ({ status: "cancelled", cancelReason: reason })),
    "order.refunded": change(({ payment }) =>
      payment === null ? {} : { payment: { ...payment, isRefunded: true } },
    ),
  },
});

export function totalMinor({ lines }: Pick<OpenedOrder, "lines">): number {
  return lines.reduce((total, { quantity, unitPriceMinor }) => total + quantity * unitPriceMinor, 0);
}

/** What an event changes of an order that was opened by another one. */
function change<Data>(
  changes: (current: OpenedOrder, data: Data) => Partial<OpenedOrder>,
): (state: Order, data: Data) => Order {
  return (state, data) => (state.status === "none" ? state : { ...state, ...changes(state, data) });
}

/** More of the same article at the same price joins its line. */
function addLine(lines: readonly OrderLine[], added: OrderLine): readonly OrderLine[] {
  const isSame = (line: OrderLine) => line.sku === added.sku && line.unitPriceMinor === added.unitPriceMinor;
  const known = lines.find(isSame);
  if (known === undefined) return [...lines, added];
  const joined = { ...known, quantity: known.quantity + added.quantity };
  return lines.map((line) => (line === known ? joined : line));
}
