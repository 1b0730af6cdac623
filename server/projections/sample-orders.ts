import { findSampleOrder, putSampleOrder } from "#drizzle/queries/sample-orders.ts";
import { evolveAll, type StreamEvent } from "#server/domain/aggregate.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { type SampleOrder, type SampleOrderEvents, sampleOrder } from "#server/domain/orders/sample-order.ts";
import { defineProjection } from "./projection.ts";

/** The orders of the event-sourced sample system as a read model: what its pages would show. */
export const sampleOrders = defineProjection({
  name: "sample-orders",
  types: Object.keys(sampleOrder.evolve),
  aggregateType: sampleOrder.type,
  tables: ["sample_orders"],
  apply: async (tx, { position, event }, generation) => {
    const { aggregateId } = event;
    if (!isOfOrder(event) || aggregateId === null) return;
    const known = await findSampleOrder(tx, generation, aggregateId);
    const { version, state } = evolveOrder(known?.state ?? null, event);
    await putSampleOrder(tx, generation, { orderId: aggregateId, version, state, position });
  },
  fold: (shown, event) => (isOfOrder(event) ? evolveOrder(shown?.state ?? null, event) : shown),
});

/** Others may send events of the same names. */
function isOfOrder({ aggregateType, aggregateVersion }: EventEnvelope): boolean {
  return aggregateType === sampleOrder.type && aggregateVersion !== null;
}

function evolveOrder(
  known: unknown,
  { type, data, aggregateVersion }: EventEnvelope,
): { version: number; state: SampleOrder } {
  if (data.encoding !== "json") throw new Error(`The data of this ${type} is no JSON.`);
  // Only types of the aggregate are asked for.
  const next = { type, data: JSON.parse(data.text) } as StreamEvent<SampleOrderEvents>;
  // Written from a state.
  const state = evolveAll(sampleOrder, (known as SampleOrder | null) ?? sampleOrder.initial, [next]);
  return { version: aggregateVersion ?? 0, state };
}
