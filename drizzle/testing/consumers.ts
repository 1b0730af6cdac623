import type { SqlTx } from "#drizzle/db.ts";
import { insertCursor, insertSubscription } from "#drizzle/queries/subscriptions.ts";
import { DEFAULT_RETRY_POLICY } from "#server/domain/retry-policy.ts";
import type { SubscriptionFilter } from "#server/domain/subscription-filter.ts";

/** Subscribes a consumer from the log's beginning to which nobody delivers. Gives the id of its subscription. */
export async function insertIdleConsumer(
  tx: SqlTx,
  consumer: string,
  filters: readonly SubscriptionFilter[] = [],
): Promise<number> {
  return insertSubscription(tx, await insertCursor(tx, "0"), {
    consumer,
    channel: null,
    filters: [...filters],
    target: { kind: "external" },
    ordering: "none",
    onDead: "continue",
    concurrency: 1,
    retry: DEFAULT_RETRY_POLICY,
    timeoutMs: 30_000,
  });
}
