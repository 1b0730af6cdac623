import type { SubscriptionStatusDto } from "#server/contract/subscriptions.ts";

export const CONSUMER_STATES = ["active", "behind", "failing", "paused", "external"] as const;
export type ConsumerState = (typeof CONSUMER_STATES)[number];

/** From every tenth attempt on, failures are no longer the odd one that a retry heals. */
const FAILING_RATIO = 0.1;
/** Longer than a claim, a slow handler and the page's own refresh together. */
const BEHIND_SECONDS = 30;

type Attempts = SubscriptionStatusDto["attemptsLastHour"];
type StateFacts = Pick<
  SubscriptionStatusDto,
  "state" | "attemptsLately" | "retrying" | "oldestWaitingSeconds"
>;

/** How a consumer is, from its numbers: what stops it comes before what slows it down. */
export function consumerState(facts: StateFacts): ConsumerState {
  if (facts.state === "paused") return "paused";
  if (isFailing(facts)) return "failing";
  if (facts.state === "external") return "external";
  return (facts.oldestWaitingSeconds ?? 0) >= BEHIND_SECONDS ? "behind" : "active";
}

/** By its last attempts: those of a few minutes, or, without any, what failed before and was not tried since. */
function isFailing({ state, attemptsLately, retrying }: StateFacts): boolean {
  const rate = failureRate(attemptsLately);
  if (rate !== null) return rate >= FAILING_RATIO;
  // Whether a system that delivers on its own will try again, only it knows.
  return state !== "external" && retrying.count > 0;
}

/** Share of attempts that failed; null when there was none. */
export function failureRate({ succeeded, failed }: Attempts): number | null {
  const attempts = succeeded + failed;
  return attempts === 0 ? null : failed / attempts;
}
