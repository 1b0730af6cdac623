import { emptyEnvelope } from "./envelope/attributes.ts";
import type { EventEnvelope } from "./event.ts";

/** An event as a program publishes it; what it leaves out is filled in or stays empty. */
export type NewEvent = Pick<EventEnvelope, "type" | "source"> & Partial<Omit<EventEnvelope, "shape">>;

/** The whole event of what a program gave. */
export function completeEvent(given: NewEvent, defaults: { id: string; time: string }): EventEnvelope {
  return {
    ...emptyEnvelope("internal"),
    ...defaults,
    ...given,
    shape: "internal",
  };
}

/** Makes an event part of the flow of the one that led to it, unless it says otherwise. */
export function causedBy(cause: Pick<EventEnvelope, "id" | "correlationId">, given: NewEvent): NewEvent {
  return { correlationId: cause.correlationId ?? cause.id, causationId: cause.id, ...given };
}
