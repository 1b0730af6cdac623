import type { Services } from "../topology/services.ts";
import { type KnownDelivery, mergeDeliveries } from "./merge-deliveries.ts";
import type {
  RecordedAttempt,
  RecordedDelivery,
  RecordedEvent,
  TraceEvent,
  TraceMessage,
  TraceService,
} from "./trace.ts";

/** A message with the attempts to handle it. */
export type HandledMessage = { message: TraceMessage; history: readonly RecordedAttempt[] };

export type Recorded = {
  events: readonly RecordedEvent[];
  deliveries: readonly RecordedDelivery[];
  attempts: readonly RecordedAttempt[];
};

/**
 * Every event with each service that it went to: those it was owed to, and those that emitted something because of it
 * without having told of a delivery. An event that went to nobody is a message to nobody.
 */
export function findMessages(
  events: readonly TraceEvent[],
  recorded: Recorded,
  services: Services,
): HandledMessage[] {
  const isReported = recorded.deliveries.length > 0 || recorded.attempts.length > 0;
  const indexOf = isReported ? indexPositions(events, recorded.events) : () => undefined;
  const deliveries = groupByEvent(events.length, recorded.deliveries, indexOf);
  const attempts = groupByEvent(events.length, recorded.attempts, indexOf);
  const byEvent = events.map((event, index): HandledMessage[] => {
    const [owed, tried] = [deliveries[index], attempts[index]];
    if (owed === undefined && tried === undefined) return [];
    return mergeDeliveries(owed ?? [], tried ?? []).map((one) => messageOf(event, index, one, services));
  });
  addEffects(events, byEvent);
  for (const [index, messages] of byEvent.entries()) {
    const event = events[index];
    if (messages.length === 0 && event !== undefined) messages.push(unreported(event, index, null));
  }
  return byEvent.flat();
}

function groupByEvent<T extends { position: string }>(
  events: number,
  items: readonly T[],
  indexOf: (position: string) => number | undefined,
): (T[] | undefined)[] {
  const grouped = new Array<T[] | undefined>(events).fill(undefined);
  for (const item of items) {
    const index = indexOf(item.position);
    if (index === undefined || index === -1) continue;
    const known = grouped[index];
    if (known === undefined) grouped[index] = [item];
    else known.push(item);
  }
  return grouped;
}

/** The services of a trace by their ids, in the order in which they come in. */
export function listServices(
  events: readonly TraceEvent[],
  messages: readonly TraceMessage[],
  services: Services,
): TraceService[] {
  const found = new Map<string, TraceService>();
  const add = ({ id, name }: TraceService) => void (found.has(id) || found.set(id, { id, name }));
  let next = 0;
  for (const [index, { source }] of events.entries()) {
    add(services.ofSource(source));
    for (let one = messages[next]; one?.event === index; one = messages[next]) {
      if (one.consumer !== null) add(services.ofConsumer(one.consumer));
      next += 1;
    }
  }
  return [...found.values()];
}

/** Finds an event by the position of any of its records, also of those that were dropped as duplicates. */
function indexPositions(
  events: readonly TraceEvent[],
  recorded: readonly RecordedEvent[],
): (position: string) => number | undefined {
  const byPosition = new Map<string, number>();
  for (const [index, { position }] of events.entries()) byPosition.set(position, index);
  const dropped = recorded.filter(({ position }) => !byPosition.has(position));
  if (dropped.length > 0) {
    const keyOf = ({ source, id }: RecordedEvent) => `${source}\n${id}`;
    const byKey = new Map(events.map((event, index) => [keyOf(event), index]));
    for (const event of dropped) byPosition.set(event.position, byKey.get(keyOf(event)) ?? -1);
  }
  return (position) => byPosition.get(position);
}

function messageOf(
  event: TraceEvent,
  index: number,
  { delivery, attempts }: KnownDelivery,
  services: Services,
): HandledMessage {
  const { consumer, status, generation, nextAttemptUs } = delivery;
  const total = countEarlier(attempts, generation) + delivery.attempts;
  const isLastGood = status === "succeeded" || status === "processing";
  const started = attempts.find(({ startedUs }) => startedUs !== null);
  const handled = unreported(event, index, services.ofConsumer(consumer).id);
  const { message } = handled;
  message.consumer = consumer;
  message.status = status;
  message.generation = generation;
  message.attempts = total;
  message.failures = Math.max(0, isLastGood ? total - 1 : total);
  message.startedUs = started?.startedUs ?? null;
  message.endedUs = status === "processing" ? null : endOf(attempts);
  message.nextAttemptUs = status === "retrying" ? nextAttemptUs : null;
  return { message, history: attempts };
}

/** Attempts of earlier generations: as many as the highest number of each says. */
function countEarlier(attempts: readonly RecordedAttempt[], generation: number): number {
  if (generation === 0) return 0;
  const highest = new Map<number, number>();
  for (const one of attempts) {
    if (one.generation < generation)
      highest.set(one.generation, Math.max(highest.get(one.generation) ?? 0, one.attempt));
  }
  return [...highest.values()].reduce((sum, count) => sum + count, 0);
}

function endOf(attempts: readonly RecordedAttempt[]): number | null {
  const last = attempts.at(-1);
  if (last === undefined || last.startedUs === null || last.durationUs === null) return null;
  return last.startedUs + last.durationUs;
}

function unreported(event: TraceEvent, index: number, to: string | null): HandledMessage {
  const message: TraceMessage = {
    event: index,
    from: event.service,
    to,
    consumer: null,
    status: null,
    generation: 0,
    attempts: 0,
    failures: 0,
    sentUs: event.atUs,
    startedUs: null,
    endedUs: null,
    nextAttemptUs: null,
    effects: [],
  };
  return { message, history: [] };
}

/** A service that follows its own event up, because a time ran out, did not take it. */
function addEffects(events: readonly TraceEvent[], byEvent: HandledMessage[][]): void {
  for (const [index, { service, cause, atUs }] of events.entries()) {
    if (cause === null) continue;
    const led = events[cause];
    const messages = byEvent[cause];
    if (led === undefined || messages === undefined) continue;
    let taken = messages.find(({ message }) => message.to === service);
    if (taken === undefined && led.service !== service) {
      taken = unreported(led, cause, service);
      messages.push(taken);
    }
    if (taken === undefined) continue;
    const { message } = taken;
    message.effects.push(index);
    if (message.status === null) message.endedUs = Math.max(message.endedUs ?? led.atUs, atUs);
  }
}
