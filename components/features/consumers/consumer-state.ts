import type { SubscriptionStatusDto } from "#server/contract/subscriptions.ts";

export const CONSUMER_STATES = ["active", "behind", "failing", "paused", "external"] as const;
export type ConsumerState = (typeof CONSUMER_STATES)[number];

/** From every tenth attempt on, failures are no longer the odd one that a retry heals. */
const FAILING_RATIO = 0.1;
/** Longer than a claim, a slow handler and the page's own refresh together. */
const BEHIND_SECONDS = 30;

type StateFacts = Pick<SubscriptionStatusDto, "state" | "attemptsLastHour" | "oldestWaitingSeconds">;

/** How a consumer is, from its numbers: what stops it comes before what slows it down. */
export function consumerState(facts: StateFacts): ConsumerState {
  if (facts.state === "paused") return "paused";
  if ((failureRate(facts) ?? 0) >= FAILING_RATIO) return "failing";
  if (facts.state === "external") return "external";
  return (facts.oldestWaitingSeconds ?? 0) >= BEHIND_SECONDS ? "behind" : "active";
}

/** Share of the last hour's attempts that failed; null when there was none. */
export function failureRate({ attemptsLastHour }: Pick<StateFacts, "attemptsLastHour">): number | null {
  const { succeeded, failed } = attemptsLastHour;
  const attempts = succeeded + failed;
  return attempts === 0 ? null : failed / attempts;
}
