import type { SagaState } from "#server/domain/sagas/saga.ts";

/** States by the number that the table keeps: those with the most harm first. */
export const STATES_BY_HARM = [
  "stuck",
  "failed",
  "compensating",
  "waiting",
  "running",
  "compensated",
  "completed",
] as const satisfies readonly SagaState[];

/** What a step is called, by its key: its declared name, or the type that it was begun by. */
export function stepName(key: string): string {
  if (!key.startsWith("[")) return key;
  try {
    const parts: unknown = JSON.parse(key);
    const name: unknown = Array.isArray(parts) ? parts[1] : null;
    return typeof name === "string" ? name : key;
  } catch {
    return key;
  }
}
