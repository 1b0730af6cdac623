import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { observeStreams } from "#drizzle/queries/stream-observing.ts";
import type { Context } from "#server/platform/context.ts";

const CHUNK = 20_000;

/**
 * Registers the versions of aggregates in one chunk of what others sent. Several processes may do this: the
 * checkpoint's row lock lets one work at a time, and it moves with what was registered.
 *
 * @returns whether there is more to look through at once.
 */
export async function observeStreamsOnce({ sql }: Pick<Context, "sql">): Promise<boolean> {
  const safe = await getSafePosition(sql);
  const passed = await sql.begin((tx) => observeStreams(tx, safe, CHUNK));
  return passed === CHUNK;
}
