import {
  findProcess,
  listIncidents,
  listProcessRows,
  listTransitions,
  type ProcessRow,
} from "#drizzle/queries/processes.ts";
import type { ProcessRunDto, ProcessRunPageDto, ProcessTraceDto } from "#server/contract/processes.ts";
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

/** One run with its history. Throws `not-found`. */
export async function getRun({ sql }: Pick<Context, "sql">, id: string): Promise<ProcessTraceDto> {
  const row = await findProcess(sql, id);
  if (row === null) throw noRun(id);
  const [transitions, incidents] = await Promise.all([
    listTransitions(sql, id, MAX_TRANSITIONS),
    listIncidents(sql, id),
  ]);
  return {
    ...toRunDto(row),
    transitions: transitions.map(({ kind, step, attempt, detail, at, cause_position }) => ({
      kind,
      step,
      attempt,
      detail,
      at: iso(at),
      causePosition: cause_position,
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
    failure,
    steps: Object.entries(steps).map(([name, step]) => ({
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
