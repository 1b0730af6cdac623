import type { Sql, SqlTx } from "#drizzle/db.ts";
import { listChannels } from "#drizzle/queries/channels.ts";
import { channelRuleSchema } from "#server/contract/bus.ts";
import { compileRouting, type RoutedEvent } from "#server/domain/channel-routing.ts";

/** The names of the channels that an event travels. */
export type ChannelsOf = (event: RoutedEvent) => readonly string[];

/** Reads the channels and makes their routing, for many events. */
export async function loadRouting(sql: Sql | SqlTx): Promise<ChannelsOf> {
  const rows = await listChannels(sql);
  const routeOf = compileRouting(
    rows.map(({ name, rules }) => ({ name, rules: channelRuleSchema.array().parse(rules) })),
  );
  return (event) => routeOf(event).channels;
}
