import type { SqlTx } from "#drizzle/db.ts";
import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import type { Context } from "#server/platform/context.ts";

/** Told of whenever a sample system is started, stopped or disturbed. */
export const SCENARIOS_TOPIC = "scenarios";

/** Writes the audit row of a change to a sample system and tells of it, both with its commit. */
export async function recordChange(
  tx: SqlTx,
  { actor }: Pick<Context, "actor">,
  change: { action: string; subject: string; details?: Record<string, unknown> },
): Promise<void> {
  await insertAudit(tx, { actor, details: {}, ...change });
  await notifyTopic(tx, SCENARIOS_TOPIC);
}
