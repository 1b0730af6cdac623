import type { ProcessRow } from "#drizzle/queries/processes.ts";
import type { ProcessState } from "#server/domain/processes/state.ts";

export function readState({ state }: ProcessRow): ProcessState {
  return state as ProcessState; // written from one
}
