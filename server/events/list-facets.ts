import { listNameCounts } from "#drizzle/queries/hourly-counts.ts";
import type { FACET_FIELDS, FacetsDto } from "#server/contract/events.ts";
import { textToLike } from "#server/domain/glob.ts";
import type { Context } from "#server/platform/context.ts";
import { getAsOf } from "./as-of.ts";

const HOUR_MS = 3_600_000;
const DEFAULT_WINDOW_HOURS = 24;

export type ListFacetsInput = {
  field: (typeof FACET_FIELDS)[number];
  from: string | undefined;
  to: string | undefined;
  /** Text that the values contain. */
  contains: string | undefined;
  limit: number;
};

/** The values of a field with how often they occur, for the whole hours that the window touches. */
export async function listFacets(ctx: Context, input: ListFacetsInput): Promise<FacetsDto> {
  const asOf = await getAsOf(ctx);
  const now = ctx.clock.now().getTime();
  const to = Math.ceil((input.to === undefined ? now + 1 : Date.parse(input.to)) / HOUR_MS) * HOUR_MS;
  const start = input.from === undefined ? to - DEFAULT_WINDOW_HOURS * HOUR_MS : Date.parse(input.from);
  const window = {
    from: new Date(Math.floor(start / HOUR_MS) * HOUR_MS).toISOString(),
    to: new Date(to).toISOString(),
  };
  const rows = await listNameCounts(ctx.sql, {
    field: input.field,
    ...window,
    prefix: textToLike(input.contains ?? ""),
    limit: input.limit + 1,
  });
  const values = rows.slice(0, input.limit).map(({ value, count }) => ({ value, count: Number(count) }));
  return { field: input.field, window, values, capped: rows.length > input.limit, asOf };
}
