import type { SqlTx } from "#drizzle/db.ts";
import { type ChannelRow, lockChannel } from "#drizzle/queries/channels.ts";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import {
  findQueueCursor,
  findSubscription,
  insertCursor,
  insertSubscription,
  lockSubscription,
  type SubscriptionRow,
  type SubscriptionValues,
  updateSubscription,
} from "#drizzle/queries/subscriptions.ts";
import { type SubscriptionInput, targetSchema } from "#server/contract/bus.ts";
import { retryPolicySchema } from "#server/contract/retry-policy.ts";
import { subscriptionFiltersSchema } from "#server/contract/subscription-filter.ts";
import type { SubscriptionDto } from "#server/contract/subscriptions.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { noSubscription } from "./get-subscription.ts";
import { noChannel } from "./list-channels.ts";
import { recordChange } from "./record-change.ts";
import { shownTarget, toSubscriptionDto } from "./subscription-dto.ts";

/**
 * Makes a subscription or changes it, all but its channel. The same twice changes nothing the second time.
 *
 * The first consumer of a queue makes its cursor, further ones share it: each event goes to one of them. `startFrom`
 * counts only for a new cursor.
 */
export async function putSubscription(
  ctx: Context,
  consumer: string,
  input: SubscriptionInput,
): Promise<{ subscription: SubscriptionDto; isNew: boolean }> {
  const now = input.startFrom === "now" ? await getSafePosition(ctx.sql) : input.startFrom;
  const startAt = now === "beginning" ? "0" : now;
  const values: SubscriptionValues = { ...input, consumer };
  return ctx.sql.begin(async (tx) => {
    const channel = input.channel === null ? null : await getLockedChannel(tx, input.channel);
    const known = await lockSubscription(tx, consumer);
    if (known !== null) refuseMove(known, values);
    if (known === null || !isSame(known, values)) {
      if (known === null) await insertSubscription(tx, await cursorFor(tx, channel, values, startAt), values);
      else await updateSubscription(tx, known.id, values);
      await recordChange(tx, ctx, {
        action: known === null ? "subscription.created" : "subscription.changed",
        subject: consumer,
        details: { ...input, target: shownTarget(input.target) },
      });
    }
    const row = await findSubscription(tx, consumer);
    if (row === null) throw noSubscription(consumer);
    return { subscription: toSubscriptionDto(row), isNew: known === null };
  });
}

async function getLockedChannel(tx: SqlTx, name: string): Promise<ChannelRow> {
  const channel = await lockChannel(tx, name);
  if (channel === null) throw noChannel(name);
  return channel;
}

async function cursorFor(
  tx: SqlTx,
  channel: ChannelRow | null,
  { target }: SubscriptionValues,
  startAt: string,
): Promise<number> {
  const isExternal = targetSchema.parse(target).kind === "external";
  const shared = channel?.kind === "queue" && !isExternal ? await findQueueCursor(tx, channel.name) : null;
  return shared ?? insertCursor(tx, startAt);
}

function refuseMove(known: SubscriptionRow, { consumer, channel, target }: SubscriptionValues): void {
  const isExternal = (one: unknown) => targetSchema.parse(one).kind === "external";
  const what =
    (known.channel !== channel && `listens to ${known.channel ?? "every channel"}`) ||
    (isExternal(known.target) !== isExternal(target) &&
      `is delivered ${isExternal(known.target) ? "by its own system" : "from here"}`);
  if (!what) return;
  throw new AppError(
    "conflict",
    `${consumer} ${what}, and that can't be changed: its history belongs to it. ` +
      "Delete the subscription and make it anew, or choose another consumer name.",
  );
}

function isSame(row: SubscriptionRow, values: SubscriptionValues): boolean {
  const stored: SubscriptionValues = {
    consumer: row.consumer,
    channel: row.channel,
    filters: subscriptionFiltersSchema.parse(row.filters),
    target: targetSchema.parse(row.target),
    ordering: row.ordering,
    onDead: row.on_dead,
    concurrency: row.concurrency,
    retry: retryPolicySchema.parse(row.retry),
    timeoutMs: row.timeout_ms,
  };
  // Key by key, in the order of the stored one: both sides went through the same schemas.
  return Object.entries(stored).every(
    ([name, value]) => canonical(value) === canonical(Reflect.get(values, name)),
  );
}

/** JSON with its keys in order: the database keeps them in another one. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
