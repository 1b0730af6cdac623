import type { Sql, SqlTx } from "#drizzle/db.ts";
import { getLastNumber, LETTER_STATUS } from "#drizzle/queries/dead-letters.ts";
import type { NameCondition } from "#drizzle/queries/event-reading.ts";
import { listCaseIdsOf } from "#drizzle/queries/failure-cases.ts";
import { listNameIdsLike } from "#drizzle/queries/interned-names.ts";
import type { LetterFilterTerms, LetterTerms } from "#drizzle/queries/letter-selection.ts";
import type { LetterFilter, LetterSelection } from "#server/contract/dead-letters.ts";
import { globToLike, textToLike } from "#server/domain/glob.ts";
import { spellings } from "../events/event-matcher.ts";

const MAX_SOURCES = 100;

/** A selection as the tables know it, and the number of the last letter that can be in it. */
export type ResolvedSelection = { terms: LetterTerms; upTo: string };

/**
 * Puts a selection into the terms of the tables. What names no cut-off is cut off now: ask with the `upTo` of this
 * answer again, and the same letters are meant.
 */
export async function resolveSelection(
  sql: Sql | SqlTx,
  selection: LetterSelection,
): Promise<ResolvedSelection> {
  const last = await getLastNumber(sql);
  if (selection.kind === "letters") {
    return { terms: { kind: "letters", letters: selection.letters }, upTo: last };
  }
  const upTo = selection.upTo ?? last;
  if (selection.kind === "filter") return { terms: await resolveFilter(sql, selection.filter), upTo };
  return { terms: await resolveFilter(sql, { case: [selection.case] }), upTo };
}

/** Puts a filter into the terms of the tables. */
export async function resolveFilter(
  sql: Sql | SqlTx,
  filter: LetterFilter,
): Promise<{ kind: "filter" } & LetterFilterTerms> {
  const [caseIds, sources] = await Promise.all([resolveCases(sql, filter), resolveSources(sql, filter)]);
  return {
    kind: "filter",
    statuses: filter.status?.map((status) => LETTER_STATUS[status]) ?? null,
    caseIds,
    sources,
    partitionKey: filter.key ?? null,
    eventId: filter.eventid ?? null,
    correlationId: filter.correlationid ?? null,
    from: filter.from ?? null,
    to: filter.to ?? null,
    errorLike: filter.error === undefined ? null : textToLike(filter.error),
    payloadLikes: filter.q === undefined ? null : spellings(filter.q).map(textToLike),
  };
}

async function resolveCases(
  sql: Sql | SqlTx,
  { consumer = [], type = [], case: cases = [] }: LetterFilter,
): Promise<number[] | null> {
  const named = cases.length === 0 ? null : [...new Set(cases)];
  if (consumer.length === 0 && type.length === 0) return named;
  const ids = await listCaseIdsOf(sql, {
    consumers: consumer.length === 0 ? null : consumer.map(globToLike),
    types: type.length === 0 ? null : type.map(globToLike),
  });
  return named === null ? ids : ids.filter((id) => named.includes(id));
}

async function resolveSources(
  sql: Sql | SqlTx,
  { source = [] }: LetterFilter,
): Promise<NameCondition | null> {
  if (source.length === 0) return null;
  const likes = source.map(globToLike);
  const ids = await listNameIdsLike(sql, "source", likes, MAX_SOURCES + 1);
  return ids.length > MAX_SOURCES ? { likes } : { ids };
}
