import { linkItems, lockUnlinked } from "#drizzle/queries/replay-writing.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * Finds out which items of a replay wait behind which, where nobody has yet. That follows from what was frozen: so
 * whoever needs it first does it, and others wait for that.
 */
export async function linkReplay({ sql }: Pick<Context, "sql">, id: number): Promise<void> {
  await sql.begin(async (tx) => {
    if (await lockUnlinked(tx, id)) await linkItems(tx, id);
  });
}
