import { type AuditEntryRow, listAudit as listRows } from "#drizzle/queries/audit-log.ts";
import {
  type AuditEntryDto,
  type AuditPageDto,
  type AuditQuery,
  auditEntrySchema,
} from "#server/contract/audit-log.ts";
import type { Context } from "#server/platform/context.ts";
import { isoTime } from "../bus/subscription-dto.ts";

/** Who did what, newest first: to one subject, or to anything. */
export async function listAudit(
  { sql }: Pick<Context, "sql">,
  { subject, before, limit }: AuditQuery,
): Promise<AuditPageDto> {
  const rows = await listRows(sql, { subject: subject ?? null, before: before ?? null, limit });
  return {
    entries: rows.map(toEntry),
    nextBefore: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
  };
}

function toEntry({ id, at, actor, action, subject, details }: AuditEntryRow): AuditEntryDto {
  const known = auditEntrySchema.shape.details.safeParse(details);
  return { id, at: isoTime(at), actor, action, subject, details: known.success ? known.data : {} };
}
