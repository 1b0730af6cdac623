import type { Sql } from "#drizzle/db.ts";
import type { EventConditions, NameCondition } from "#drizzle/queries/event-reading.ts";
import { listNameIdsLike } from "#drizzle/queries/interned-names.ts";
import type { EventFilter } from "#server/contract/events.ts";
import { EVENT_KINDS } from "#server/domain/event.ts";
import { globToLike, isGlob, textToLike } from "#server/domain/glob.ts";
import { positionAt } from "#server/domain/instant.ts";
import { spellings } from "./event-matcher.ts";

/** Up to here each name gets an index range of its own; a wider glob is matched row by row. */
const MAX_IDS = 100;

/** Above every position that can be handed out before the year 2255. */
const END_OF_TIME = 9_007_199_254_740_991n;

export type PositionRange = { before?: string | undefined; after?: string | undefined };

/** Puts a filter into the terms of the events table. */
export async function resolveConditions(
  sql: Sql,
  filter: EventFilter,
  { before, after }: PositionRange = {},
): Promise<EventConditions> {
  const starts = [0n];
  if (filter.from !== undefined) starts.push(positionAt(filter.from) ?? 0n);
  if (after !== undefined) starts.push(BigInt(after) + 1n);
  const ends = [END_OF_TIME];
  if (filter.to !== undefined) ends.push(positionAt(filter.to) ?? END_OF_TIME);
  if (before !== undefined) ends.push(BigInt(before));
  const [types, sources] = await Promise.all([
    resolveNames(sql, "type", filter.type),
    resolveNames(sql, "source", filter.source),
  ]);
  const subjects = filter.subject ?? null;
  const hasSubjectGlob = subjects?.some(isGlob) ?? false;
  return {
    from: String(starts.toSorted(byValue).at(-1)),
    before: String(ends.toSorted(byValue).at(0)),
    types,
    sources,
    subjects: hasSubjectGlob ? null : subjects,
    subjectLikes: hasSubjectGlob ? (subjects?.map(globToLike) ?? null) : null,
    kinds: filter.kind?.map((kind) => EVENT_KINDS.indexOf(kind)) ?? null,
    correlationId: filter.correlationid ?? null,
    payloadLikes: filter.q === undefined ? null : spellings(filter.q).map(textToLike),
  };
}

async function resolveNames(
  sql: Sql,
  field: "type" | "source",
  patterns: string[] | undefined,
): Promise<NameCondition | null> {
  if (patterns === undefined || patterns.length === 0) return null;
  const likes = patterns.map(globToLike);
  const ids = await listNameIdsLike(sql, field, likes, MAX_IDS + 1);
  return ids.length > MAX_IDS ? { likes } : { ids };
}

function byValue(a: bigint, b: bigint): number {
  return a < b ? -1 : 1;
}
