import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { addPostings } from "#drizzle/queries/event-postings.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * Notes where the next events stand by type and by source, once there are enough to be worth it.
 *
 * @returns whether there is more to note at once.
 */
export async function addPostingsOnce({ sql }: Context): Promise<boolean> {
  return addPostings(sql, await getSafePosition(sql));
}
