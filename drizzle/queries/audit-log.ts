import type { Sql, SqlTx } from "../db.ts";

export type AuditEntry = {
  actor: string;
  /** noun.past-participle */
  action: string;
  subject: string;
  details: Record<string, unknown>;
};

/** Writes down who did what, in the transaction in which it was done. */
export async function insertAudit(tx: SqlTx, { actor, action, subject, details }: AuditEntry): Promise<void> {
  await tx`
    insert into audit_log (actor, action, subject, details)
    values (${actor}, ${action}, ${subject}, ${JSON.stringify(details)}::jsonb)`;
}

/** The id of an audit row that is written later in the same transaction, when it is known what it has to say. */
export async function reserveAudit(tx: SqlTx): Promise<string> {
  const [row] = await tx<{ id: string }[]>`select nextval(pg_get_serial_sequence('audit_log', 'id')) as id`;
  if (!row) throw new Error("A sequence gives a number.");
  return row.id;
}

/** Writes an audit row under the id that was reserved for it. */
export async function insertReservedAudit(
  tx: SqlTx,
  id: string,
  { actor, action, subject, details }: AuditEntry,
): Promise<void> {
  await tx`
    insert into audit_log (id, actor, action, subject, details) overriding system value
    values (${id}, ${actor}, ${action}, ${subject}, ${JSON.stringify(details)}::jsonb)`;
}

export type AuditRow = { at: string; action: string; subject: string; details: unknown };

/** What was done to these subjects of late, oldest first; at most the last `limit` entries. */
export async function listAuditOf(sql: Sql, subjects: readonly string[], limit: number): Promise<AuditRow[]> {
  return sql<AuditRow[]>`
    select at, action, subject, details from (
      select id, at, action, subject, details from audit_log
      where subject = any(${[...subjects]}::text[]) order by id desc limit ${limit}) latest
    order by id`;
}

export type AuditEntryRow = AuditRow & { id: string; actor: string };

const FAILURE_CASE = /^failure-case:(\d+)$/;

/** What was done, newest first; to one subject, or to anything. What was done with all letters of a case is done to it, too. */
export async function listAudit(
  sql: Sql,
  { subject, before, limit }: { subject: string | null; before: string | null; limit: number },
): Promise<AuditEntryRow[]> {
  const entries = (which: ReturnType<Sql>): ReturnType<Sql> => sql`(
    select id, at, actor, action, subject, details from audit_log
    where ${which} ${before === null ? sql`` : sql`and id < ${before}`} order by id desc limit ${limit})`;
  if (subject === null) return sql<AuditEntryRow[]>`${entries(sql`true`)}`;
  const [, caseId = null] = FAILURE_CASE.exec(subject) ?? [];
  const named = entries(sql`subject = ${subject}`);
  if (caseId === null) return sql<AuditEntryRow[]>`${named}`;
  return sql<AuditEntryRow[]>`
    ${named} union all ${entries(sql`details #>> '{selection,case}' = ${caseId}`)} order by id desc limit ${limit}`;
}

const LONGEST_BEFORE = "7 days";

export type AuditedRow = {
  id: string;
  at: string;
  actor: string;
  action: string;
  subject: string;
  /** When it was over: of a replay, when it ended; of a fault, when it was taken back or went by itself. */
  ended_at: string | null;
};

/**
 * What was done to things of some kinds (the noun of an action) between two moments, newest first, but for some actions;
 * at most `limit` entries. Replays and faults that began within a week before and were not over stand among them.
 */
export async function listAuditBetween(
  sql: Sql,
  {
    from,
    to,
    nouns,
    leftOut,
    limit,
  }: { from: string; to: string; nouns: readonly string[]; leftOut: readonly string[]; limit: number },
): Promise<AuditedRow[]> {
  return sql<AuditedRow[]>`
    select a.id::text as id, to_json(a.at) #>> '{}' as at, a.actor, a.action, a.subject,
      to_json(coalesce(r.ended_at, f.ended_at)) #>> '{}' as ended_at
    from audit_log a
    left join replays r on a.action = 'replay.started' and a.subject = 'replay:' || r.id
    left join lateral (
      select least((a.details ->> 'endsAt')::timestamptz, (
        select min(at) from audit_log o
        where o.subject = a.subject and o.id > a.id and o.action in ('fault.injected', 'fault.removed', 'scenario.data-removed')
      )) as ended_at
      where a.action = 'fault.injected'
    ) f on true
    where a.at >= ${from}::timestamptz - ${LONGEST_BEFORE}::interval and a.at < ${to}::timestamptz
      and (a.at >= ${from}::timestamptz or (a.action in ('replay.started', 'fault.injected')
        and coalesce(r.ended_at, f.ended_at, 'infinity') > ${from}::timestamptz))
      and split_part(a.action, '.', 1) = any(${[...nouns]}::text[])
      and a.action <> all(${[...leftOut]}::text[])
    order by a.at desc, a.id desc limit ${limit}`;
}
