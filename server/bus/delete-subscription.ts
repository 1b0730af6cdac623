import { parkOfEnded } from "#drizzle/queries/letter-following.ts";
import {
  discardOpenDeliveries,
  lockSubscription,
  markSubscriptionDeleted,
} from "#drizzle/queries/subscriptions.ts";
import type { Context } from "#server/platform/context.ts";
import { noSubscription } from "./get-subscription.ts";
import { recordChange } from "./record-change.ts";

/**
 * Ends a subscription. Its history stays; what it still had to deliver again is discarded, and how much that was is
 * written down. Throws `not-found`.
 */
export async function deleteSubscription(ctx: Context, consumer: string): Promise<void> {
  await ctx.sql.begin(async (tx) => {
    const known = await lockSubscription(tx, consumer);
    if (known === null) throw noSubscription(consumer);
    await markSubscriptionDeleted(tx, known.id);
    const discarded = await discardOpenDeliveries(tx, known.id);
    await parkOfEnded(tx, known.id);
    const details = { channel: known.channel, position: known.position, discarded };
    await recordChange(tx, ctx, { action: "subscription.deleted", subject: consumer, details });
  });
}
