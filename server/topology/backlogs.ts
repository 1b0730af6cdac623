import { listSubscriptions } from "#drizzle/queries/subscriptions.ts";
import { type ConsumerRow, countWaiting } from "#drizzle/queries/topology-reading.ts";
import { targetSchema } from "#server/contract/bus.ts";
import type { Context } from "#server/platform/context.ts";
import { loadRouting } from "../bus/channels.ts";
import { listOwed } from "../bus/count-owed.ts";

/** Waiting events of one consumer are counted up to here. */
const MAX_WAITING = 1_000;
/** Consumers that are behind whose events are looked through, those that are furthest behind. */
const MAX_LOOKED_AT = 20;
/** What was recorded so lately is on its way. */
const ON_ITS_WAY_US = 2_000_000;

/** How many events wait for each consumer that this server delivers to. */
export async function listBacklogs(
  { sql, names, clock }: Pick<Context, "sql" | "names" | "clock">,
  consumers: readonly ConsumerRow[],
): Promise<Map<number, number>> {
  const own = consumers.filter(
    ({ deleted_at, target }) => deleted_at === null && targetSchema.parse(target).kind !== "external",
  );
  const upTo = String(clock.now().getTime() * 1_000 - ON_ITS_WAY_US);
  const rows = await countWaiting(sql, { ids: own.map(({ id }) => id), upTo, limit: MAX_WAITING });
  const backlogs = new Map(rows.map(({ subscription_id, open }) => [subscription_id, open]));
  const behind = new Set(rows.filter((one) => one.is_behind).map((one) => one.subscription_id));
  if (behind.size === 0) return backlogs;

  const channelsOf = await loadRouting(sql);
  const subscriptions = (await listSubscriptions(sql))
    .filter(({ id }) => behind.has(id))
    .toSorted((a, b) => Number(a.position) - Number(b.position))
    .slice(0, MAX_LOOKED_AT);
  await sql.begin("read only", async (tx) => {
    for (const row of subscriptions) {
      const range = { after: row.position, upTo, limit: MAX_WAITING };
      const owed = await listOwed(tx, { names, channelsOf }, row, range);
      backlogs.set(row.id, Math.min(MAX_WAITING, (backlogs.get(row.id) ?? 0) + owed.positions.length));
    }
  });
  return backlogs;
}
