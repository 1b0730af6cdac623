import { type ChannelRow, findChannel, listChannels as listRows } from "#drizzle/queries/channels.ts";
import { listSubscriptions, type SubscriptionRow } from "#drizzle/queries/subscriptions.ts";
import { listUnrouted } from "#drizzle/queries/unrouted-events.ts";
import { type ChannelDto, type ChannelListDto, channelRuleSchema } from "#server/contract/bus.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { isoTime } from "./subscription-dto.ts";

const DAY_MS = 86_400_000;
const MAX_UNROUTED_TYPES = 100;

/** Every channel with its consumers, and what no subscription took in the last day. */
export async function listChannels(ctx: Context): Promise<ChannelListDto> {
  const from = new Date(
    Math.floor((ctx.clock.now().getTime() - DAY_MS) / 3_600_000) * 3_600_000,
  ).toISOString();
  const [rows, subscriptions, unrouted] = await Promise.all([
    listRows(ctx.sql),
    listSubscriptions(ctx.sql),
    listUnrouted(ctx.sql, { from, limit: MAX_UNROUTED_TYPES + 1 }),
  ]);
  return {
    channels: rows.map((row) => toDto(row, subscriptions)),
    unrouted: {
      from,
      types: unrouted.types
        .slice(0, MAX_UNROUTED_TYPES)
        .map(({ type, count }) => ({ type, count: Number(count) })),
      capped: unrouted.types.length > MAX_UNROUTED_TYPES,
      countedTo: unrouted.countedTo,
    },
  };
}

/** Throws `not-found`. */
export async function getChannel({ sql }: Pick<Context, "sql">, name: string): Promise<ChannelDto> {
  const [row, subscriptions] = await Promise.all([findChannel(sql, name), listSubscriptions(sql)]);
  if (row === null) throw noChannel(name);
  return toDto(row, subscriptions);
}

export function noChannel(name: string): AppError {
  return new AppError(
    "not-found",
    `There is no channel ${name}. Make it with PUT /api/v1/channels/${name}, or list them with GET /api/v1/channels.`,
  );
}

function toDto(row: ChannelRow, subscriptions: SubscriptionRow[]): ChannelDto {
  return {
    name: row.name,
    kind: row.kind,
    rules: channelRuleSchema.array().parse(row.rules),
    description: row.description,
    consumers: subscriptions.filter(({ channel }) => channel === row.name).map(({ consumer }) => consumer),
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}
