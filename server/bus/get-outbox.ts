import { measureOutbox } from "#drizzle/queries/outbox.ts";
import type { OutboxDto } from "#server/contract/outbox.ts";
import type { Context } from "#server/platform/context.ts";

const MAX_COUNTED = 10_000;

/** How many published events have not reached the log yet, and since when. */
export async function getOutbox({ sql }: Pick<Context, "sql">): Promise<OutboxDto> {
  const { unsent, oldest_seconds, refused } = await measureOutbox(sql, MAX_COUNTED);
  return {
    unsent: { count: unsent, exact: unsent < MAX_COUNTED },
    oldestSeconds: oldest_seconds,
    refused: { count: refused, exact: refused < MAX_COUNTED },
  };
}
