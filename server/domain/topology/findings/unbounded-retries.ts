import { longestDelayMs, type RetryPolicy } from "../../retry-policy.ts";
import type { Finding } from "./finding.ts";
import type { FindingConsumer, FindingInput } from "./finding-input.ts";

/** More attempts, or longer, and nobody hears of a failure while it can be mended. */
export const MOST_RETRIES = 20;
export const LONGEST_MS = 24 * 3_600_000;

/** Consumers that go on trying for so long that a failure never becomes a dead letter, by policy or as seen. */
export function findUnboundedRetries({ consumers, edges }: FindingInput): Finding[] {
  return consumers.filter(isUnbounded).map(({ service, consumer, retry, mostAttempts, received }) => ({
    id: `unbounded-retries:${consumer}`,
    kind: "unbounded-retries",
    severity: mostAttempts > MOST_RETRIES ? "harm" : "risk",
    nodes: [service],
    edges: edges.filter(({ to }) => to === service).map(({ id }) => id),
    types: received.filter((one) => one.retried > 0).map(({ type }) => type),
    numbers: {
      retries: retry === null || !Number.isFinite(retry.retries) ? -1 : retry.retries,
      longestMs: retry === null ? -1 : finite(longestRetryingMs(retry)),
      mostAttempts,
    },
    names: { consumer },
    flows: [],
    positions: [],
  }));
}

function isUnbounded({ retry, mostAttempts }: FindingConsumer): boolean {
  if (mostAttempts > MOST_RETRIES) return true;
  return retry !== null && (retry.retries > MOST_RETRIES || longestRetryingMs(retry) > LONGEST_MS);
}

/** All delays of a policy at their longest. */
function longestRetryingMs(policy: RetryPolicy): number {
  let sum = 0;
  for (let retry = 1; retry <= policy.retries; retry += 1) {
    sum += longestDelayMs(policy, retry);
    // From the cap on, every delay is the same.
    if (longestDelayMs(policy, retry) === policy.capMs) return sum + (policy.retries - retry) * policy.capMs;
    if (sum > LONGEST_MS && retry > MOST_RETRIES) return sum;
  }
  return sum;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : -1;
}
