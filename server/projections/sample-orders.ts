import { findSampleOrder, putSampleOrder } from "#drizzle/queries/sample-orders.ts";
import { evolveAll, type StreamEvent } from "#server/domain/aggregate.ts";
import { type SampleOrder, type SampleOrderEvents, sampleOrder } from "#server/domain/orders/sample-order.ts";
import { defineProjection } from "./projection.ts";

/** The orders of the event-sourced sample system as a read model: what its pages would show. */
export const sampleOrders = defineProjection({
  name: "sample-orders",
  types: Object.keys(sampleOrder.evolve),
  aggregateType: sampleOrder.type,
  tables: ["sample_orders"],
  apply: async (tx, { position, event }, generation) => {
    const { aggregateType, aggregateId, aggregateVersion, type, data } = event;
    // Others may send events of the same names.
    if (aggregateType !== sampleOrder.type || aggregateId === null || aggregateVersion === null) return;
    if (data.encoding !== "json") throw new Error(`The data of this ${type} is no JSON.`);
    // Written below, from a state.
    const known = (await findSampleOrder(tx, generation, aggregateId)) as { state: SampleOrder } | null;
    // Only types of the aggregate are asked for.
    const next = { type, data: JSON.parse(data.text) } as StreamEvent<SampleOrderEvents>;
    const state = evolveAll(sampleOrder, known?.state ?? sampleOrder.initial, [next]);
    await putSampleOrder(tx, generation, {
      orderId: aggregateId,
      version: aggregateVersion,
      state,
      position,
    });
  },
});
