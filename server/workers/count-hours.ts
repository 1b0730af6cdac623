import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { countHours } from "#drizzle/queries/hourly-counts.ts";
import type { Context } from "#server/platform/context.ts";

const CHUNK = 20_000;

/**
 * Counts one chunk of new events into the hours. Several processes may do this: the checkpoint's row lock lets one
 * work at a time, and counts and checkpoint are written together.
 *
 * @returns whether there is more to count at once.
 */
export async function countHoursOnce(ctx: Context): Promise<boolean> {
  const safe = await getSafePosition(ctx.sql);
  const counted = await ctx.sql.begin((tx) => countHours(tx, safe, CHUNK));
  return counted === CHUNK;
}
