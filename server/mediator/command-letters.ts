import type { SqlTx } from "#drizzle/db.ts";
import { listLettersOfCommands } from "#drizzle/queries/trace-reading.ts";
import type { CommandLetterDto } from "#server/contract/processes.ts";
import { DEAD_LETTER_STATUSES } from "#server/domain/dead-letter.ts";
import { commandId } from "#server/domain/processes/run.ts";
import type { OpenStep } from "#server/domain/processes/run-action.ts";
import type { ProcessState } from "#server/domain/processes/state.ts";

/** Commands of a step are looked for among its last attempts. */
const MAX_ATTEMPTS = 50;

/** The dead letters in which commands of an open step lie that were sent before; the newest first. */
export async function listCommandLetters(
  tx: SqlTx,
  { id, correlation_id: correlationId }: { id: string; correlation_id: string },
  state: ProcessState,
  { step, phase }: OpenStep,
): Promise<CommandLetterDto[]> {
  const last = state.steps[step]?.attempt ?? 0;
  const attempts = Array.from({ length: Math.min(last, MAX_ATTEMPTS) }, (_, before) => last - before);
  const ids = attempts.map((attempt) => commandId(id, { step, phase, attempt }));
  const rows = await listLettersOfCommands(tx, { correlationId, ids });
  return rows.map(({ position, consumer, status }) => ({
    position,
    consumer,
    status: DEAD_LETTER_STATUSES[status] ?? "parked",
  }));
}
