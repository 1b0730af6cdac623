import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { lockProcessById } from "#drizzle/queries/processes.ts";
import type { ProcessTraceDto } from "#server/contract/processes.ts";
import { resolveCompensation as resolve } from "#server/domain/processes/advance.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { getRun, noRun } from "./list-runs.ts";
import { saveAdvance } from "./save-advance.ts";
import { readState } from "./stored-state.ts";

/** What a person decides about a compensation that failed. */
export type CompensationDecision = { step: string; decision: "retry" | "done" };

/** Throws `not-found` for an unknown run, and `conflict` where the step has no failed compensation. */
export async function resolveCompensation(
  ctx: Context,
  id: string,
  decision: CompensationDecision,
): Promise<ProcessTraceDto> {
  const now = ctx.clock.now();
  await ctx.sql.begin(async (tx) => {
    const row = await lockProcessById(tx, id);
    const definition = row === null ? null : ctx.processes.find(row.name);
    if (row === null || definition === null) throw noRun(id);
    const context = { id, definition, now: now.getTime(), random: Math.random };
    const advance = resolve(context, readState(row), decision);
    if (advance.transitions.length === 0) {
      throw new AppError(
        "conflict",
        `The step ${decision.step} has no compensation that failed and is still open.`,
      );
    }
    const saved = {
      definition,
      id,
      version: row.version,
      correlationId: row.correlation_id,
      now,
      cause: null,
    };
    await saveAdvance(tx, { ...saved, by: ctx.actor }, advance);
    const action = decision.decision === "retry" ? "compensation.retried" : "compensation.resolved";
    await insertAudit(tx, { actor: ctx.actor, action, subject: id, details: decision });
  });
  return getRun(ctx, id);
}
