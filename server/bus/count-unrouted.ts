import { listHeaderRowsAfter } from "#drizzle/queries/event-envelopes.ts";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { listSubscriptions, type SubscriptionRow } from "#drizzle/queries/subscriptions.ts";
import { addUnrouted, claimUnroutedCheckpoint } from "#drizzle/queries/unrouted-events.ts";
import { targetSchema } from "#server/contract/bus.ts";
import type { Context } from "#server/platform/context.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";
import { loadRouting } from "./channels.ts";
import { isOwed, toSubscription } from "./subscription.ts";

const CHUNK = 5_000;
const HOUR_US = 3_600_000_000;

/**
 * Counts, for one chunk of new events, those that no present subscription takes. Counts and checkpoint are written
 * together, so that none is counted twice.
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
    const rows = await listHeaderRowsAfter(tx, { after, upTo: safe, limit: CHUNK });
    const last = rows.at(-1);
    if (last === undefined) return false;
    const nameOf = await names.resolve(rows.flatMap(envelopeNameIds), tx);
    const counts = new Map<string, { hour: string; typeId: number; events: number }>();
    for (const row of rows) {
      const event = toEnvelope(row, nameOf);
      if (subscriptions.some((one) => isOwed(one, event, channelsOf))) continue;
      const hour = Math.floor(Number(row.position) / HOUR_US) * (HOUR_US / 1000);
      const key = `${hour}/${row.type_id}`;
      const known = counts.get(key);
      if (known) known.events += 1;
      else counts.set(key, { hour: new Date(hour).toISOString(), typeId: row.type_id, events: 1 });
    }
    await addUnrouted(tx, [...counts.values()], last.position);
    return rows.length === CHUNK;
  });
}

/** A system that only reports what it handled, and has not said what it takes. */
function isUnbound({ target, channel, filters }: SubscriptionRow): boolean {
  const takesAll = channel === null && Array.isArray(filters) && filters.length === 0;
  return takesAll && targetSchema.parse(target).kind === "external";
}
