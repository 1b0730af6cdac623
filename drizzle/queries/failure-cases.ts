import type { Sql, SqlTx } from "../db.ts";

const KEEPER = 7104015;

/** Lets one process at a time put letters into cases and count them. False when another one is at it. */
export async function tryLockKeeper(tx: SqlTx): Promise<boolean> {
  const [row] = await tx<
    { locked: boolean }[]
  >`select pg_try_advisory_xact_lock(${KEEPER}::bigint) as locked`;
  return row?.locked ?? false;
}

/** Keeps everybody else from doing so until the transaction ends. */
export async function lockKeeper(tx: SqlTx): Promise<void> {
  await tx`select pg_advisory_xact_lock(${KEEPER}::bigint)`;
}

export type CaseRow = {
  id: number;
  fingerprint: string;
  subscription_id: number;
  type_id: number;
  error: unknown;
  message: string;
  status: string;
  status_by: string | null;
  status_at: string | null;
  muted_until: string | null;
  owner: string | null;
  ticket_url: string | null;
  returns: number;
  deaths: number;
  parked: number;
  replaying: number;
  resolved: number;
  discarded: number;
  first_at: string;
  last_at: string;
};

/** The columns of `CaseRow`, for a `select` from `failure_cases c`. */
export function caseColumns(sql: Sql | SqlTx): ReturnType<Sql> {
  return sql`c.id, c.fingerprint, c.subscription_id, c.type_id, c.error, c.message, c.status, c.status_by, c.status_at,
    c.muted_until, c.owner, c.ticket_url, c.returns, c.deaths::float8 as deaths, c.parked::float8 as parked,
    c.replaying::float8 as replaying, c.resolved::float8 as resolved, c.discarded::float8 as discarded,
    c.first_at, c.last_at`;
}

export type NewCase = {
  fingerprint: string;
  subscriptionId: number;
  typeId: number;
  error: unknown;
  message: string;
  seenAt: string;
};

/** Makes the cases that are missing and gives all of them, held until the transaction ends, in one order for everybody. */
export async function ensureCases(tx: SqlTx, wanted: NewCase[]): Promise<CaseRow[]> {
  await tx`
    insert into failure_cases (fingerprint, subscription_id, type_id, error, message, first_at, last_at)
    select fingerprint, "subscriptionId", "typeId", error, left(message, 500), "seenAt", "seenAt"
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w (fingerprint text, "subscriptionId" integer,
      "typeId" integer, error jsonb, message text, "seenAt" timestamptz)
    where not exists (select from failure_cases known where known.fingerprint = w.fingerprint)
    on conflict (fingerprint) do nothing`;
  return tx<CaseRow[]>`
    select ${caseColumns(tx)} from failure_cases c
    where fingerprint = any(${wanted.map(({ fingerprint }) => fingerprint)}::text[]) order by id for update`;
}

export type SeenCase = {
  id: number;
  subscriptionId: number;
  message: string;
  status: string;
  statusBy: string | null;
  statusAt: string | null;
  mutedUntil: string | null;
  returns: number;
  firstAt: string;
  lastAt: string;
};

/** Writes what new deaths make of cases, apart from the counters. */
export async function updateSeenCases(tx: SqlTx, seen: SeenCase[]): Promise<void> {
  await tx`
    update failure_cases c set subscription_id = s."subscriptionId", message = left(s.message, 500), status = s.status,
      status_by = s."statusBy", status_at = s."statusAt", muted_until = s."mutedUntil", returns = s.returns,
      first_at = s."firstAt", last_at = s."lastAt"
    from jsonb_to_recordset(${JSON.stringify(seen)}::jsonb) as s (id integer, "subscriptionId" integer, message text,
      status text, "statusBy" text, "statusAt" timestamptz, "mutedUntil" timestamptz, returns integer,
      "firstAt" timestamptz, "lastAt" timestamptz)
    where c.id = s.id`;
}

/** What is added to the counters of a case. */
export type CaseDelta = {
  id: number;
  deaths: number;
  parked: number;
  replaying: number;
  resolved: number;
  discarded: number;
};

/** Adds to the counters of cases. Only who holds the keeper's lock does, so nobody waits and none is lost. */
export async function addToCases(tx: SqlTx, deltas: CaseDelta[]): Promise<void> {
  if (deltas.length === 0) return;
  await tx`
    update failure_cases c set deaths = c.deaths + d.deaths, parked = c.parked + d.parked,
      replaying = c.replaying + d.replaying, resolved = c.resolved + d.resolved, discarded = c.discarded + d.discarded
    from jsonb_to_recordset(${JSON.stringify(deltas)}::jsonb) as d (id integer, deaths bigint, parked bigint,
      replaying bigint, resolved bigint, discarded bigint)
    where c.id = d.id`;
}

export type CaseCount = { caseId: number; since: string; deaths: number };

/** Adds deaths to the five minutes in which they happened. */
export async function addCaseCounts(tx: SqlTx, counts: CaseCount[]): Promise<void> {
  if (counts.length === 0) return;
  await tx`
    insert into case_counts (case_id, since, deaths)
    select "caseId", since, deaths
    from jsonb_to_recordset(${JSON.stringify(counts)}::jsonb) as r ("caseId" integer, since timestamptz, deaths integer)
    on conflict (case_id, since) do update set deaths = case_counts.deaths + excluded.deaths`;
}

/** Makes one row of the deaths of each hour in a stretch of time, so that windows of days are read in few rows. */
export async function foldCaseCounts(
  tx: SqlTx,
  { after, before }: { after: string; before: string },
): Promise<void> {
  await tx`
    with folded as (
      delete from case_counts
      where since >= ${after}::timestamptz and since < ${before}::timestamptz
        and since <> date_bin('1 hour', since, 'epoch')
      returning case_id, date_bin('1 hour', since, 'epoch') as hour, deaths
    )
    insert into case_counts (case_id, since, deaths) select case_id, hour, sum(deaths) from folded group by 1, 2
    on conflict (case_id, since) do update set deaths = case_counts.deaths + excluded.deaths`;
}

/** The cases with these fingerprints, where there are such. */
export async function listCaseIdsByFingerprint(
  sql: Sql | SqlTx,
  fingerprints: string[],
): Promise<Map<string, number>> {
  const rows = await sql<{ id: number; fingerprint: string }[]>`
    select id, fingerprint from failure_cases where fingerprint = any(${fingerprints}::text[])`;
  return new Map(rows.map(({ id, fingerprint }) => [fingerprint, id]));
}

/** The cases of consumers and types that one of the `like` patterns matches; null takes any. */
export async function listCaseIdsOf(
  sql: Sql | SqlTx,
  { consumers, types }: { consumers: string[] | null; types: string[] | null },
): Promise<number[]> {
  const ofConsumers =
    consumers === null
      ? sql``
      : sql`and subscription_id in (select id from subscriptions where consumer like any(${consumers}::text[]))`;
  const ofTypes =
    types === null
      ? sql``
      : sql`and type_id in (select id from interned_names where field = 'type' and name like any(${types}::text[]))`;
  const rows = await sql<{ id: number }[]>`
    select id from failure_cases where true ${ofConsumers} ${ofTypes} order by id`;
  return rows.map(({ id }) => id);
}
