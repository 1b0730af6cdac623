import { listHeaderRowsOfTypes } from "#drizzle/queries/event-envelopes.ts";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { listSubscriptions, type SubscriptionRow } from "#drizzle/queries/subscriptions.ts";
import {
  addUnrouted,
  claimUnroutedCheckpoint,
  listRoutedGroups,
  type RoutedGroup,
} from "#drizzle/queries/unrouted-events.ts";
import { targetSchema } from "#server/contract/bus.ts";
import type { Context } from "#server/platform/context.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";
import { loadRouting } from "./channels.ts";
import { isOwed, isSubscribed, toSubscription } from "./subscription.ts";

const CHUNK = 10_000;
const HOUR_MS = 3_600_000;

/**
 * Counts, for one chunk of new events, those that no present subscription takes. Counts and checkpoint are written
 * together, so that none is counted twice. Events are read one by one only where filters decide.
 *
 * @returns whether there is more to count at once.
 */
export async function countUnroutedOnce({ sql, names }: Pick<Context, "sql" | "names">): Promise<boolean> {
  const safe = await getSafePosition(sql);
  const [channelsOf, subscriptionRows] = await Promise.all([loadRouting(sql), listSubscriptions(sql)]);
  const subscriptions = subscriptionRows.filter((row) => !isUnbound(row)).map(toSubscription);
  return sql.begin(async (tx) => {
    const after = await claimUnroutedCheckpoint(tx);
    if (after === null) return false;
    const groups = await listRoutedGroups(tx, { after, upTo: safe, limit: CHUNK });
    if (groups.length === 0) return false;
    const last = groups.reduce(
      (most, group) => (BigInt(group.last) > BigInt(most) ? group.last : most),
      after,
    );

    const nameOf = await names.resolve(groups.flatMap(routingNameIds), tx);
    const tally = new Tally();
    const undecided = new Set<number>();
    for (const group of groups) {
      const channels = channelsOf({
        type: nameOf(group.type_id),
        source: nameOf(group.source_id),
        channel: group.channel_id === null ? null : nameOf(group.channel_id),
      });
      const passed = subscriptions.filter((one) => isSubscribed(one, channels));
      if (passed.length === 0) tally.add(group, Number(group.hour), group.events);
      else if (passed.every((one) => one.hasFilters)) undecided.add(group.type_id);
    }
    if (undecided.size > 0) {
      const rows = await listHeaderRowsOfTypes(tx, { after, upTo: last, typeIds: [...undecided] });
      const allNames = await names.resolve(rows.flatMap(envelopeNameIds), tx);
      for (const row of rows) {
        const event = toEnvelope(row, allNames);
        // Those that pass no subscription at all are in the tally already.
        const passed = subscriptions.filter((one) => isSubscribed(one, channelsOf(event)));
        if (passed.length === 0 || passed.some((one) => isOwed(one, event, channelsOf))) continue;
        tally.add(row, Math.floor(Number(row.position) / 1000 / HOUR_MS), 1);
      }
    }
    await addUnrouted(tx, tally.counts, last);
    return groups.reduce((sum, group) => sum + group.events, 0) === CHUNK;
  });
}

/** Events by hour, type and source. */
class Tally {
  readonly #counts = new Map<string, { hour: string; typeId: number; sourceId: number; events: number }>();

  get counts() {
    return [...this.#counts.values()];
  }

  /** @param hour hours since 1970. */
  add(
    { type_id: typeId, source_id: sourceId }: Pick<RoutedGroup, "type_id" | "source_id">,
    hour: number,
    events: number,
  ): void {
    const key = `${hour}/${typeId}/${sourceId}`;
    const known = this.#counts.get(key);
    if (known) known.events += events;
    else this.#counts.set(key, { hour: new Date(hour * HOUR_MS).toISOString(), typeId, sourceId, events });
  }
}

function routingNameIds({ type_id, source_id, channel_id }: RoutedGroup): number[] {
  return channel_id === null ? [type_id, source_id] : [type_id, source_id, channel_id];
}

/** A system that only reports what it handled, and has not said what it takes. */
export function isUnbound({ target, channel, filters }: SubscriptionRow): boolean {
  const takesAll = channel === null && Array.isArray(filters) && filters.length === 0;
  return takesAll && targetSchema.parse(target).kind === "external";
}
