/** How a system, a service, or a part of it is, worst last. `unknown`: nothing was seen of it. */
export const HEALTHS = ["unknown", "ok", "degraded", "failing"] as const;
export type Health = (typeof HEALTHS)[number];

/** What can be wrong, most harmful first. */
export const PROBLEM_KINDS = [
  "ingest-rejecting",
  "consumer-failing",
  "consumer-stalled",
  "saga-stuck",
  "backlog-growing",
  "failure-case",
  "projection-behind",
  "outbox-behind",
  "source-silent",
  "alert-firing",
] as const;
export type ProblemKind = (typeof PROBLEM_KINDS)[number];
