import type { EventAttemptRow } from "#drizzle/queries/event-deliveries.ts";
import { type AttemptDto, attemptSchema } from "#server/contract/deliveries.ts";
import type { ReportedOutcome } from "#server/domain/reported-attempts.ts";
import { isoTime } from "./subscription-dto.ts";

/** The outcomes of reported attempts by their numbers in the table. */
export const REPORTED_CODES: Record<ReportedOutcome, number> = {
  succeeded: 0,
  failed: 1,
  running: 4,
  dead: 5,
};

const OUTCOMES: readonly AttemptDto["outcome"][] = [
  "succeeded",
  "failed",
  "timed-out",
  "interrupted",
  "running",
  "failed",
];

/** An attempt of the history as it is shown. */
export function toAttemptDto(row: EventAttemptRow): AttemptDto {
  return {
    generation: row.generation,
    attempt: row.attempt,
    outcome: OUTCOMES[row.outcome] ?? "failed",
    startedAt: row.started_at === null ? null : isoTime(row.started_at),
    endedAt: row.ended_at === null ? null : isoTime(row.ended_at),
    durationMs: row.duration_us === null ? null : Number(row.duration_us) / 1000,
    error: attemptSchema.shape.error.parse(row.error ?? null),
  };
}
