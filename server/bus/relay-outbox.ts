import { listUnsent, markRefused, markSent, tryLockRelay } from "#drizzle/queries/outbox.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { readEnvelopes } from "#server/domain/envelope/read-envelopes.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { describeViolation } from "#server/domain/schemas/type-schemas.ts";
import type { Context } from "#server/platform/context.ts";
import type { AppendOutcome } from "../ingest/append-outcome.ts";

const BATCH = 500;

/**
 * Moves one batch of published events into the log, in the order in which they were written down. One that was moved
 * before a crash, but not marked, is known by its identity and stored once.
 *
 * @returns whether there is more to move at once.
 */
export async function relayOutboxOnce(ctx: Pick<Context, "sql" | "ingest" | "env">): Promise<boolean> {
  return ctx.sql.begin(async (tx) => {
    if (!(await tryLockRelay(tx))) return false;
    const rows = await listUnsent(tx, BATCH);
    const readable: { id: string; event: EventEnvelope }[] = [];
    for (const { id, envelope } of rows) {
      const read = readOne(ctx, envelope);
      if (read.kind === "event") readable.push({ id, event: read.event });
      else await markRefused(tx, id, read.reason);
    }
    const outcomes = await ctx.ingest.append(
      readable.map(({ event }) => ({ event, identity: eventIdentity(event.source, event.id) })),
    );
    const sent: string[] = [];
    for (const [index, { id }] of readable.entries()) {
      const outcome = outcomes[index];
      const reason = outcome === undefined ? null : refusalOf(outcome, readable[index]?.event.type ?? "");
      if (reason === null) sent.push(id);
      else await markRefused(tx, id, reason);
    }
    if (sent.length > 0) await markSent(tx, sent);
    return rows.length === BATCH;
  });
}

/** Why the log does not take an event; null when it does. */
function refusalOf(outcome: AppendOutcome, type: string): string | null {
  if (outcome.kind === "refused") return describeViolation(type, outcome.violation);
  if (outcome.kind !== "conflict") return null;
  return `The event at ${outcome.position} has the same source and id, and other content.`;
}

function readOne(
  { env }: Pick<Context, "env">,
  envelope: string,
): { kind: "event"; event: EventEnvelope } | { kind: "unreadable"; reason: string } {
  const { maxEventBytes, maxDepth } = env.limits;
  const body = new TextEncoder().encode(envelope);
  const contentType = "application/cloudevents+json";
  const { events, rejected } = readEnvelopes(
    { contentType, headers: {}, body },
    { maxEventBytes, maxDepth, maxBatchEvents: 1 },
  );
  const [found] = events;
  if (found) return { kind: "event", event: { ...found.event, shape: "internal" } };
  return { kind: "unreadable", reason: rejected[0]?.message ?? "It holds no event." };
}
