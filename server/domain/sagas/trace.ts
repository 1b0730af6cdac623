import type { DeliveryStatus } from "../delivery.ts";
import type { EventKind } from "../event.ts";

/** An event of a flow as it was recorded, without its payload. */
export type RecordedEvent = {
  /** Also when it was recorded: microseconds since 1970. */
  position: string;
  id: string;
  source: string;
  type: string;
  kind: EventKind | null;
  subject: string | null;
  channel: string | null;
  correlationId: string | null;
  causationId: string | null;
  traceparent: string | null;
  /** What the producer's clock said, microseconds since 1970. */
  timeUs: number | null;
};

/** Where the delivery of an event to one consumer stands. Times in microseconds since 1970. */
export type RecordedDelivery = {
  position: string;
  consumer: string;
  status: DeliveryStatus;
  generation: number;
  /** Of this generation; the times are of the last one. */
  attempts: number;
  startedUs: number | null;
  durationUs: number | null;
  nextAttemptUs: number | null;
};

export const ATTEMPT_OUTCOMES = ["running", "interrupted", "timed-out", "failed", "succeeded"] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

export type RecordedAttempt = {
  position: string;
  consumer: string;
  generation: number;
  attempt: number;
  startedUs: number | null;
  durationUs: number | null;
  outcome: AttemptOutcome;
  error: { name: string; message: string } | null;
};

/** An event in its flow. Events are named by their index in the trace, in which causes stand before their effects. */
export type TraceEvent = RecordedEvent & {
  /** The service that emitted it, by its id. */
  service: string;
  atUs: number;
  /** What led to it; null at a root. */
  cause: number | null;
  depth: number;
};

/** A place where what led to what, or when, is not known. */
export type Gap =
  | { kind: "no-causation-id"; event: number }
  /** It names a cause that this flow does not hold. */
  | { kind: "cause-not-in-flow"; event: number }
  /** Its causes lead back to itself; the circle is opened here. */
  | { kind: "causation-circle"; event: number }
  | { kind: "recorded-before-cause"; event: number; byUs: number }
  /** Two clocks contradict each other by at least so much. */
  | { kind: "clock-skew"; event: number; against: "cause" | "recording" | "attempt"; byUs: number };

/** An event on its way from one service to another one. */
export type TraceMessage = {
  event: number;
  from: string;
  /** Null where nobody is known to have been given it. */
  to: string | null;
  /** Null where the service is known by nothing but what it emitted. */
  consumer: string | null;
  /** Null where nothing was reported. */
  status: DeliveryStatus | null;
  /** Counts its replays. */
  generation: number;
  attempts: number;
  failures: number;
  sentUs: number;
  /** Of the first attempt. */
  startedUs: number | null;
  /** Of the last one; null while it goes on. */
  endedUs: number | null;
  nextAttemptUs: number | null;
  /** Events that the service emitted because of it. */
  effects: number[];
};

/** A stretch of work on a message, or of waiting for it; `endUs` is null while it lasts. */
export type Span = { message: number; generation: number; startUs: number; endUs: number | null } & (
  | { kind: "work"; attempt: number; outcome: AttemptOutcome; error: RecordedAttempt["error"] }
  /** For its turn, for the time of a retry, or as a dead letter for somebody who replays it. */
  | { kind: "wait"; reason: "queued" | "retry" | "dead" }
);

export const STEP_STATES = [
  /** Declared, and not begun. */
  "planned",
  /** For its turn, or for a reply. */
  "waiting",
  "working",
  "retrying",
  "completed",
  /** Answered that it can't be done. */
  "failed",
  /** Its delivery used up its attempts. */
  "dead",
  /** Its dead letter was given up. */
  "discarded",
  "skipped",
] as const;
export type StepState = (typeof STEP_STATES)[number];

export type TraceStep = {
  /** The same for the same step in every trace. */
  key: string;
  /** Its declared name, or else the type that it was begun by. */
  name: string;
  /** The service that does it; null until it is known. */
  service: string | null;
  state: StepState;
  /** A mediator told the service to do it, and waits for an answer. */
  isTold: boolean;
  startedUs: number | null;
  endedUs: number | null;
  /** What began it: a command, each time that it was sent, or the event that the service handled. */
  asked: number[];
  /** What it was answered, or what the service emitted. */
  answers: number[];
  messages: number[];
  /** The step whose answer led to it. */
  after: number | null;
  /** Key of the step that it takes back by declaration. */
  undoes: string | null;
};

export const COMPENSATION_SIGNALS = [
  "declared",
  /** The topology has seen that the mediator takes steps back by it. */
  "known",
  /** What it did and what the other step did are words of one pair: reserve and release. */
  "name-pair",
  /** What it did is a word for taking back: refund. */
  "undo-name",
  /** It followed from an event with such a word: `order.cancelled`. */
  "heard-undo-name",
  "follows-failure",
  /** Something failed, but what led to the step is not known. */
  "failure-elsewhere",
  "same-service",
  "same-subject",
  "reverse-order",
] as const;
export type CompensationSignal = (typeof COMPENSATION_SIGNALS)[number];

/** A step that takes another one back. */
export type Compensation = {
  step: number;
  undoes: number;
  /** From 0 to 1: what speaks for it together, no probability. */
  confidence: number;
  signals: CompensationSignal[];
};

/** How it is known what the steps are. */
export const TRACE_BASES = ["declared", "mediated", "choreographed"] as const;
export type TraceBasis = (typeof TRACE_BASES)[number];

export type TraceService = { id: string; name: string };

/** One correlated flow: who did what when, because of what. Times in microseconds since 1970. */
export type Trace = {
  startUs: number;
  /** The last moment of which something is known. */
  endUs: number;
  services: TraceService[];
  channels: string[];
  events: TraceEvent[];
  gaps: Gap[];
  messages: TraceMessage[];
  spans: Span[];
  basis: TraceBasis;
  /** Services that run it, by id. */
  mediators: string[];
  steps: TraceStep[];
  compensations: Compensation[];
};
