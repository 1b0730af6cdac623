import type { LetterRow } from "#drizzle/queries/letter-reading.ts";
import type { LetterSummaryDto } from "#server/contract/dead-letters.ts";
import { DEAD_LETTER_STATUSES } from "#server/domain/dead-letter.ts";
import { recordedAt } from "#server/domain/instant.ts";
import { isoTime } from "../bus/subscription-dto.ts";

/** A letter as it is shown; one that is in no case yet is not. */
export function toLetterSummary(row: LetterRow, nameOf: (id: number) => string): LetterSummaryDto | null {
  if (row.number === null || row.case_id === null) return null;
  return {
    position: row.position,
    consumer: row.consumer,
    number: row.number,
    status: DEAD_LETTER_STATUSES[row.status] ?? "parked",
    case: row.case_id,
    type: nameOf(row.type_id),
    source: nameOf(row.source_id),
    eventId: row.event_id,
    partitionKey: row.partition_key,
    correlationId: row.correlation_id,
    message: row.message,
    attempts: row.attempts,
    deaths: row.deaths,
    firstDiedAt: isoTime(row.first_died_at),
    diedAt: isoTime(row.died_at),
    recordedAt: recordedAt(row.position),
  };
}

/** Several of them, with their names looked up at once. */
export async function toLetterSummaries(
  rows: readonly LetterRow[],
  names: { resolve: (ids: number[]) => Promise<(id: number) => string> },
): Promise<LetterSummaryDto[]> {
  const nameOf = await names.resolve(rows.flatMap((row) => [row.type_id, row.source_id]));
  return rows.map((row) => toLetterSummary(row, nameOf)).filter((letter) => letter !== null);
}
