import type { DELIVERY_STATUSES, DeliveryStatus } from "../delivery.ts";
import {
  ATTEMPT_OUTCOMES,
  type AttemptOutcome,
  type RecordedAttempt,
  type RecordedDelivery,
} from "./trace.ts";

/** What is known of one event at one consumer: how it stands, and its attempts in their order. */
export type KnownDelivery = { delivery: RecordedDelivery; attempts: RecordedAttempt[] };

/** From the least to the most that can have become of a delivery. */
const RANKS: Record<DeliveryStatus, number> = {
  pending: 0,
  processing: 1,
  retrying: 2,
  dead: 3,
  discarded: 4,
  succeeded: 5,
};

const STATUS_AFTER: Record<AttemptOutcome, DeliveryStatus> = {
  running: "processing",
  interrupted: "retrying",
  "timed-out": "retrying",
  failed: "retrying",
  succeeded: "succeeded",
};

/**
 * Deliveries and attempts by consumer, each once: of several records of one delivery the newest generation counts, and
 * of that what is furthest on, so that neither their order nor their number matters.
 */
export function mergeDeliveries(
  deliveries: readonly RecordedDelivery[],
  attempts: readonly RecordedAttempt[],
): KnownDelivery[] {
  const [only] = deliveries;
  // Nearly all events: one delivery of which there is nothing more to know.
  if (only !== undefined && deliveries.length === 1 && attempts.length === 0) {
    return [{ delivery: only, attempts: withLast(only, []) }];
  }
  const newest = new Map<string, RecordedDelivery>();
  for (const delivery of deliveries) {
    const known = newest.get(delivery.consumer);
    if (known === undefined || isFurther(delivery, known)) newest.set(delivery.consumer, delivery);
  }
  const byConsumer = Map.groupBy(attempts, ({ consumer }) => consumer);
  return [...new Set([...newest.keys(), ...byConsumer.keys()])].sort().flatMap((consumer) => {
    const merged = mergeAttempts(byConsumer.get(consumer) ?? []);
    const delivery = catchUp(newest.get(consumer), merged);
    return delivery === null ? [] : [{ delivery, attempts: withLast(delivery, merged) }];
  });
}

function isFurther(a: RecordedDelivery, b: RecordedDelivery): boolean {
  const ahead = a.generation - b.generation || RANKS[a.status] - RANKS[b.status] || a.attempts - b.attempts;
  return ahead > 0;
}

function mergeAttempts(attempts: readonly RecordedAttempt[]): RecordedAttempt[] {
  const merged = new Map<string, RecordedAttempt>();
  for (const attempt of attempts) {
    const key = `${attempt.generation}/${attempt.attempt}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? attempt : mergeTwo(known, attempt));
  }
  return [...merged.values()].sort((a, b) => a.generation - b.generation || a.attempt - b.attempt);
}

function mergeTwo(a: RecordedAttempt, b: RecordedAttempt): RecordedAttempt {
  const ahead =
    ATTEMPT_OUTCOMES.indexOf(a.outcome) - ATTEMPT_OUTCOMES.indexOf(b.outcome) ||
    (a.durationUs ?? -1) - (b.durationUs ?? -1) ||
    (errorText(a) < errorText(b) ? -1 : 1);
  return { ...(ahead < 0 ? b : a), startedUs: earlier(a.startedUs, b.startedUs) };
}

function errorText({ error }: RecordedAttempt): string {
  return error === null ? "" : `${error.name} ${error.message}`;
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

/** The delivery after its attempts, which may have been reported before it was, or without it. */
function catchUp(
  known: RecordedDelivery | undefined,
  attempts: readonly RecordedAttempt[],
): RecordedDelivery | null {
  const last = attempts.at(-1);
  if (last === undefined) return known ?? null;
  const { position, consumer, generation, attempt, startedUs, durationUs, outcome } = last;
  const reported: RecordedDelivery = {
    position,
    consumer,
    generation,
    status: STATUS_AFTER[outcome],
    attempts: attempt,
    startedUs,
    durationUs,
    nextAttemptUs: null,
  };
  return known === undefined || isFurther(reported, known) ? reported : known;
}

/** The last attempt is written into the delivery, and need not stand anywhere else. */
function withLast(delivery: RecordedDelivery, attempts: RecordedAttempt[]): RecordedAttempt[] {
  const { position, consumer, generation, status, attempts: attempt, startedUs, durationUs } = delivery;
  const isKnown = attempts.some((one) => one.generation === generation && one.attempt === attempt);
  if (isKnown || startedUs === null || status === "pending") return attempts;
  const outcome = OUTCOMES[status];
  return [
    ...attempts,
    { position, consumer, generation, attempt, startedUs, durationUs, outcome, error: null },
  ];
}

const OUTCOMES: Record<(typeof DELIVERY_STATUSES)[number], AttemptOutcome> = {
  pending: "running",
  processing: "running",
  retrying: "failed",
  dead: "failed",
  discarded: "failed",
  succeeded: "succeeded",
};
