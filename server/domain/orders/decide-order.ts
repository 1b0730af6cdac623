import { type OpenedOrder, type Order, type OrderEvent, type OrderLine, totalMinor } from "./order.ts";

export type OrderCommand =
  | { kind: "draft"; customerId: string; currency: string }
  | ({ kind: "add-line" } & OrderLine)
  | { kind: "remove-line"; sku: string }
  | { kind: "place" }
  | { kind: "record-payment"; paymentId: string; amountMinor: number }
  | { kind: "record-reservation"; reservationId: string }
  | { kind: "confirm" }
  | { kind: "ship"; trackingId: string }
  | { kind: "cancel"; reason: string }
  | { kind: "record-refund"; paymentId: string };

export type OrderDecision =
  /** No events where the command has been carried out before: commands and replies may come twice. */
  { kind: "accepted"; events: readonly OrderEvent[] } | { kind: "refused"; reason: string };

const MAX_AMOUNT_MINOR = 1_000_000_000_000;

/** What a command leads to, given the order as it stands. */
export function decideOrder(order: Order, command: OrderCommand): OrderDecision {
  if (command.kind === "draft") return decideDraft(order, command);
  if (order.status === "none") return refused("There is no such order. Draft it first.");
  switch (command.kind) {
    case "add-line":
    case "remove-line":
    case "place":
      return decideLines(order, command);
    case "record-payment":
      return decidePayment(order, command);
    case "record-reservation": {
      const { reservationId } = command;
      if (order.reservationId === reservationId) return alreadyDone;
      if (order.status !== "paid")
        return refused(`Goods are reserved for a paid order; this one is ${order.status}.`);
      return accepted({ type: "order.reserved", data: { reservationId } });
    }
    case "confirm":
      if (order.status === "confirmed" || order.status === "shipped") return alreadyDone;
      if (order.status !== "reserved")
        return refused(`An order is confirmed once it is reserved; it is ${order.status}.`);
      return accepted({ type: "order.confirmed", data: { customerId: order.customerId } });
    case "ship": {
      const { trackingId } = command;
      if (order.trackingId === trackingId) return alreadyDone;
      if (order.status !== "confirmed")
        return refused(`A confirmed order is shipped; this one is ${order.status}.`);
      return accepted({ type: "order.shipped", data: { trackingId } });
    }
    case "cancel":
      if (order.status === "cancelled") return alreadyDone;
      if (order.status === "shipped") return refused("The order is on its way. Ask for a return instead.");
      return accepted({ type: "order.cancelled", data: { reason: command.reason } });
    case "record-refund":
      return decideRefund(order, command.paymentId);
  }
}

type CommandOf<Kind extends OrderCommand["kind"]> = Extract<OrderCommand, { kind: Kind }>;

function decideDraft(order: Order, { customerId, currency }: CommandOf<"draft">): OrderDecision {
  if (order.status === "none") return accepted({ type: "order.drafted", data: { customerId, currency } });
  const isSame = order.customerId === customerId && order.currency === currency;
  return isSame
    ? alreadyDone
    : refused("There is an order with this id already. Draft it under another one.");
}

function decideLines(
  order: OpenedOrder,
  command: CommandOf<"add-line"> | CommandOf<"remove-line"> | CommandOf<"place">,
): OrderDecision {
  if (order.status !== "draft") {
    if (command.kind === "place" && order.status !== "cancelled") return alreadyDone;
    return refused(`Only a draft can be changed and placed; this order is ${order.status}.`);
  }
  if (command.kind === "place") {
    if (order.lines.length === 0) return refused("An order without a line can't be placed. Add one.");
    return accepted({ type: "order.placed", data: { totalMinor: totalMinor(order) } });
  }
  if (command.kind === "remove-line") {
    if (!order.lines.some(({ sku }) => sku === command.sku)) return alreadyDone;
    return accepted({ type: "order.line-removed", data: { sku: command.sku } });
  }
  const { sku, quantity, unitPriceMinor } = command;
  if (!Number.isSafeInteger(quantity) || quantity < 1) return refused("A quantity is a whole number from 1.");
  if (!Number.isSafeInteger(unitPriceMinor) || unitPriceMinor < 0)
    return refused("A price is a whole number from 0.");
  if (totalMinor(order) + quantity * unitPriceMinor > MAX_AMOUNT_MINOR)
    return refused("The order is too large. Split it.");
  return accepted({ type: "order.line-added", data: { sku, quantity, unitPriceMinor } });
}

function decidePayment(order: OpenedOrder, command: CommandOf<"record-payment">): OrderDecision {
  const { paymentId, amountMinor } = command;
  if (order.payment?.paymentId === paymentId) return alreadyDone;
  const isPayable = order.status === "placed" || (order.status === "cancelled" && order.payment === null);
  if (!isPayable) return refused(`A placed order is paid, once; this one is ${order.status}.`);
  if (amountMinor !== totalMinor(order))
    return refused(`The order costs ${totalMinor(order)}, not ${amountMinor}.`);
  return accepted({ type: "order.paid", data: { paymentId, amountMinor } });
}

function decideRefund({ payment, status }: OpenedOrder, paymentId: string): OrderDecision {
  if (payment?.paymentId !== paymentId) return refused("The order was not paid by this payment.");
  if (payment.isRefunded) return alreadyDone;
  if (status !== "cancelled") return refused(`A cancelled order is refunded; this one is ${status}.`);
  return accepted({ type: "order.refunded", data: { paymentId, amountMinor: payment.amountMinor } });
}

const alreadyDone: OrderDecision = { kind: "accepted", events: [] };

function accepted(...events: readonly OrderEvent[]): OrderDecision {
  return { kind: "accepted", events };
}

function refused(reason: string): OrderDecision {
  return { kind: "refused", reason };
}
