import type { Sql, SqlTx } from "../db.ts";
import { type LetterStatusNumber, MESSAGE_LENGTH } from "./dead-letters.ts";
import type { NameCondition } from "./event-reading.ts";
import { isOfKey, type LetterKey } from "./letter-keys.ts";

/** Which letters, in the terms of the tables. */
export type LetterTerms =
  | { kind: "letters"; letters: { position: string; consumer: string }[] }
  | ({ kind: "filter" } & LetterFilterTerms);

export type LetterFilterTerms = {
  statuses: LetterStatusNumber[] | null;
  /** Consumer and type of a letter are those of its case, so that cases stand for both. */
  caseIds: number[] | null;
  sources: NameCondition | null;
  partitionKey: string | null;
  eventId: string | null;
  correlationId: string | null;
  /** Died at or after, and before. */
  from: string | null;
  to: string | null;
  errorLike: string | null;
  /** `like` patterns of which one must match the payload text, ignoring case. */
  payloadLikes: string[] | null;
};

/** Numbers up to and including one, or after it. */
export type NumberRange = { upTo: string } | { after: string };

/**
 * A condition on `dead_letters_with_status l`. With `upTo` it is frozen: a letter that dies later, or dies again, gets a higher
 * number, and those that match now match as long as they are kept. What is in no case yet matches nothing.
 */
export function letterConditions(sql: Sql | SqlTx, terms: LetterTerms, range: NumberRange): ReturnType<Sql> {
  const numbered: ReturnType<Sql> =
    "upTo" in range ? sql`l.number <= ${range.upTo}` : sql`l.number > ${range.after}`;
  if (terms.kind === "filter") {
    const keys = keysIn(terms).map(([key, text]): ReturnType<Sql> => sql`and ${isOfKey(sql, key, text)}`);
    return [...keys, filterConditions(sql, terms)].reduce((all, part) => sql`${all} ${part}`, numbered);
  }
  return sql`${numbered} and (l.position, l.subscription_id) in (
    select k.position, s.id
    from jsonb_to_recordset(${JSON.stringify(terms.letters)}::jsonb) as k (position bigint, consumer text)
    join subscriptions s on s.consumer = k.consumer)`;
}

/** Whether `unresolved_letters` has all that a selection goes by, so that it can stand for letters `l`. */
export function isListed(terms: LetterTerms): boolean {
  if (terms.kind === "letters") return true;
  const { sources, from, to, errorLike, payloadLikes } = terms;
  const others = [sources, from, to, errorLike, payloadLikes];
  return keysIn(terms).length === 0 && others.every((one) => one === null);
}

/** The conditions of a filter on `dead_letters_with_status l`, each with its `and`. */
export function filterConditions(sql: Sql | SqlTx, terms: LetterFilterTerms): ReturnType<Sql> {
  const { statuses, caseIds, sources } = terms;
  const parts: ReturnType<Sql>[] = [];
  if (statuses) parts.push(sql`and l.status = any(${statuses}::smallint[])`);
  if (caseIds) parts.push(sql`and l.case_id = any(${caseIds}::int[])`);
  if (sources) parts.push(sourceCondition(sql, sources));
  for (const [key, text] of keysIn(terms)) parts.push(sql`and ${sql(`l.${key}`)} = ${text}`);
  if (terms.from !== null) parts.push(sql`and l.died_at >= ${terms.from}::timestamptz`);
  if (terms.to !== null) parts.push(sql`and l.died_at < ${terms.to}::timestamptz`);
  if (terms.errorLike !== null) parts.push(errorCondition(sql, terms.errorLike));
  if (terms.payloadLikes !== null) {
    // A value, not "exists": that would be planned as a join, which reads the payloads of the whole log.
    parts.push(sql`and (
      select e.data_text ilike any(${terms.payloadLikes}::text[]) from events e where e.position = l.position)`);
  }
  return parts.reduce((all, part) => sql`${all} ${part}`, sql``);
}

/**
 * A letter holds the beginning of its error's text; where that is longer, the rest stands in its last attempt. What
 * kind of error it is stands in its case.
 */
function errorCondition(sql: Sql | SqlTx, like: string): ReturnType<Sql> {
  return sql`and (l.message ilike ${like} or l.case_id = any(array(
    select id from failure_cases where error ->> 'name' ilike ${like} or error ->> 'code' ilike ${like}
  )) or (length(l.message) = ${MESSAGE_LENGTH} and (
    select a.error ->> 'message' ilike ${like} or coalesce(a.error ->> 'bodyExcerpt' ilike ${like}, false)
    from attempts a
    where a.position = l.position and a.subscription_id = l.subscription_id and a.generation = l.generation
    order by a.attempt desc limit 1)))`;
}

/** The keys that a filter asks for, the one first that the fewest letters have. */
export function keysIn({ eventId, correlationId, partitionKey }: LetterFilterTerms): [LetterKey, string][] {
  const keys: [LetterKey, string | null][] = [
    ["event_id", eventId],
    ["correlation_id", correlationId],
    ["partition_key", partitionKey],
  ];
  return keys.flatMap(([key, text]): [LetterKey, string][] => (text === null ? [] : [[key, text]]));
}

function sourceCondition(sql: Sql | SqlTx, sources: NameCondition): ReturnType<Sql> {
  if ("ids" in sources) return sql`and l.source_id = any(${sources.ids}::int[])`;
  return sql`and l.source_id in (
    select id from interned_names where field = 'source' and name like any(${sources.likes}::text[]))`;
}

/** How many letters that are parked match. */
export async function countParked(
  sql: Sql | SqlTx,
  { where, isListed: isInList }: { where: ReturnType<Sql>; isListed: boolean },
): Promise<number> {
  const letters = isInList
    ? sql`unresolved_letters l`
    : sql`(
      select l.*, u.status
      from unresolved_letters u join dead_letters l on l.position = u.position and l.subscription_id = u.subscription_id
      where u.status = 0) l`;
  const [row] = await sql<{ letters: number }[]>`
    select count(*)::int as letters from ${letters} where ${where} and l.status = 0`;
  return row?.letters ?? 0;
}

/** How many letters of any status match. */
export async function countLetters(sql: Sql | SqlTx, where: ReturnType<Sql>): Promise<number> {
  const [row] = await sql<{ letters: number }[]>`
    select count(*)::int as letters from dead_letters_with_status l where ${where}`;
  return row?.letters ?? 0;
}
