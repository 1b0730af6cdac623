import type { SqlTx } from "#drizzle/db.ts";
import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { isTransitionRequested, lockProcessById } from "#drizzle/queries/processes.ts";
import type { ParsedRunAction, RunActionAnswerDto } from "#server/contract/processes.ts";
import { type ActionOutcome, actOnRun as act } from "#server/domain/processes/act-on-run.ts";
import type { RunActionName, RunActionRequest } from "#server/domain/processes/run-action.ts";
import type { Context } from "#server/platform/context.ts";
import { listCommandLetters } from "./command-letters.ts";
import { getRun, noRun } from "./list-runs.ts";
import { saveAdvance } from "./save-advance.ts";
import { readState } from "./stored-state.ts";

export type RunActionOutcome =
  | { kind: "answered"; answer: RunActionAnswerDto }
  | { kind: "moved-on"; actualVersion: number }
  | Refused;

type ActingContext = Pick<Context, "sql" | "processes" | "clock" | "actor">;
type Asked = { name: string; id: string; input: ParsedRunAction };
type Refused = Extract<ActionOutcome, { kind: "refused" }>;
type Moved =
  | Extract<RunActionAnswerDto, { kind: "preview" }>
  | Omit<Extract<RunActionAnswerDto, { kind: "done" }>, "run">
  | { kind: "repeated" }
  | Exclude<RunActionOutcome, { kind: "answered" }>;

/** What the audit trail calls each action. */
const AUDITED: Record<RunActionName, string> = {
  retry: "process-step.retried",
  skip: "process-step.skipped",
  compensate: "process-run.called-off",
  cancel: "process-run.cancelled",
};

/**
 * Does to a run what a person asks for, or says what it would do. The run is held as a mediator holds it, so that a
 * reply that comes in at the same moment is taken before or after, and the version tells which. State, history, commands
 * and the audit entry are one transaction. The same asked for twice, by the same person about the same version, is done
 * once. Throws `not-found`.
 */
export async function actOnRun(ctx: ActingContext, asked: Asked): Promise<RunActionOutcome> {
  const outcome = await ctx.sql.begin((tx) => moveRun(ctx, tx, asked));
  if (outcome.kind === "refused" || outcome.kind === "moved-on") return outcome;
  if (outcome.kind === "preview") return { kind: "answered", answer: outcome };
  return { kind: "answered", answer: { ...outcome, run: await getRun(ctx, asked.id) } };
}

async function moveRun(ctx: ActingContext, tx: SqlTx, { name, id, input }: Asked): Promise<Moved> {
  const now = ctx.clock.now();
  const { expectedVersion, dryRun } = input;
  const request = readRequest(input);
  const row = await lockProcessById(tx, id);
  if (row === null || row.name !== name) throw noRun(id);
  const { version } = row;
  if (expectedVersion !== undefined && expectedVersion !== version) {
    const before = { processId: id, version: expectedVersion, actor: ctx.actor, request };
    const isRepeat = !dryRun && (await isTransitionRequested(tx, before));
    return isRepeat ? { kind: "repeated" } : { kind: "moved-on", actualVersion: version };
  }
  const definition = ctx.processes.find(name);
  if (definition === null) return { kind: "refused", refusal: "undeclared", steps: [], detail: null };
  const context = { id, definition, now: now.getTime(), random: Math.random };
  const acted = act(context, readState(row), request);
  if (acted.kind === "refused") return acted;
  const { advance, preview, about } = acted;
  if (dryRun) {
    const letters = about === null ? [] : await listCommandLetters(tx, row, readState(row), about);
    return { kind: "preview", version, preview, letters };
  }
  const saved = { definition, id, version, correlationId: row.correlation_id, now, cause: null };
  await saveAdvance(tx, { ...saved, by: ctx.actor, request }, advance);
  await insertAudit(tx, {
    actor: ctx.actor,
    action: AUDITED[request.action],
    subject: id,
    details: {
      ...request,
      process: name,
      key: row.business_key,
      version,
      step: about?.step ?? null,
      sent: preview.commands.map((command) => command.id),
      status: preview.to,
      staysDone: preview.staysDone.map(({ step }) => step),
    },
  });
  return { kind: "done", preview };
}

function readRequest(input: ParsedRunAction): RunActionRequest {
  const reason = input.reason ?? null;
  if (input.action === "retry") {
    return { action: "retry", step: input.step ?? null, isKeyNew: input.newKey, reason };
  }
  if (input.action === "skip") {
    return { action: "skip", step: input.step ?? null, reply: input.reply ?? null, reason };
  }
  return { action: input.action, reason };
}
