import { showReplaying } from "#drizzle/queries/open-items.ts";
import { findAwaited, planByKey } from "#drizzle/queries/replay-advancing.ts";
import { writeLostHanded } from "#drizzle/queries/replay-handing.ts";
import { giveUpOverdue, settleItems, tryLockSettling } from "#drizzle/queries/replay-settling.ts";
import type { Context } from "#server/platform/context.ts";

const LATE_AT_ONCE = 5_000;

export type SettleOptions = {
  /** Items in flight of which the outcome is looked for, oldest first. */
  looked: number;
  /** Also look for what comes seldom: outcomes that are overdue or late, and letters whose delivery takes long. */
  isThorough: boolean;
};

/**
 * Writes down how items of a replay have ended, in one transaction, with how many they were. It holds these items and
 * their letters, and nothing else of the replay, which goes on starting others.
 *
 * @returns how many ended.
 */
export function settleReplay(
  ctx: Pick<Context, "sql">,
  id: number,
  { looked, isThorough }: SettleOptions,
): Promise<number> {
  return ctx.sql.begin(async (tx) => {
    const [isOurs] = await Promise.all([tryLockSettling(tx, id), planByKey(tx)]);
    if (!isOurs) return 0;
    const awaited = isThorough ? await findAwaited(tx, id) : null;
    if (awaited !== null) await writeLostHanded(tx, id, awaited.unknownAfterMs);
    const ended = await settleItems(tx, id, { late: false, limit: looked });
    if (awaited === null) return ended;
    const late = awaited.unknown > 0 ? await settleItems(tx, id, { late: true, limit: LATE_AT_ONCE }) : 0;
    const overdue = await giveUpOverdue(tx, id, awaited.unknownAfterMs);
    await showReplaying(tx, id);
    return ended + late + overdue;
  });
}
