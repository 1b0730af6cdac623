import type { Sql } from "#drizzle/db.ts";
import { listChannels } from "#drizzle/queries/channels.ts";
import { channelRuleSchema } from "#server/contract/bus.ts";
import { compileRouting } from "#server/domain/channel-routing.ts";
import type { EventEnvelope } from "#server/domain/event.ts";

/** The names of the channels that an event travels. */
export type ChannelsOf = (event: EventEnvelope) => readonly string[];

/** Reads the channels and makes their routing, for many events. */
export async function loadRouting(sql: Sql): Promise<ChannelsOf> {
  const rows = await listChannels(sql);
  const routeOf = compileRouting(
    rows.map(({ name, rules }) => ({ name, rules: channelRuleSchema.array().parse(rules) })),
  );
  return (event) => routeOf(event).channels;
}
