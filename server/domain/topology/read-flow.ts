import { EVENT_KINDS } from "../event.ts";
import type { ObservedDelivery, ObservedFlow } from "./observed-flow.ts";
import type { Services } from "./services.ts";

/** An event of a flow as it was recorded. Times in microseconds since 1970. */
export type FlowEvent = {
  position: string;
  id: string;
  type: string;
  source: string;
  /** By number, as events keep it. */
  kind: number | null;
  causationId: string | null;
};

export type FlowDelivery = {
  /** Index of the event. */
  event: number;
  consumer: string;
  outcome: ObservedDelivery["outcome"];
  /** In all; the times are of the last one. */
  attempts: number;
  startedUs: number | null;
  endedUs: number | null;
};

/** A flow with the names under which its parts were recorded: in order of position. */
export type RecordedFlow = {
  correlationId: string;
  events: readonly FlowEvent[];
  deliveries: readonly FlowDelivery[];
};

/** What was recorded of a flow, by the services that ran it. */
export function observeFlow(
  { correlationId, events, deliveries }: RecordedFlow,
  services: Services,
): ObservedFlow {
  const causes = findNamedCauses(events);
  return {
    correlationId,
    events: events.map((event, index) => ({
      position: event.position,
      type: event.type,
      service: services.ofSource(event.source).id,
      kind: event.kind === null ? null : (EVENT_KINDS[event.kind] ?? null),
      cause: causes[index] ?? null,
      isCauseMissing: event.causationId !== null && causes[index] === null,
      at: Number(event.position) / 1000,
    })),
    deliveries: deliveries.map(({ event, consumer, outcome, attempts, startedUs, endedUs }) => ({
      event,
      service: services.ofConsumer(consumer).id,
      startedAt: startedUs === null ? null : startedUs / 1000,
      endedAt: endedUs === null ? null : endedUs / 1000,
      outcome,
      attempts,
    })),
  };
}

/** The index of the event that each one names as its cause: the first with that id, and not itself. */
export function findNamedCauses(events: readonly FlowEvent[]): (number | null)[] {
  const byId = new Map<string, number>();
  for (const [index, { id }] of events.entries()) if (!byId.has(id)) byId.set(id, index);
  return events.map(({ causationId }, index) => {
    const cause = causationId === null ? undefined : byId.get(causationId);
    return cause === undefined || cause === index ? null : cause;
  });
}

/** Clocks of the programs that deliver may differ by so much from that of the database. */
const CLOCK_SKEW_US = 1_000_000;

/**
 * Who had taken the cause of what a source emitted, event by event. What a source emits upon its own events tells
 * nothing about who it is.
 */
export function sightServices({
  events,
  deliveries,
}: RecordedFlow): { source: string; consumers: string[] }[] {
  const byEvent = Map.groupBy(deliveries, ({ event }) => event);
  return findNamedCauses(events).flatMap((cause, index) => {
    const [event, led] = [events[index], cause === null ? undefined : events[cause]];
    if (!event || !led || cause === null || led.source === event.source) return [];
    const at = Number(event.position);
    const taken = (byEvent.get(cause) ?? []).filter(
      ({ attempts, startedUs }) =>
        attempts > 1 || (attempts === 1 && startedUs !== null && startedUs <= at + CLOCK_SKEW_US),
    );
    return [{ source: event.source, consumers: [...new Set(taken.map(({ consumer }) => consumer))] }];
  });
}
