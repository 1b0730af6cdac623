import type { SubscriptionRow } from "#drizzle/queries/subscriptions.ts";
import { type TargetDto, targetSchema } from "#server/contract/bus.ts";
import { retryPolicySchema } from "#server/contract/retry-policy.ts";
import { subscriptionFiltersSchema } from "#server/contract/subscription-filter.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import type { OnDead, Ordering } from "#server/domain/ordering.ts";
import type { RetryPolicy } from "#server/domain/retry-policy.ts";
import { compileFilters } from "#server/domain/subscription-filter.ts";
import type { ChannelsOf } from "./channels.ts";

/** What the bus needs to know to deliver to one consumer. */
export type Subscription = {
  id: number;
  consumer: string;
  /** Null takes every event. */
  channel: string | null;
  cursorId: number;
  target: TargetDto;
  ordering: Ordering;
  onDead: OnDead;
  concurrency: number;
  retry: RetryPolicy;
  timeoutMs: number;
  isPaused: boolean;
  /** Changes whenever the subscription does. */
  version: string;
  hasFilters: boolean;
  matchesFilters: (event: EventEnvelope) => boolean;
};

export function toSubscription(row: SubscriptionRow): Subscription {
  const filters = subscriptionFiltersSchema.parse(row.filters);
  return {
    id: row.id,
    consumer: row.consumer,
    channel: row.channel,
    cursorId: row.cursor_id,
    target: targetSchema.parse(row.target),
    ordering: row.ordering,
    onDead: row.on_dead,
    concurrency: row.concurrency,
    retry: retryPolicySchema.parse(row.retry),
    timeoutMs: row.timeout_ms,
    isPaused: row.paused_at !== null,
    version: row.updated_at,
    hasFilters: filters.length > 0,
    matchesFilters: compileFilters(filters),
  };
}

/** Whether an event is owed to the subscription, given the channels that it travels. */
export function isOwed(subscription: Subscription, event: EventEnvelope, channelsOf: ChannelsOf): boolean {
  return isSubscribed(subscription, channelsOf(event)) && subscription.matchesFilters(event);
}

/** Whether an event that travels these channels comes by the subscription, whose filters may still refuse it. */
export function isSubscribed({ channel }: Subscription, channels: readonly string[]): boolean {
  return channel === null || channels.includes(channel);
}

/** The key whose events are handled one after the other, or null where order does not matter. */
export function orderingKey(subscription: Subscription, event: EventEnvelope): string | null {
  return subscription.ordering === "key" ? event.partitionKey : null;
}
