import type { SqlTx } from "../db.ts";

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
