export const JITTERS = ["full", "none"] as const;
export type Jitter = (typeof JITTERS)[number];

/**
 * When to try again. The delay before retry n is `baseMs * factor^(n - 1)`, at most `capMs`; with full jitter
 * it is anything from 0 up to that, so that consumers that failed together don't come back together.
 */
export type RetryPolicy = {
  /** Attempts after the first one. */
  retries: number;
  baseMs: number;
  factor: number;
  capMs: number;
  jitter: Jitter;
};

/** Three retries, within 1 s, 2 s and 4 s. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  retries: 3,
  baseMs: 1000,
  factor: 2,
  capMs: 60_000,
  jitter: "full",
};

/** The longest delay before retry n (from 1) that the policy allows, before a consumer's own `Retry-After`. */
export function longestDelayMs(policy: RetryPolicy, retry: number): number {
  // Zero times a factor that has grown to Infinity is not a number.
  if (policy.baseMs === 0) return 0;
  return Math.min(policy.capMs, policy.baseMs * policy.factor ** (retry - 1));
}

/**
 * How long to wait after attempt n (from 1) failed.
 *
 * What a consumer asked for with `Retry-After` is waited in full and the policy's own delay comes on top: never
 * earlier than asked, and still spread out.
 *
 * @param random a number from 0 up to, not including, 1
 * @returns whole milliseconds, or null when the attempts are used up
 */
export function nextDelayMs(
  policy: RetryPolicy,
  attempt: number,
  random: () => number,
  retryAfterMs = 0,
): number | null {
  if (attempt > policy.retries) return null;
  const longest = longestDelayMs(policy, attempt);
  const own = policy.jitter === "full" ? random() * longest : longest;
  return Math.round(own) + retryAfterMs;
}

/** The policy of a delivery that gets another number of attempts, the first one counted; null for what the policy says. */
export function withAttemptLimit(policy: RetryPolicy, attemptLimit: number | null): RetryPolicy {
  return attemptLimit === null ? policy : { ...policy, retries: Math.max(0, attemptLimit - 1) };
}

export type HttpVerdict = "success" | "retry" | "dead";

/** The request itself is wrong, or unwelcome for good: sending it again gets the same answer. */
const FINAL_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 404, 410, 422]);

/**
 * What an HTTP consumer's answer means for the delivery. A status that promises nothing either way is tried
 * again: a retry costs seconds, a dead letter costs a person.
 */
export function classifyHttpStatus(status: number): HttpVerdict {
  if (status >= 200 && status < 300) return "success";
  return FINAL_STATUSES.has(status) ? "dead" : "retry";
}

/** Thrown by a handler that knows that no retry can help: the delivery is dead at once. */
export class NonRetryableError extends Error {
  override readonly name = "NonRetryableError";
  readonly retryable = false;
}

/** False for what a handler declared final: a `NonRetryableError`, or any error that says `retryable: false`. */
export function isRetryable(thrown: unknown): boolean {
  if (typeof thrown !== "object" || thrown === null || !("retryable" in thrown)) return true;
  return thrown.retryable !== false;
}
