import type { ObservedFlow } from "../observed-flow.ts";
import { randomFrom } from "./simulate-flow.ts";

/** Takes events out of the middle of a flow: what followed from them names a cause that is not there. */
export function withGaps(rate: number): (flow: ObservedFlow, seed: number) => ObservedFlow {
  return ({ correlationId, events, deliveries }, seed) => {
    const random = randomFrom(seed);
    const kept = events.map((_, index) => index === 0 || random() >= rate);
    const moved = new Map<number, number>();
    for (const [index, isKept] of kept.entries()) if (isKept) moved.set(index, moved.size);
    return {
      correlationId,
      events: events
        .filter((_, index) => kept[index])
        .map((event) => {
          const cause = event.cause === null ? null : (moved.get(event.cause) ?? null);
          return { ...event, cause, isCauseMissing: event.cause !== null && cause === null };
        }),
      // What became of events that were not recorded is not known either.
      deliveries: deliveries.flatMap((delivery) => {
        const event = moved.get(delivery.event);
        return event === undefined ? [] : [{ ...delivery, event }];
      }),
    };
  };
}

/** No event names what led to it. */
export function withoutCauses(flow: ObservedFlow): ObservedFlow {
  return { ...flow, events: flow.events.map((event) => ({ ...event, cause: null })) };
}

/** The consumers tell nobody what they handle; what they emit still names its cause. */
export function withoutDeliveries(flow: ObservedFlow): ObservedFlow {
  return { ...flow, deliveries: [] };
}
