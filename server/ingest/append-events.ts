import type { AppendAnswerDto, RejectionDto } from "#server/contract/events.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { describeViolation } from "#server/domain/schemas/type-schemas.ts";
import type { Context } from "#server/platform/context.ts";
import type { AppendOutcome } from "./append-outcome.ts";

/**
 * Stores events and says what became of each, after the commit. Safe to send twice: an event is known by its source
 * and id, so a repeat counts as a duplicate and changes nothing. An event whose identity belongs to one with other
 * content is a conflict: it is reported under its index and never overwrites. So is one that its type's schema refuses.
 */
export async function appendEvents(
  ctx: Context,
  events: readonly { index: number; event: EventEnvelope }[],
): Promise<AppendAnswerDto> {
  const outcomes = await ctx.ingest.append(
    events.map(({ event }) => ({ event, identity: eventIdentity(event.source, event.id) })),
  );
  const answer: AppendAnswerDto = { accepted: 0, duplicates: 0, conflicts: 0, rejected: [] };
  for (const [place, outcome] of outcomes.entries()) {
    if (outcome.kind === "accepted") answer.accepted += 1;
    else if (outcome.kind === "duplicate") answer.duplicates += 1;
    else {
      const entry = events[place];
      if (outcome.kind === "conflict") answer.conflicts += 1;
      if (entry) answer.rejected.push(rejectionOf(entry, outcome));
    }
  }
  return answer;
}

type Refused = Exclude<AppendOutcome, { kind: "accepted" | "duplicate" }>;

function rejectionOf(entry: { index: number; event: EventEnvelope }, outcome: Refused): RejectionDto {
  if (outcome.kind === "conflict") return conflictOf(entry, outcome.position);
  const { index, event } = entry;
  const { violation } = outcome;
  return {
    index,
    id: event.id,
    code: "schema-violation",
    message: `${describeViolation(event.type, violation)} Send it as the schema asks, or set the policy of ${event.type} to observe.`,
    problems: [...violation.problems],
  };
}

function conflictOf(
  { index, event }: { index: number; event: EventEnvelope },
  position: string,
): RejectionDto {
  const message =
    `The event with this source and id at position ${position} has other content. ` +
    "The stored one was kept; send the new one under an id of its own.";
  return { index, id: event.id, code: "conflict", message };
}
