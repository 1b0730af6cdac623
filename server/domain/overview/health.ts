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

/** How many attempts ended in a stretch of time, and how many of them failed. */
export type Attempts = { attempts: number; failed: number };

/** Fewer failures may be chance. */
const LEAST_FAILED = 3;
const DEGRADED_SHARE = 0.05;
const FAILING_SHARE = 0.25;

/** How a consumer was in a stretch of time; null where nothing was handed to it. */
export function healthOfAttempts({ attempts, failed }: Attempts): Health | null {
  if (attempts === 0) return null;
  if (failed < LEAST_FAILED && failed < attempts) return "ok";
  const share = failed / attempts;
  if (share >= FAILING_SHARE) return "failing";
  return share >= DEGRADED_SHARE ? "degraded" : "ok";
}

/** The worst of some; `unknown` of none. */
export function worstOf(healths: readonly Health[]): Health {
  const worst = Math.max(0, ...healths.map((health) => HEALTHS.indexOf(health)));
  return HEALTHS[worst] ?? "unknown";
}

/** Whether somebody should look. */
export function isUnwell(health: Health | null): health is "degraded" | "failing" {
  return health === "degraded" || health === "failing";
}

/**
 * The place in a line of minutes from which on it was unwell up to its end, minutes of which nothing is known left aside;
 * null where its end is well.
 */
export function unwellFrom(line: readonly (Health | null)[]): number | null {
  let start: number | null = null;
  for (let place = line.length - 1; place >= 0; place--) {
    const health = line[place] ?? null;
    if (health === null) continue;
    if (!isUnwell(health)) break;
    start = place;
  }
  return start;
}
