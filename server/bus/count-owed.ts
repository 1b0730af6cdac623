import type { SqlTx } from "#drizzle/db.ts";
import { listHeaderRowsAfter } from "#drizzle/queries/event-envelopes.ts";
import { listPositions } from "#drizzle/queries/subscription-status.ts";
import type { SubscriptionRow } from "#drizzle/queries/subscriptions.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";
import type { NameCache } from "../names/name-cache.ts";
import type { ChannelsOf } from "./channels.ts";
import { isOwed, toSubscription } from "./subscription.ts";

const CHUNK = 2_000;

export type OwedPositions = {
  /** Oldest first. */
  positions: string[];
  /** False when the look ended before the end of the range: there may be more. */
  exact: boolean;
};

/**
 * The events of a part of the log that a subscription has to get. Looks at no more than `limit` events, whether they
 * are for it or not.
 */
export async function listOwed(
  tx: SqlTx,
  { names, channelsOf }: { names: NameCache; channelsOf: ChannelsOf },
  row: SubscriptionRow,
  { after, upTo, limit }: { after: string; upTo: string; limit: number },
): Promise<OwedPositions> {
  const subscription = toSubscription(row);
  const takesAll = row.channel === null && Array.isArray(row.filters) && row.filters.length === 0;
  if (takesAll) {
    const positions = await listPositions(tx, { after, upTo, limit: limit + 1 });
    return { positions: positions.slice(0, limit), exact: positions.length <= limit };
  }
  const positions: string[] = [];
  let from = after;
  for (let seen = 0; seen < limit; ) {
    const wanted = Math.min(CHUNK, limit - seen);
    const rows = await listHeaderRowsAfter(tx, { after: from, upTo, limit: wanted });
    const nameOf = await names.resolve(rows.flatMap(envelopeNameIds), tx);
    for (const one of rows) {
      if (isOwed(subscription, toEnvelope(one, nameOf), channelsOf)) positions.push(one.position);
    }
    from = rows.at(-1)?.position ?? from;
    seen += rows.length;
    if (rows.length < wanted) return { positions, exact: true };
  }
  const [next] = await listPositions(tx, { after: from, upTo, limit: 1 });
  return { positions, exact: next === undefined };
}
