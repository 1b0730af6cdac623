import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { listFailedDeliveries } from "#drizzle/queries/failed-deliveries.ts";
import { findSubscription } from "#drizzle/queries/subscriptions.ts";
import type { FailedDeliveryListDto } from "#server/contract/deliveries.ts";
import type { Context } from "#server/platform/context.ts";
import { freshness } from "../events/as-of.ts";
import { toAttemptDto } from "./attempt-dto.ts";
import { noSubscription } from "./get-subscription.ts";
import { isoTime } from "./subscription-dto.ts";

/** What a consumer failed at and has not handled since, each with its latest attempt. Throws `not-found`. */
export async function listFailures(
  ctx: Context,
  consumer: string,
  { limit }: { limit: number },
): Promise<FailedDeliveryListDto> {
  const safe = await getSafePosition(ctx.sql);
  return ctx.sql.begin("isolation level repeatable read read only", async (tx) => {
    const subscription = await findSubscription(tx, consumer);
    if (subscription === null) throw noSubscription(consumer);
    const rows = await listFailedDeliveries(tx, subscription.id, limit + 1);
    const failures = rows.slice(0, limit).map((row) => ({
      position: row.position,
      type: row.type,
      status: row.status === 4 ? ("dead" as const) : ("retrying" as const),
      nextAttemptAt: row.status === 3 && row.next_attempt_at ? isoTime(row.next_attempt_at) : null,
      lastAttempt: row.last_attempt === null ? null : toAttemptDto(row.last_attempt),
    }));
    return { failures, capped: rows.length > limit, asOf: freshness(ctx, safe) };
  });
}
