import type { Sql, SqlTx } from "../db.ts";
import { LETTER_STATUS } from "./dead-letters.ts";
import { type CaseRow, caseColumns } from "./failure-cases.ts";

/** A filter in the terms of the tables. */
export type CaseTerms = {
  /** Null for any. A mute that has ended is open. */
  statuses: string[] | null;
  consumerLikes: string[] | null;
  typeLikes: string[] | null;
  /** Null for anybody, `{ name: null }` for nobody. */
  owner: { name: string | null } | null;
  textLike: string | null;
  hasParked: boolean;
  /** The moment as of which mutes end and cases fail. */
  now: string;
};

export type CaseOrder = "harm" | "newest" | "oldest" | "parked" | "returns";

export type CaseListRow = CaseRow & { consumer: string; is_failing_now: boolean };

/** A case fails now when a delivery died of it within this time. */
const FAILING_MINUTES = 10;

export type CasePage = { rows: CaseListRow[]; total: number; parked: number; failingNow: number };

/** Cases in the order given, and the sums over all that match. */
export async function listCases(
  sql: Sql,
  terms: CaseTerms,
  { order, offset, limit }: { order: CaseOrder; offset: number; limit: number },
): Promise<CasePage> {
  const rows = await sql<(CaseListRow & { total: number; all_parked: number; all_failing: number })[]>`
    with matching as materialized (
      select c.id, c.parked, c.replaying, c.returns, c.first_at, c.last_at, ${failingNow(sql, terms.now)}
      from failure_cases c where ${caseConditions(sql, terms)}
    ), sums as (
      select count(*)::int as total, coalesce(sum(parked), 0)::float8 as all_parked,
        count(*) filter (where is_failing_now)::int as all_failing
      from matching
    ), page as (
      select id, row_number() over (order by ${orderOf(sql, order)}, id) as place
      from matching order by place limit ${limit} offset ${offset}
    )
    select ${selected(sql, terms.now)}, s.consumer, sums.* from sums left join page on true
    left join failure_cases c on c.id = page.id left join subscriptions s on s.id = c.subscription_id
    order by page.place`;
  const [first] = rows;
  return {
    // Without a page there is one row, of the sums alone.
    rows: rows.filter(({ id }) => id !== null),
    total: first?.total ?? 0,
    parked: first?.all_parked ?? 0,
    failingNow: first?.all_failing ?? 0,
  };
}

/** Throws nothing: null where there is no such case. */
export async function findCase(
  sql: Sql | SqlTx,
  id: number,
  { now, isLocked = false }: { now: string; isLocked?: boolean },
): Promise<CaseListRow | null> {
  const [row] = await sql<CaseListRow[]>`
    select ${selected(sql, now)}, s.consumer from failure_cases c join subscriptions s on s.id = c.subscription_id
    where c.id = ${id} ${isLocked ? sql`for update of c` : sql``}`;
  return row ?? null;
}

function selected(sql: Sql | SqlTx, now: string): ReturnType<Sql> {
  return sql`${caseColumns(sql)}, ${failingNow(sql, now)}`;
}

function failingNow(sql: Sql | SqlTx, now: string): ReturnType<Sql> {
  return sql`c.last_at > ${now}::timestamptz - ${FAILING_MINUTES} * interval '1 minute' as is_failing_now`;
}

function caseConditions(sql: Sql, terms: CaseTerms): ReturnType<Sql> {
  const { statuses, consumerLikes, typeLikes, owner, textLike, now } = terms;
  const parts: ReturnType<Sql>[] = [];
  if (statuses !== null) {
    parts.push(sql`and case when c.status = 'muted' and c.muted_until <= ${now}::timestamptz then 'open' else c.status end
      = any(${statuses}::text[])`);
  }
  if (consumerLikes !== null) {
    parts.push(sql`and c.subscription_id in (
      select id from subscriptions where consumer like any(${consumerLikes}::text[]))`);
  }
  if (typeLikes !== null) {
    parts.push(sql`and c.type_id in (
      select id from interned_names where field = 'type' and name like any(${typeLikes}::text[]))`);
  }
  if (owner !== null) parts.push(sql`and c.owner is not distinct from ${owner.name}::text`);
  if (terms.hasParked) parts.push(sql`and c.parked > 0`);
  if (textLike !== null) {
    parts.push(sql`and (c.message ilike ${textLike} or c.error::text ilike ${textLike} or c.ticket_url ilike ${textLike}
      or c.subscription_id in (select id from subscriptions where consumer ilike ${textLike})
      or c.type_id in (select id from interned_names where field = 'type' and name ilike ${textLike}))`);
  }
  return parts.reduce((all, part) => sql`${all} ${part}`, sql`true`);
}

function orderOf(sql: Sql, order: CaseOrder): ReturnType<Sql> {
  switch (order) {
    case "harm":
      return sql`parked + replaying = 0, is_failing_now desc, parked desc, last_at desc`;
    case "newest":
      return sql`last_at desc`;
    case "oldest":
      return sql`first_at`;
    case "parked":
      return sql`parked desc`;
    case "returns":
      return sql`returns desc, last_at desc`;
  }
}

/** Deaths of some cases in buckets of so many seconds, from a moment on: when each begins. Empty ones are left out. */
export async function listCaseSeries(
  sql: Sql | SqlTx,
  { caseIds, from, step }: { caseIds: number[]; from: string; step: number },
): Promise<{ case_id: number; since: string; deaths: number }[]> {
  return sql<{ case_id: number; since: string; deaths: number }[]>`
    select case_id, date_bin(${step} * interval '1 second', since, ${from}::timestamptz) as since,
      sum(deaths)::int as deaths
    from case_counts where case_id = any(${caseIds}::int[]) and since >= ${from}::timestamptz group by 1, 2`;
}

export type CaseNoteRow = { at: string; by: string; note: string };

export async function listCaseNotes(sql: Sql | SqlTx, caseId: number): Promise<CaseNoteRow[]> {
  return sql<CaseNoteRow[]>`select at, by, note from case_notes where case_id = ${caseId} order by id`;
}

export type AffectedRow = { keys: number; flows: number; looked: number };

/** How many different keys and flows the parked letters of a case have, by the newest `limit` of them. */
export async function countAffected(sql: Sql | SqlTx, caseId: number, limit: number): Promise<AffectedRow> {
  const [row] = await sql<AffectedRow[]>`
    select count(distinct partition_key)::int as keys, count(distinct correlation_id)::int as flows,
      count(*)::int as looked
    from (${newestParked(sql, caseId, limit)}) parked`;
  return row ?? { keys: 0, flows: 0, looked: 0 };
}

/** The keys with most of the newest `of` parked letters of a case. */
export async function listTopKeys(
  sql: Sql | SqlTx,
  caseId: number,
  { of, limit }: { of: number; limit: number },
): Promise<{ key: string; letters: number }[]> {
  return sql<{ key: string; letters: number }[]>`
    select partition_key as key, count(*)::int as letters from (${newestParked(sql, caseId, of)}) parked
    where partition_key is not null group by 1 order by 2 desc, 1 limit ${limit}`;
}

function newestParked(sql: Sql | SqlTx, caseId: number, limit: number): ReturnType<Sql> {
  return sql`
    select l.partition_key, l.correlation_id from (
      select position, subscription_id from unresolved_letters
      where case_id = ${caseId} and status = ${LETTER_STATUS.parked} and number is not null
      order by number desc limit ${limit}) u
    join dead_letters l on l.position = u.position and l.subscription_id = u.subscription_id`;
}
