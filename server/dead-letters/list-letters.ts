import { getLastNumber } from "#drizzle/queries/dead-letters.ts";
import { countUngrouped, listLetters as listRows } from "#drizzle/queries/letter-reading.ts";
import type { LetterFilter, LetterPageDto } from "#server/contract/dead-letters.ts";
import { MAX_PAGE_SIZE } from "#server/contract/events.ts";
import type { Context } from "#server/platform/context.ts";
import { isoTime } from "../bus/subscription-dto.ts";
import { getAsOf } from "../events/as-of.ts";
import { toLetterSummaries } from "./letter-dto.ts";
import { resolveFilter } from "./resolve-selection.ts";

/** Above every number that is given. */
const END = "9223372036854775807";
export const MAX_UNGROUPED = 100_000;

/** Rows of the leading index that one request may look at: a hundred milliseconds of work or so. */
const SEARCH_BUDGET = 50_000;
/** The same where the text of each error must be read. */
const ERROR_SEARCH_BUDGET = 30_000;
/** The same where the payload of each event must be read. */
const PAYLOAD_SEARCH_BUDGET = 5_000;

export type ListLettersInput = { filter: LetterFilter; before?: string | undefined; limit: number };

/**
 * A page of dead letters, newest death first. When nothing leads straight to the matches, the search stops at its
 * budget and the answer says how far it got; `nextBefore` goes on from there.
 */
export async function listLetters(
  ctx: Context,
  { filter, before = END, limit }: ListLettersInput,
): Promise<LetterPageDto> {
  const size = Math.min(limit, MAX_PAGE_SIZE);
  const asOf = await getAsOf(ctx);
  const [terms, ungrouped, upTo] = await Promise.all([
    resolveFilter(ctx.sql, filter),
    countUngrouped(ctx.sql, MAX_UNGROUPED),
    getLastNumber(ctx.sql),
  ]);
  const { rows, searchedFrom } = await listRows(ctx.sql, terms, {
    before,
    limit: size,
    budget: budgetFor(filter),
  });
  const last = rows.length === size ? rows.at(-1) : undefined;
  const reached = last ? { number: last.number, diedAt: last.died_at } : searchedFrom;
  return {
    letters: await toLetterSummaries(rows, ctx.names),
    nextBefore: reached?.number ?? null,
    searched: {
      from: reached === null ? (filter.from ?? null) : isoTime(reached.diedAt),
      to: filter.to ?? null,
      complete: searchedFrom === null,
    },
    ungrouped,
    upTo,
    asOf,
  };
}

function budgetFor({ q, error }: LetterFilter): number {
  if (q !== undefined) return PAYLOAD_SEARCH_BUDGET;
  return error === undefined ? SEARCH_BUDGET : ERROR_SEARCH_BUDGET;
}
