import type { SqlTx } from "#drizzle/db.ts";
import { listChannels } from "#drizzle/queries/channels.ts";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import {
  insertCursor,
  insertSubscription,
  listSubscriptions,
  lockSubscriptions,
  MAX_SUBSCRIPTIONS,
} from "#drizzle/queries/subscriptions.ts";
import { subscriptionInputSchema, targetSchema } from "#server/contract/bus.ts";
import type { Context } from "#server/platform/context.ts";
import { recordChange } from "./record-change.ts";

/** The subscription that reports of a consumer belong to; a number, or why there is none. */
export type ExternalConsumer =
  | { kind: "external"; subscriptionId: number }
  | { kind: "refused"; reason: string };

/**
 * The subscriptions of consumers that report their attempts. One that is heard of for the first time gets an external
 * subscription, to the channel that it names where there is such a channel.
 *
 * @param wanted the channel that each consumer named, if any.
 */
export async function ensureExternalConsumers(
  ctx: Context,
  wanted: ReadonlyMap<string, string | null>,
): Promise<Map<string, ExternalConsumer>> {
  const found = await readConsumers(ctx, wanted);
  if (found.size === wanted.size) return found;
  await ctx.sql.begin(async (tx) => {
    await lockSubscriptions(tx);
    const standing = await listSubscriptions(tx);
    const taken = new Set(standing.map(({ consumer }) => consumer));
    const missing = [...wanted].filter(([consumer]) => !taken.has(consumer));
    const room = Math.max(0, MAX_SUBSCRIPTIONS - standing.length);
    for (const [consumer, channel] of missing.slice(0, room))
      await insertExternal(tx, ctx, consumer, channel);
  });
  const made = await readConsumers(ctx, wanted);
  const reason = `There are ${MAX_SUBSCRIPTIONS} consumers already. Delete some before you report of others.`;
  return new Map(
    [...wanted.keys()].map((consumer) => [consumer, made.get(consumer) ?? { kind: "refused", reason }]),
  );
}

async function readConsumers(
  { sql }: Context,
  wanted: ReadonlyMap<string, string | null>,
): Promise<Map<string, ExternalConsumer>> {
  const rows = (await listSubscriptions(sql)).filter(({ consumer }) => wanted.has(consumer));
  return new Map(
    rows.map(({ id, consumer, target }): [string, ExternalConsumer] => {
      if (targetSchema.parse(target).kind === "external")
        return [consumer, { kind: "external", subscriptionId: id }];
      const reason = `Events are delivered to ${consumer} from here, so its attempts are known. Report under another name.`;
      return [consumer, { kind: "refused", reason }];
    }),
  );
}

async function insertExternal(
  tx: SqlTx,
  ctx: Context,
  consumer: string,
  named: string | null,
): Promise<void> {
  const channels = await listChannels(tx);
  const channel = channels.some(({ name }) => name === named) ? named : null;
  const input = subscriptionInputSchema.parse({ target: { kind: "external" }, channel });
  await insertSubscription(tx, await insertCursor(tx, await getSafePosition(tx)), { ...input, consumer });
  await recordChange(tx, ctx, {
    action: "subscription.created",
    subject: consumer,
    details: { target: { kind: "external" }, channel, because: "attempt reported" },
  });
}
