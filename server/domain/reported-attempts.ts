import type { DeliveryStatus } from "./delivery.ts";
import type { ErrorRecord } from "./error-record.ts";

/**
 * What a system with its own delivery may say of an attempt. A later word of this list outranks an earlier one
 * about the same attempt: an end outranks a start, and a success can't be taken back.
 */
export const REPORTED_OUTCOMES = [
  /** It was started. */
  "running",
  /** It failed, and another one will follow. */
  "failed",
  /** It failed, and no other one will follow. */
  "dead",
  "succeeded",
] as const;
export type ReportedOutcome = (typeof REPORTED_OUTCOMES)[number];

/** All that is known of one attempt. A report is one too: of an attempt of which nothing else is known yet. */
export type ReportedAttempt = {
  /** From 1. */
  attempt: number;
  outcome: ReportedOutcome;
  /** Microseconds since 1970, as the reporting system's clock had them. */
  startedAtUs: number | null;
  endedAtUs: number | null;
  error: ErrorRecord | null;
};

/**
 * The attempts of a delivery after one more report, ordered by number. The result depends on which reports came,
 * not on their order, and not on how often each one came.
 */
export function applyAttemptReport(
  attempts: readonly ReportedAttempt[],
  report: ReportedAttempt,
): readonly ReportedAttempt[] {
  const known = attempts.find(({ attempt }) => attempt === report.attempt);
  const others = attempts.filter(({ attempt }) => attempt !== report.attempt);
  const merged = known === undefined ? report : mergeAttempts(known, report);
  return [...others, merged].sort((a, b) => a.attempt - b.attempt);
}

/**
 * What two reports of one attempt say together: the earliest start and the furthest outcome, with the end and the
 * error that came with that outcome. Where reports contradict each other, the same one wins in any order.
 */
export function mergeAttempts(a: ReportedAttempt, b: ReportedAttempt): ReportedAttempt {
  const winner = compareEnds(a, b) < 0 ? b : a;
  return { ...winner, startedAtUs: earliest(a.startedAtUs, b.startedAtUs) };
}

/**
 * The status of a delivery of which others only report. A success counts whichever attempt had it, and though an
 * operator had discarded the delivery; otherwise the last attempt says how things stand.
 */
export function statusOfReports(attempts: readonly ReportedAttempt[], isDiscarded = false): DeliveryStatus {
  if (attempts.some(({ outcome }) => outcome === "succeeded")) return "succeeded";
  if (isDiscarded) return "discarded";
  const last = attempts.at(-1);
  return last === undefined ? "pending" : STATUS_AFTER[last.outcome];
}

const STATUS_AFTER: Record<ReportedOutcome, DeliveryStatus> = {
  running: "processing",
  failed: "retrying",
  dead: "dead",
  succeeded: "succeeded",
};

/** A total order, so that the greater of two ends is the same whichever came first. */
function compareEnds(a: ReportedAttempt, b: ReportedAttempt): number {
  return (
    REPORTED_OUTCOMES.indexOf(a.outcome) - REPORTED_OUTCOMES.indexOf(b.outcome) ||
    compare(a.endedAtUs ?? -1, b.endedAtUs ?? -1) ||
    compare(errorOrder(a.error), errorOrder(b.error))
  );
}

function compare<T extends number | string>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Different for different errors, whatever the order of their properties; nothing sorts before anything. */
function errorOrder(error: ErrorRecord | null): string {
  if (error === null) return "";
  const { kind, name, message, code, stack, status, bodyExcerpt, causes } = error;
  const chain = causes?.map((cause) => [cause.name, cause.message, cause.code]);
  return JSON.stringify([kind, name, message, code, stack, status, bodyExcerpt, chain]);
}

function earliest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
