import type { Sql, SqlTx } from "../db.ts";
import { LETTER_STATUS } from "./dead-letters.ts";
import { hasKey, lettersByKey } from "./letter-keys.ts";
import { filterConditions, keysIn, type LetterFilterTerms } from "./letter-selection.ts";

export type LetterRow = {
  position: string;
  subscription_id: number;
  consumer: string;
  generation: number;
  /** Null, like the case, while it waits to be put into one. */
  number: string | null;
  case_id: number | null;
  status: number;
  type_id: number;
  source_id: number;
  event_id: string;
  partition_key: string | null;
  correlation_id: string | null;
  message: string;
  attempts: number;
  deaths: number;
  first_died_at: string;
  died_at: string;
};

/** The columns of `LetterRow` but the consumer, for a `select` from `dead_letters_with_status l`. */
function letterColumns(sql: Sql | SqlTx): ReturnType<Sql> {
  return sql`l.position, l.subscription_id, l.generation, l.number, l.case_id, l.status, l.type_id, l.source_id,
    l.event_id, l.partition_key, l.correlation_id, l.message, l.attempts, l.deaths, l.first_died_at, l.died_at`;
}

/** More cases than these are read from the list of all letters instead of one by one. */
const MAX_LED_CASES = 200;
const STATUSES = Object.values(LETTER_STATUS).length;

/** Which index leads the way: from each of its keys, letters come newest first. */
type Lead = {
  /** The keys, as a source of rows with a name of their own. */
  keys: ReturnType<Sql>;
  count: number;
  /** What it is the index of, and the number in that. */
  list: ReturnType<Sql>;
  number: ReturnType<Sql>;
  /** Gives the letters `l` that conditions on the list leave, for a `from` clause with its `where`. */
  read: (conditions: ReturnType<Sql>) => ReturnType<Sql>;
  /** Takes the letters of one key. */
  condition: ReturnType<Sql>;
  /** Conditions remain that the index does not answer. */
  isResidual: boolean;
};

type Source = Pick<Lead, "list" | "number" | "read">;

/** Each with its status by its key: a join would be planned for all of them, however few are asked for. */
function allLetters(sql: Sql | SqlTx): Source {
  return {
    list: sql`dead_letters l`,
    number: sql`l.number`,
    read: (conditions) => sql`(
      select l.*, coalesce((
        select u.status from unresolved_letters u
        where u.position = l.position and u.subscription_id = l.subscription_id), ${LETTER_STATUS.resolved}::smallint) as status
      from dead_letters l) l where ${conditions}`,
  };
}

/** Each is read by its key, when all is looked at that the list can tell, its case too. */
function unresolvedLetters(sql: Sql | SqlTx, caseIds: number[] | null): Source {
  const ofCases = caseIds === null ? sql`` : sql`and u.case_id = any(${caseIds}::int[])`;
  return {
    list: sql`unresolved_letters u`,
    number: sql`u.number`,
    read: (conditions) => sql`(
      select * from unresolved_letters u where ${conditions} ${ofCases} order by u.number desc) u
      cross join lateral (
        select l.*, u.status from dead_letters l
        where l.position = u.position and l.subscription_id = u.subscription_id offset 0) l
      where true`,
  };
}

function lettersOfKey(sql: Sql | SqlTx): Source {
  const list = lettersByKey(sql);
  return { list, number: sql`l.number`, read: (conditions) => sql`${list} where ${conditions}` };
}

function leadOf(sql: Sql | SqlTx, terms: LetterFilterTerms): Lead {
  const { caseIds, sources } = terms;
  const statuses = terms.statuses?.length === STATUSES ? null : terms.statuses;
  // Letters that are resolved stand in no list of their own.
  const isUnresolved = statuses !== null && !statuses.includes(LETTER_STATUS.resolved);
  const rest = [sources, terms.from, terms.to, terms.errorLike, terms.payloadLikes];
  const isResidual = (...others: unknown[]) => [...rest, ...others].some((one) => one !== null);
  const unresolved = unresolvedLetters(sql, caseIds);
  const letters = allLetters(sql);
  const single: Pick<Lead, "keys" | "count"> = { keys: sql`(select) one_key`, count: 1 };
  const [first, ...others] = keysIn(terms);
  if (first !== undefined) {
    return {
      ...single,
      ...lettersOfKey(sql),
      condition: hasKey(sql, ...first),
      isResidual: isResidual(statuses, caseIds) || others.length > 0,
    };
  }
  const isOfFewCases = caseIds !== null && caseIds.length <= MAX_LED_CASES;
  if (isOfFewCases && isUnresolved) {
    return {
      ...unresolved,
      keys: sql`unnest(${caseIds}::int[]) led_case (id) cross join unnest(${statuses}::smallint[]) led_status (id)`,
      count: caseIds.length * statuses.length,
      condition: sql`u.case_id = led_case.id and u.status = led_status.id`,
      isResidual: isResidual(),
    };
  }
  if (isOfFewCases) {
    return {
      ...letters,
      keys: sql`unnest(${caseIds}::int[]) led_case (id)`,
      // The letters of a case lie far apart: each takes as long as several of a list.
      count: caseIds.length * STATUSES,
      condition: sql`l.case_id = led_case.id`,
      isResidual: isResidual(statuses),
    };
  }
  if (isUnresolved) {
    return {
      ...unresolved,
      keys: sql`unnest(${statuses}::smallint[]) led_status (id)`,
      count: statuses.length,
      condition: sql`u.status = led_status.id`,
      isResidual: isResidual(caseIds),
    };
  }
  return { ...single, ...letters, condition: sql`true`, isResidual: isResidual(statuses, caseIds) };
}

