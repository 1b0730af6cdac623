import { deleteChannel as deleteRow, lockChannel } from "#drizzle/queries/channels.ts";
import { detachDeletedSubscriptions, listSubscriptions } from "#drizzle/queries/subscriptions.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { noChannel } from "./list-channels.ts";
import { recordChange } from "./record-change.ts";

/** Removes a channel that no subscription uses. Throws `not-found`, or `conflict` while one does. */
export async function deleteChannel(ctx: Context, name: string): Promise<void> {
  await ctx.sql.begin(async (tx) => {
    const known = await lockChannel(tx, name);
    if (known === null) throw noChannel(name);
    const users = (await listSubscriptions(tx)).filter(({ channel }) => channel === name);
    if (users.length > 0) {
      const consumers = users.map(({ consumer }) => consumer).join(", ");
      throw new AppError(
        "conflict",
        `The channel ${name} is used by ${consumers}. Delete these subscriptions first.`,
      );
    }
    await detachDeletedSubscriptions(tx, name);
    await deleteRow(tx, name);
    await recordChange(tx, ctx, { action: "channel.deleted", subject: name, details: { kind: known.kind } });
  });
}
