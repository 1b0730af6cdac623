/** `waiting` for a reply, `retrying` until the command is sent again, `stuck` until a person decides. */
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
] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

export const PROCESS_STATUSES = ["running", "compensating", "completed", "compensated", "failed"] as const;
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
};

/** All that a process remembers; plain JSON. */
export type ProcessState = {
  status: ProcessStatus;
  key: string;
  input: unknown;
  steps: Record<string, StepState>;
  /** Steps in the order in which they were done. */
  completed: string[];
  /** Which way each choice went. */
  choices: Record<string, boolean>;
  failure: { step: string; reason: string } | null;
};

export function isEnded(status: ProcessStatus): boolean {
  return status === "completed" || status === "compensated" || status === "failed";
}

/** The earliest moment at which something has to be done without an event; null when there is none. */
export function nextDeadline({ steps }: ProcessState): number | null {
  const deadlines = Object.values(steps).flatMap(({ deadline }) => (deadline === null ? [] : [deadline]));
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}
