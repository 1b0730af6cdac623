import type { SqlTx } from "#drizzle/db.ts";
import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import type { Context } from "#server/platform/context.ts";

/** The topic of schemas and policies: every process reads them anew when it is told of it. */
export const SCHEMAS_TOPIC = "schemas";

/** Writes the audit row of a change to a type's schemas and tells of it, both with its commit. */
export async function recordChange(
  tx: SqlTx,
  { actor }: Pick<Context, "actor">,
  change: { action: string; subject: string; details: Record<string, unknown> },
): Promise<void> {
  await insertAudit(tx, { actor, ...change });
  await notifyTopic(tx, SCHEMAS_TOPIC);
}
