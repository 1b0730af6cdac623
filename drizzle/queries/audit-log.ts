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

export type AuditRow = { at: string; action: string; subject: string; details: unknown };

/** What was done to these subjects of late, oldest first; at most the last `limit` entries. */
export async function listAuditOf(sql: Sql, subjects: readonly string[], limit: number): Promise<AuditRow[]> {
  return sql<AuditRow[]>`
    select at, action, subject, details from (
      select id, at, action, subject, details from audit_log
      where subject = any(${[...subjects]}::text[]) order by id desc limit ${limit}) latest
    order by id`;
}
