import {
  listRunsOfFlow,
  listRunTransitions,
  listStepsOfType,
  type RunOfFlowRow,
} from "#drizzle/queries/trace-reading.ts";
import type { TraceReference } from "#server/contract/sagas.ts";
import type { TransitionKind } from "#server/domain/processes/run.ts";
import { declareSaga, type SagaTransition } from "#server/domain/sagas/declared-saga.ts";
import { EMPTY_MAP, mergeMaps, type ProcessMap } from "#server/domain/sagas/process-map.ts";
import type { SagaNorms } from "#server/domain/sagas/saga-norms.ts";
import type { Context } from "#server/platform/context.ts";
import type { KnownProcess } from "./flow-sagas.ts";
import { NORM_HOURS } from "./norm-cache.ts";

const MAX_TRANSITIONS = 10_000;

/** The runs of declared processes in a flow, the oldest first. */
export async function listFlowRuns(
  { sql }: Pick<Context, "sql">,
  { by, value }: Pick<TraceReference, "by" | "value">,
): Promise<RunOfFlowRow[]> {
  return by === "correlation-id" ? listRunsOfFlow(sql, value) : [];
}

/** The processes that this program has declared. */
export function listKnownProcesses({ processes }: Pick<Context, "processes">): KnownProcess[] {
  return processes.all.map((definition) => ({
    saga: declareSaga(definition),
    hears: definition.mediator?.hears ?? "",
  }));
}

/** What the mediator of a run wrote into its history, up to a moment. */
export async function readTransitions(
  { sql }: Pick<Context, "sql">,
  run: RunOfFlowRow,
  untilUs: number,
): Promise<SagaTransition[]> {
  const rows = await listRunTransitions(sql, run.id, MAX_TRANSITIONS);
  return rows.flatMap(({ sequence, kind, step, at_us }): SagaTransition[] => {
    const atUs = Number(at_us);
    // The mediator wrote it from one.
    return atUs > untilUs ? [] : [{ sequence, kind: kind as TransitionKind, step, atUs }];
  });
}

/** How the steps went in the sagas of a type that have ended. */
export async function readNorms({ sql }: Pick<Context, "sql">, type: string): Promise<SagaNorms> {
  const rows = await listStepsOfType(sql, type, NORM_HOURS);
  // The recogniser wrote them from process maps.
  const maps = rows.map(({ steps }) => ({ ...EMPTY_MAP, steps: steps as ProcessMap["steps"] }));
  return maps.reduce(mergeMaps, EMPTY_MAP).steps;
}
