/**
 * Where a dead letter stands: `parked` until somebody does something about it, `replaying` while it is delivered again,
 * `resolved` when its consumer has handled it since, `discarded` when somebody decided that it needn't.
 */
export const DEAD_LETTER_STATUSES = ["parked", "replaying", "resolved", "discarded"] as const;
export type DeadLetterStatus = (typeof DEAD_LETTER_STATUSES)[number];
