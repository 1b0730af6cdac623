import { listEventTypes } from "#drizzle/queries/event-types.ts";
import { MAX_TYPE_PAGE, type TypePageDto } from "#server/contract/schemas.ts";
import { textToLike } from "#server/domain/glob.ts";
import type { Context } from "#server/platform/context.ts";
import { getAsOf } from "../events/as-of.ts";
import { countWindow } from "./count-window.ts";
import { describeTypes, LIST_SAMPLE } from "./sample-types.ts";

/** A page of the event types that flowed in the last days, and of those that have schemas, by name. */
export async function listTypes(
  ctx: Context,
  { q = "", after = "", limit }: { q: string | undefined; after: string | undefined; limit: number },
): Promise<TypePageDto> {
  const asOf = await getAsOf(ctx);
  const window = countWindow(ctx);
  const size = Math.min(limit, MAX_TYPE_PAGE);
  const rows = await listEventTypes(ctx.sql, { ...window, after, like: textToLike(q), limit: size });
  return {
    types: await describeTypes(ctx, rows, LIST_SAMPLE),
    nextAfter: rows.length === size ? (rows.at(-1)?.name ?? null) : null,
    window,
    asOf,
  };
}
