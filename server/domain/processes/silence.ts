import type { Advance } from "./go-on.ts";
import { commandId, type SentCommand } from "./run.ts";

/**
 * The id of the command to whose silence something answers that no event led to: for a command that is sent again, the
 * attempt before; for what follows from giving up a step, its last attempt. Null where a person ended the process.
 *
 * @param id of the process.
 * @param sent a command; without one, the last word of the process.
 */
export function silenceBehind(
  id: string,
  { state, transitions }: Advance,
  sent: SentCommand | null,
): string | null {
  if (sent !== null && sent.attempt > 1) return commandId(id, { ...sent, attempt: sent.attempt - 1 });
  if (state.status === "cancelled") return null;
  const last = transitions.findLast(({ kind }) => kind === "step.failed" || kind === "step.given-up");
  if (last === undefined || last.step === null || last.attempt === null) return null;
  return commandId(id, { step: last.step, phase: "do", attempt: last.attempt });
}
