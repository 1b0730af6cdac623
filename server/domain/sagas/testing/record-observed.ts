import type { ObservedFlow } from "../../topology/observed-flow.ts";
import { identifyServices } from "../../topology/services.ts";
import type { TraceInput } from "../read-trace.ts";
import type { RecordedDelivery, RecordedEvent } from "../trace.ts";

const STATUS = { succeeded: "succeeded", failed: "dead", open: "pending" } as const;

/** A flow as the topology's simulations give it, as it would have been recorded. */
export function recordObserved({ correlationId, events, deliveries }: ObservedFlow): TraceInput {
  const names = new Set([...events, ...deliveries].map(({ service }) => service));
  // Events of one moment still have positions of their own.
  const positions = events.map(({ at }, index) => String(Math.round(at * 1000) + index));
  return {
    events: events.map((event, index): RecordedEvent => {
      const missing = event.isCauseMissing ? `gone-${index}` : null;
      return {
        position: positions[index] ?? "0",
        id: `e${index}`,
        source: `/${event.service}`,
        type: event.type,
        kind: event.kind,
        subject: null,
        channel: null,
        correlationId,
        causationId: event.cause === null ? missing : `e${event.cause}`,
        traceparent: null,
        timeUs: null,
      };
    }),
    deliveries: deliveries.map(
      ({ event, service, startedAt, endedAt, outcome, attempts }): RecordedDelivery => {
        const startedUs = startedAt === null ? null : Math.round(startedAt * 1000);
        const durationUs =
          startedAt === null || endedAt === null ? null : Math.round((endedAt - startedAt) * 1000);
        const place = {
          position: positions[event] ?? "0",
          consumer: service,
          generation: 0,
          nextAttemptUs: null,
        };
        return { ...place, status: STATUS[outcome], attempts, startedUs, durationUs };
      },
    ),
    attempts: [],
    services: identifyServices([...names].map((name) => ({ source: `/${name}`, consumer: name }))),
  };
}
