import { lockChannel, upsertChannel } from "#drizzle/queries/channels.ts";
import { type ChannelDto, type ChannelInput, channelRuleSchema } from "#server/contract/bus.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { getChannel } from "./list-channels.ts";
import { recordChange } from "./record-change.ts";

/** Makes a channel, or changes its rules and description. The same twice changes nothing the second time. */
export async function putChannel(
  ctx: Context,
  name: string,
  { kind, rules, description }: ChannelInput,
): Promise<{ channel: ChannelDto; isNew: boolean }> {
  const isNew = await ctx.sql.begin(async (tx) => {
    const known = await lockChannel(tx, name);
    if (known !== null && known.kind !== kind) {
      const message =
        `The channel ${name} is a ${known.kind} and stays one: its consumers rely on it. ` +
        `Make a ${kind} under another name, or delete this one first.`;
      throw new AppError("conflict", message);
    }
    const isSame =
      known !== null &&
      known.description === description &&
      JSON.stringify(channelRuleSchema.array().parse(known.rules)) === JSON.stringify(rules);
    if (isSame) return false;
    await upsertChannel(tx, { name, kind, rules, description });
    await recordChange(tx, ctx, {
      action: known === null ? "channel.created" : "channel.changed",
      subject: name,
      details: { kind, rules, description },
    });
    return known === null;
  });
  return { channel: await getChannel(ctx, name), isNew };
}
