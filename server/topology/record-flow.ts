import { STATUS } from "#drizzle/queries/delivery-settling.ts";
import type { FlowDeliveryRow, FlowEventRow } from "#drizzle/queries/topology-flows.ts";
import type { FlowDelivery, RecordedFlow } from "#server/domain/topology/read-flow.ts";

/** A flow of its rows, with the names of its parts. */
export function recordFlow(
  correlationId: string,
  {
    events,
    deliveries,
    nameOf,
    consumerOf,
  }: {
    events: readonly FlowEventRow[];
    deliveries: readonly FlowDeliveryRow[];
    nameOf: (id: number) => string;
    consumerOf: ReadonlyMap<number, string>;
  },
): RecordedFlow {
  const places = new Map(events.map(({ position }, index) => [position, index]));
  return {
    correlationId,
    events: events.map((row) => ({
      position: row.position,
      id: row.id,
      type: nameOf(row.type_id),
      source: nameOf(row.source_id),
      kind: row.kind,
      causationId: row.causation_id,
    })),
    deliveries: deliveries.flatMap((row): FlowDelivery[] => {
      const event = places.get(row.position);
      const consumer = consumerOf.get(row.subscription_id);
      if (event === undefined || consumer === undefined) return [];
      const startedUs = row.started_us === null ? null : Number(row.started_us);
      const endedUs =
        startedUs === null || row.duration_us === null ? null : startedUs + Number(row.duration_us);
      return [
        { event, consumer, outcome: outcomeOf(row.status), attempts: row.attempts, startedUs, endedUs },
      ];
    }),
  };
}

function outcomeOf(status: number): FlowDelivery["outcome"] {
  if (status === STATUS.succeeded) return "succeeded";
  return status === STATUS.dead || status === STATUS.discarded ? "failed" : "open";
}
