import { listEvents as listRows } from "#drizzle/queries/event-reading.ts";
import { type EventFilter, type EventPageDto, MAX_PAGE_SIZE } from "#server/contract/events.ts";
import { recordedAt } from "#server/domain/instant.ts";
import type { Context } from "#server/platform/context.ts";
import { nameIds } from "../tail/tail.ts";
import { getAsOf } from "./as-of.ts";
import { dataOf } from "./envelopes.ts";
import { type PositionRange, resolveConditions } from "./event-conditions.ts";
import { toDataDto, toSummary } from "./event-summary.ts";

/** Rows of the leading index that one request may look at: a few tens of milliseconds of work. */
const SEARCH_BUDGET = 50_000;
/** The same where the payload of each row must be read. */
const TEXT_SEARCH_BUDGET = 10_000;

export type ListEventsInput = PositionRange & { filter: EventFilter; limit: number; withData: boolean };

/**
 * A page of events, newest first. When nothing leads straight to the matches, the search stops at its budget and
 * the answer says how far it got; `nextBefore` goes on from there.
 */
export async function listEvents(ctx: Context, input: ListEventsInput): Promise<EventPageDto> {
  const { filter, withData } = input;
  const limit = Math.min(input.limit, MAX_PAGE_SIZE);
  const asOf = await getAsOf(ctx);
  const conditions = await resolveConditions(ctx.sql, filter, input);
  const budget = filter.q === undefined ? SEARCH_BUDGET : TEXT_SEARCH_BUDGET;
  const { rows, searchedFrom } = await listRows(ctx.sql, conditions, { limit, budget, withData });
  const nameOf = await ctx.names.resolve(rows.flatMap(nameIds));
  const last = rows.at(-1);
  const isFull = rows.length === limit && last !== undefined;
  const nextBefore = isFull ? last.position : searchedFrom;
  return {
    events: rows.map((row) => ({
      ...toSummary(row, nameOf),
      ...(withData
        ? { data: toDataDto(dataOf(row.data_encoding, row.data_text ?? null, row.data_bytes ?? null)) }
        : {}),
    })),
    nextBefore,
    searched: {
      from: nextBefore === null ? (filter.from ?? null) : recordedAt(nextBefore),
      to: filter.to ?? null,
      complete: searchedFrom === null,
    },
    asOf,
  };
}
