import type { SubscriptionRow } from "#drizzle/queries/subscriptions.ts";
import { type TargetDto, targetSchema } from "#server/contract/bus.ts";
import { retryPolicySchema } from "#server/contract/retry-policy.ts";
import { subscriptionFiltersSchema } from "#server/contract/subscription-filter.ts";
import type { ShownTargetDto, SubscriptionDto } from "#server/contract/subscriptions.ts";

/** A subscription as it is shown. */
export function toSubscriptionDto(row: SubscriptionRow): SubscriptionDto {
  const target = targetSchema.parse(row.target);
  return {
    consumer: row.consumer,
    channel: row.channel,
    filters: subscriptionFiltersSchema.parse(row.filters),
    target: shownTarget(target),
    ordering: row.ordering,
    onDead: row.on_dead,
    concurrency: row.concurrency,
    retry: retryPolicySchema.parse(row.retry),
    timeoutMs: row.timeout_ms,
    state: stateOf(target, row.paused_at !== null),
    pausedAt: row.paused_at === null ? null : isoTime(row.paused_at),
    position: row.position,
    generation: row.generation,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}

/** A target without its secrets. Headers often hold some too. */
export function shownTarget(target: TargetDto): ShownTargetDto {
  if (target.kind !== "http") return target;
  const { url, headers, secrets } = target;
  return {
    kind: "http",
    url: withoutPassword(url),
    headerNames: Object.keys(headers),
    secretCount: secrets.length,
  };
}

/** A moment as the database spells it, in RFC 3339. */
export function isoTime(text: string): string {
  return new Date(text).toISOString();
}

function stateOf(target: TargetDto, isPaused: boolean): SubscriptionDto["state"] {
  if (target.kind === "external") return "external";
  return isPaused ? "paused" : "active";
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  if (url.password === "") return text;
  url.password = "…";
  return url.href;
}
