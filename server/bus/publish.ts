import { randomUUID } from "node:crypto";
import type { SqlTx } from "#drizzle/db.ts";
import { insertManyOutbox, insertOutbox } from "#drizzle/queries/outbox.ts";
import { structuredJson } from "#server/domain/envelope/write-envelope.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { causedBy, completeEvent, type NewEvent } from "#server/domain/new-event.ts";
import type { Clock } from "#server/platform/clock.ts";

/** Publishes an event from inside of a transaction: it reaches the log if the transaction commits, and only then. */
export async function publish(tx: SqlTx, event: EventEnvelope): Promise<void> {
  await insertOutbox(tx, structuredJson(event));
}

/** Publishes many at once, in their order. */
export async function publishMany(tx: SqlTx, events: readonly EventEnvelope[]): Promise<void> {
  const envelopes = events.map((event) => structuredJson(event));
  await insertManyOutbox(tx, envelopes);
}

/** How a handler publishes: within its own transaction, and as part of the flow of the event that it handles. */
export function publisherFor(
  tx: SqlTx,
  handled: EventEnvelope,
  { now }: Pick<Clock, "now">,
): (event: NewEvent) => Promise<void> {
  return (given) => {
    const defaults = { id: randomUUID(), time: now().toISOString() };
    return publish(tx, completeEvent(causedBy(handled, given), defaults));
  };
}
