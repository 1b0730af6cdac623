import type { SqlTx } from "#drizzle/db.ts";
import { findOrderState, putOrderSummary } from "#drizzle/queries/order-summaries.ts";
import type { StreamEvent } from "#server/domain/aggregate.ts";
import { evolveAll } from "#server/domain/aggregate.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import {
  type OpenedOrder,
  type Order,
  type OrderEvents,
  order,
  totalMinor,
} from "#server/domain/orders/order.ts";
import { defineProjection, type ProjectedEvent } from "./projection.ts";

/** Orders as their events left them, one row each. */
export const orderSummaries = defineProjection({
  name: "order-summaries",
  types: Object.keys(order.evolve),
  aggregateType: order.type,
  tables: ["order_summaries"],
  apply: applyToOrder,
  fold: (shown, event) => (isOfOrder(event) ? (evolveOrder(shown?.state ?? null, event) ?? shown) : shown),
});

async function applyToOrder(
  tx: SqlTx,
  { position, event }: ProjectedEvent,
  generation: number,
): Promise<void> {
  const { aggregateId } = event;
  if (!isOfOrder(event) || aggregateId === null) return;
  const next = evolveOrder(await findOrderState(tx, generation, aggregateId), event);
  if (next === null) return;
  const { version, state } = next;
  await putOrderSummary(tx, generation, {
    order_id: aggregateId,
    version,
    status: state.status,
    customer_id: state.customerId,
    currency: state.currency,
    line_count: state.lines.length,
    total_minor: totalMinor(state),
    state,
    position,
  });
}

/** Others may send events of the same names that belong to no order of ours. */
function isOfOrder({ aggregateType, aggregateVersion }: EventEnvelope): boolean {
  return aggregateType === order.type && aggregateVersion !== null;
}

/** Null for an order whose first event is not there yet, or will never be: nothing is known of it. */
function evolveOrder(known: unknown, event: EventEnvelope): { version: number; state: OpenedOrder } | null {
  // Written from a state.
  const state = evolveAll(order, (known as Order | null) ?? order.initial, [toOrderEvent(event)]);
  return state.status === "none" ? null : { version: event.aggregateVersion ?? 0, state };
}

function toOrderEvent({ type, data }: EventEnvelope): StreamEvent<OrderEvents> {
  if (data.encoding !== "json") throw new Error(`The data of this ${type} is no JSON.`);
  // Only types of the aggregate are asked for; data of another form than theirs fails in the table, and says so.
  return { type, data: JSON.parse(data.text) } as StreamEvent<OrderEvents>;
}
