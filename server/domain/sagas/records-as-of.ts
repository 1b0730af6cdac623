import type { DeliveryStatus } from "../delivery.ts";
import { type KnownDelivery, mergeDeliveries } from "./merge-deliveries.ts";
import type { RecordedAttempt, RecordedDelivery } from "./trace.ts";
import type { Recorded } from "./trace-messages.ts";

/**
 * What was known of a flow at a moment, so that it can be played step by step: events recorded by then, and deliveries
 * as their attempts had left them. When a dead letter was replayed is not recorded: until the first attempt of the
 * replay it counts as dead. When one was given up isn't either: that shows from its last attempt on.
 *
 * @param atUs microseconds since 1970
 */
export function recordsAsOf({ events, deliveries, attempts }: Recorded, atUs: number): Recorded {
  const known = events.filter(({ position }) => Number(position) <= atUs);
  const positions = new Set(known.map(({ position }) => position));
  const attemptsOf = Map.groupBy(attempts, ({ position }) => position);
  const deliveriesOf = Map.groupBy(deliveries, ({ position }) => position);
  const merged = [...positions].flatMap((position) =>
    mergeDeliveries(deliveriesOf.get(position) ?? [], attemptsOf.get(position) ?? []),
  );
  const then = merged.map((one) => deliveryAsOf(one, atUs));
  return {
    events: known,
    deliveries: then.map(({ delivery }) => delivery),
    attempts: then.flatMap((one) => one.attempts),
  };
}

function deliveryAsOf({ delivery, attempts }: KnownDelivery, atUs: number): KnownDelivery {
  const begun = attempts.filter(({ startedUs }) => startedUs === null || startedUs <= atUs);
  const isWhole = begun.length === attempts.length && begun.every((one) => endOf(one) <= atUs);
  if (isWhole) return { delivery, attempts };
  const seen = begun.map((one) => (endOf(one) <= atUs ? one : { ...one, ...UNENDED }));
  const last = seen.at(-1);
  const { position, consumer } = delivery;
  const then: RecordedDelivery = {
    position,
    consumer,
    status: last === undefined ? "pending" : statusAfter(last, attempts),
    generation: last?.generation ?? 0,
    attempts: last?.attempt ?? 0,
    startedUs: last?.startedUs ?? null,
    durationUs: last?.durationUs ?? null,
    nextAttemptUs: null,
  };
  return { delivery: then, attempts: seen };
}

const UNENDED = { outcome: "running", durationUs: null, error: null } as const;

/** One that still runs ends later than any moment; one of which no time is known was there from the beginning. */
function endOf({ startedUs, durationUs, outcome }: RecordedAttempt): number {
  if (outcome === "running") return Number.POSITIVE_INFINITY;
  return (startedUs ?? 0) + (durationUs ?? 0);
}

function statusAfter(last: RecordedAttempt, all: readonly RecordedAttempt[]): DeliveryStatus {
  if (last.outcome === "running") return "processing";
  if (last.outcome === "succeeded") return "succeeded";
  const next = all[all.findIndex((one) => isSame(one, last)) + 1];
  return next === undefined || next.generation > last.generation ? "dead" : "retrying";
}

function isSame(a: RecordedAttempt, b: RecordedAttempt): boolean {
  return a.generation === b.generation && a.attempt === b.attempt;
}
