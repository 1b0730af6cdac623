import type { TraceBasis } from "./trace.ts";

/**
 * Where a saga stands.
 *
 * ```
 *   running <──> waiting ──> completed
 *      │  │         │
 *      │  └─────────┴──> stuck, which a replay or an answer ends
 *      └──> failed
 *      └──> compensating ──> compensated | failed
 * ```
 */
export const SAGA_STATES = [
  /** A service is at work. */
  "running",
  /** For a turn, a retry or an answer, not longer than that takes. */
  "waiting",
  /** Nothing will happen by itself, or it takes longer than nearly always. */
  "stuck",
  "compensating",
  "completed",
  /** It failed, and what was taken back was taken back. */
  "compensated",
  /** It failed, and nothing was taken back, or not all that was begun. */
  "failed",
] as const;
export type SagaState = (typeof SAGA_STATES)[number];

export const AWAITED = [
  /** A service that works on it. */
  "work",
  /** A service that has yet to take the event. */
  "delivery",
  "retry",
  "reply",
  /** Somebody who replays the dead letter, or gives it up. */
  "replay",
  /** What follows from that step in nearly all other flows. */
  "follower",
  /** The mediator, to send the next command. */
  "mediator",
  /** Somebody who says what becomes of a compensation that failed. */
  "decision",
] as const;

export type Awaited = {
  what: (typeof AWAITED)[number];
  /** The step that is waited for, by its index and its key; where another one has to follow, the one before that. */
  step: number | null;
  key: string;
  sinceUs: number;
  /** When it will have taken longer than in 99 of 100 flows; null where that is not known. */
  dueUs: number | null;
};

/** What a piece of evidence says, with the numbers that it brings. */
export const SAGA_EVIDENCE = [
  /** `steps` of its declaration, `known` of them in the trace. */
  "declared-process",
  /** Mediators commanded: `commands`, `answered`, `services`. */
  "mediator-asks",
  /** Services reacted by themselves: `steps`, `services`. */
  "services-react",
  /** The event that says how it ended. */
  "ending-event",
  /** The mediator's history says so. */
  "ending-in-history",
  /** The mediator's history says that somebody cancelled it. */
  "cancelled",
  /** An event says that a step failed. */
  "failure-event",
  /** `attempts` were used up; the event that could not be delivered. */
  "dead-letter",
  "discarded",
  /** The mediator's history says that somebody no longer waits for it. */
  "given-up",
  /** A step was asked for `asked` times and never answered, and the flow went on. */
  "no-reply",
  /** `compensations`, `open` of them, in reverse order or not (`reversed` 1 or 0), the least `confidence`. */
  "compensations",
  /** Steps that were done and not taken back, while others were: `steps`, `undone`. */
  "not-taken-back",
  /** `waitedUs`, `p99Us` of `flows` that took the step. */
  "longer-than-usual",
  /** How long a step takes is known from `flows` alone, of `needed`. */
  "few-durations",
  /** Of `flows` that took the step, the `share` that went on after it. */
  "usually-goes-on",
  /** Deliveries that were replayed: `replayed`, `succeeded` of them. */
  "replayed",
  /** Places where what led to what is not known: `gaps` in `events`. */
  "gaps",
] as const;

export type SagaEvidence = {
  kind: (typeof SAGA_EVIDENCE)[number];
  /** Keys of the steps that it is about. */
  steps: string[];
  /** Events that prove it, by their positions. */
  positions: string[];
  numbers: Record<string, number>;
};

export const FAILURE_REASONS = [
  "failure-event",
  "dead-letter",
  "discarded",
  "given-up",
  "no-reply",
  "history",
] as const;

export type SagaFailure = {
  /** Null where an event says that something failed and nothing tells which step that was. */
  step: number | null;
  reason: (typeof FAILURE_REASONS)[number];
  /** The event that says so, or that could not be delivered. */
  event: number | null;
};

/** What one trace says about its saga at a moment. */
export type Saga = {
  state: SagaState;
  sinceUs: number;
  basis: TraceBasis;
  /** Longest waited for first; empty once it has ended. */
  awaited: Awaited[];
  /** The first one, whether or not anything came of it. */
  failure: SagaFailure | null;
  progress: {
    completed: number;
    /** Steps there are, as far as that is known: declared, or begun. */
    of: number;
    /** Failures, those that it got over included. */
    failed: number;
    compensated: number;
    /** Compensations that were begun. */
    toCompensate: number;
  };
  evidence: SagaEvidence[];
};
