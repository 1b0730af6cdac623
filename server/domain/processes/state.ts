/**
 * `waiting` for a reply, `retrying` until the command is sent again, `stuck` until a person decides. What was `given-up`
 * may have been carried out: a person ended the run, and nobody waits for the reply any more.
 */
export const STEP_STATUSES = [
  "waiting",
  "retrying",
  "completed",
  "failed",
  "skipped",
  "compensating",
  "compensation-retrying",
  "stuck",
  "compensated",
  "given-up",
] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** `cancelled`: ended by a person, with nothing taken back from there on. */
export const PROCESS_STATUSES = [
  "running",
  "compensating",
  "completed",
  "compensated",
  "failed",
  "cancelled",
] as const;
export type ProcessStatus = (typeof PROCESS_STATUSES)[number];

/** Times in milliseconds since 1970. */
export type StepState = {
  status: StepStatus;
  /** Of the exchange under way, from 1. */
  attempt: number;
  /** When a reply is given up, or the command is sent again; null when nothing is waited for. */
  deadline: number | null;
  startedAt: number;
  endedAt: number | null;
  /** The reply's payload. */
  result: unknown;
  error: string | null;
  /** The command may have had its effect although no reply came in time. */
  isDoubtful: boolean;
  /** Attempts of the exchange before a person had it tried again: the policy counts from there. */
  attemptsBefore?: number | undefined;
  /** Attempts whose refusal a person has overruled: it does not count once more when it is told again. */
  refusedBefore?: number | undefined;
  /** Which idempotency key the exchange has; the first one where it is left out. */
  keyNumber?: number | undefined;
};

/** All that a process remembers; plain JSON. */
export type ProcessState = {
  status: ProcessStatus;
  key: string;
  input: unknown;
  steps: Record<string, StepState>;
  /** Steps in the order in which they were done; those that were skipped are here when they may have been done. */
  completed: string[];
  /** Which way each choice went. */
  choices: Record<string, boolean>;
  failure: { step: string; reason: string } | null;
};

export function isEnded(status: ProcessStatus): boolean {
  return status !== "running" && status !== "compensating";
}

/** The earliest moment at which something has to be done without an event; null when there is none. */
export function nextDeadline({ steps }: ProcessState): number | null {
  const deadlines = Object.values(steps).flatMap(({ deadline }) => (deadline === null ? [] : [deadline]));
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}
