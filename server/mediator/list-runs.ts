import {
  findProcess,
  listIncidents,
  listProcessesOfFlow,
  listProcessRows,
  listTransitions,
  type ProcessRow,
} from "#drizzle/queries/processes.ts";
import type {
  FlowRunsDto,
  ProcessRunDto,
  ProcessRunPageDto,
  ProcessTraceDto,
} from "#server/contract/processes.ts";
import { offerRunActions } from "#server/domain/processes/run-action.ts";
import type { ProcessStatus } from "#server/domain/processes/state.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { readState } from "./stored-state.ts";

/** Above every position. */
const END = "9007199254740991";
const MAX_TRANSITIONS = 1_000;

export type ListRunsInput = {
  status?: ProcessStatus | undefined;
  key?: string | undefined;
  before?: string | undefined;
  limit: number;
};

/** A page of the runs of one process, the youngest first. */
export async function listRuns(
  { sql }: Context,
  name: string,
  input: ListRunsInput,
): Promise<ProcessRunPageDto> {
  const { status = null, key = null, before = END, limit } = input;
  const rows = await listProcessRows(sql, { name, status, key, before, limit });
  return {
    runs: rows.map(toRunDto),
    nextBefore: rows.length === limit ? (rows.at(-1)?.start_position ?? null) : null,
  };
}

/** One run with its history, and what can be done about it. Throws `not-found`. */
export async function getRun(ctx: Pick<Context, "sql" | "processes">, id: string): Promise<ProcessTraceDto> {
  const row = await findProcess(ctx.sql, id);
  if (row === null) throw noRun(id);
  return readTrace(ctx, row);
}

/** The runs that the processes declared here have in a flow. */
export async function listRunsOfFlow(
  ctx: Pick<Context, "sql" | "processes">,
  correlationId: string,
): Promise<FlowRunsDto> {
  const names = ctx.processes.all.map(({ name }) => name);
  const rows = await listProcessesOfFlow(ctx.sql, { names, correlationId });
  return { runs: await Promise.all(rows.map((row) => readTrace(ctx, row))) };
}

async function readTrace(
  { sql, processes }: Pick<Context, "sql" | "processes">,
  row: ProcessRow,
): Promise<ProcessTraceDto> {
  const { id } = row;
  const [transitions, incidents] = await Promise.all([
    listTransitions(sql, id, MAX_TRANSITIONS),
    listIncidents(sql, id),
  ]);
  return {
    ...toRunDto(row),
    actions: offerRunActions(processes.find(row.name), readState(row)),
    transitions: transitions.map(({ kind, step, attempt, detail, at, cause_position, actor }) => ({
      kind,
      step,
      attempt,
      detail,
      at: iso(at),
      causePosition: cause_position,
      actor,
    })),
    incidents: incidents.map((one) => ({
      step: one.step,
      reason: one.reason,
      raisedAt: iso(one.raised_at),
      failures: one.failures,
      resolvedAt: one.resolved_at === null ? null : iso(one.resolved_at),
      resolvedBy: one.resolved_by,
    })),
  };
}

export function noRun(id: string): AppError {
  return new AppError("not-found", `There is no run ${id} of a process.`);
}

function toRunDto(row: ProcessRow): ProcessRunDto {
  const { status, failure, steps } = readState(row);
  return {
    id: row.id,
    process: row.name,
    key: row.business_key,
    correlationId: row.correlation_id,
    status,
    version: row.version,
    failure,
    // Stored without an order.
    steps: Object.entries(steps)
      .toSorted(([, a], [, b]) => a.startedAt - b.startedAt)
      .map(([name, step]) => ({
        name,
        status: step.status,
        attempt: step.attempt,
        startedAt: new Date(step.startedAt).toISOString(),
        endedAt: step.endedAt === null ? null : new Date(step.endedAt).toISOString(),
        deadline: step.deadline === null ? null : new Date(step.deadline).toISOString(),
        error: step.error,
      })),
    position: row.start_position,
    startedAt: iso(row.started_at),
    updatedAt: iso(row.updated_at),
    endedAt: row.ended_at === null ? null : iso(row.ended_at),
  };
}

function iso(moment: Date | string): string {
  return new Date(moment).toISOString();
}
