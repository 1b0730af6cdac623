import { findSubscription, lockSubscription, setPaused } from "#drizzle/queries/subscriptions.ts";
import { targetSchema } from "#server/contract/bus.ts";
import type { SubscriptionDto } from "#server/contract/subscriptions.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { noSubscription } from "./get-subscription.ts";
import { recordChange } from "./record-change.ts";
import { toSubscriptionDto } from "./subscription-dto.ts";

/** Delivers nothing more to a consumer until it is resumed. What is under way ends; what comes waits. */
export function pauseSubscription(ctx: Context, consumer: string): Promise<SubscriptionDto> {
  return changePaused(ctx, consumer, true);
}

/** Goes on where it was paused. */
export function resumeSubscription(ctx: Context, consumer: string): Promise<SubscriptionDto> {
  return changePaused(ctx, consumer, false);
}

async function changePaused(ctx: Context, consumer: string, isPaused: boolean): Promise<SubscriptionDto> {
  return ctx.sql.begin(async (tx) => {
    const known = await lockSubscription(tx, consumer);
    if (known === null) throw noSubscription(consumer);
    if (targetSchema.parse(known.target).kind === "external") {
      throw new AppError("conflict", `${consumer} is delivered by its own system. Pause it there.`);
    }
    if (await setPaused(tx, known.id, isPaused)) {
      const action = isPaused ? "subscription.paused" : "subscription.resumed";
      await recordChange(tx, ctx, { action, subject: consumer, details: { position: known.position } });
    }
    return toSubscriptionDto((await findSubscription(tx, consumer)) ?? known);
  });
}