export type LetterPage = {
  /** Newest death first. */
  rows: LetterRow[];
  /** Letters from this number on were looked at, and when that one died; null when all were. */
  searchedFrom: { number: string; diedAt: string } | null;
};

/**
 * Letters with numbers below `before`, newest first, in bounded work: an index leads, and where conditions remain that
 * it does not answer, at most `budget` of its rows are looked at. `searchedFrom` says how far that went.
 */
export async function listLetters(
  sql: Sql,
  terms: LetterFilterTerms,
  { before, limit, budget }: { before: string; limit: number; budget: number },
): Promise<LetterPage> {
  const lead = leadOf(sql, terms);
  if (lead.count === 0) return { rows: [], searchedFrom: null };
  const floor = lead.isResidual ? await findFloor(sql, lead, { before, budget }) : null;
  const rest = lead.isResidual ? filterConditions(sql, terms) : sql``;
  const { condition, number } = lead;
  const range: ReturnType<Sql> = sql`${condition} and ${number} < ${before} and ${number} >= ${floor?.number ?? "0"}`;
  const rows = await sql<LetterRow[]>`
    select found.*, s.consumer from (
      select led.* from ${lead.keys} cross join lateral (
        select ${letterColumns(sql)} from ${lead.read(range)} ${rest}
        order by ${number} desc limit ${limit}
      ) led
      order by number desc limit ${limit}
    ) found
    join subscriptions s on s.id = found.subscription_id order by number desc`;
  return { rows, searchedFrom: rows.length === limit ? null : floor };
}

/** With several keys each gets its share of the budget, and the search ends where the first one's is used up. */
async function findFloor(
  sql: Sql,
  { keys, count, list, number, condition }: Lead,
  { before, budget }: { before: string; budget: number },
): Promise<LetterPage["searchedFrom"]> {
  const share = Math.max(100, Math.floor(budget / count));
  const [row] = await sql<{ number: string; died_at: string }[]>`
    select number, (select died_at from dead_letters l where l.number = farthest.number) as died_at from (
      select reached.number from ${keys} cross join lateral (
        select ${number} as number from ${list}
        where ${condition} and ${number} < ${before} order by ${number} desc offset ${share} limit 1
      ) reached
      order by number desc limit 1) farthest`;
  return row ? { number: row.number, diedAt: row.died_at } : null;
}

/** The letter of an event in a consumer; of several consumers of that name, the one that is not deleted. */
export async function findLetter(
  sql: Sql | SqlTx,
  { position, consumer }: { position: string; consumer: string },
): Promise<LetterRow | null> {
  const [row] = await sql<LetterRow[]>`
    select ${letterColumns(sql)}, s.consumer from dead_letters_with_status l join subscriptions s on s.id = l.subscription_id
    where l.position = ${position} and s.consumer = ${consumer}
    order by s.deleted_at is not null, s.id desc limit 1`;
  return row ?? null;
}

/** The newest letters of a case, parked ones first. */
export async function listCaseSamples(sql: Sql | SqlTx, caseId: number, limit: number): Promise<LetterRow[]> {
  return sql<LetterRow[]>`
    select found.*, s.consumer from (
      select ${letterColumns(sql)} from (
        (select number from unresolved_letters
          where case_id = ${caseId} and status = ${LETTER_STATUS.parked} and number is not null
          order by number desc limit ${limit})
        union
        (select number from dead_letters where case_id = ${caseId} and number is not null
          order by number desc limit ${limit})) newest
      join dead_letters_with_status l on l.number = newest.number
      order by status <> ${LETTER_STATUS.parked}, number desc limit ${limit}
    ) found
    join subscriptions s on s.id = found.subscription_id order by status <> ${LETTER_STATUS.parked}, number desc`;
}

/** Letters that are in no case yet; at most `limit` are counted. */
export async function countUngrouped(sql: Sql | SqlTx, limit: number): Promise<number> {
  const [row] = await sql<{ letters: number }[]>`
    select count(*)::int as letters from (select from dead_letters where number is null limit ${limit}) waiting`;
  return row?.letters ?? 0;
}
