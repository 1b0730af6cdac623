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
import { judgeWindow } from "#server/domain/topology/judge-window.ts";
import type { Services } from "#server/domain/topology/services.ts";
import type { Mediation } from "#server/domain/topology/verdict.ts";
import type { Context } from "#server/platform/context.ts";
import { mediationsOf, readFlows, toSummaries } from "../topology/read-flows.ts";
import type { KnownProcess } from "./flow-sagas.ts";
import { NORM_HOURS } from "./norm-cache.ts";

const HOUR_US = 3_600_000_000;
/** Flows that began so long before or after one say how its mediators go about it. */
const AROUND_HOURS = 12;
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

/** How mediators go about flows that begin with this type, as was found out from those around a moment. */
export async function readMediations(
  ctx: Pick<Context, "sql" | "names">,
  { startedWith, atUs, services }: { startedWith: string; atUs: number; services: Services },
): Promise<Mediation[]> {
  const hour = (hours: number) =>
    new Date((Math.floor(atUs / HOUR_US) + hours) * (HOUR_US / 1000)).toISOString();
  const window = { from: hour(-AROUND_HOURS), to: hour(AROUND_HOURS + 1) };
  const flows = await readFlows(ctx, window, { services, withTraffic: false, startedWith });
  return mediationsOf(judgeWindow(toSummaries(flows)).flowTypes);
}

/** How the steps went in the sagas of a type that have ended. */
export async function readNorms({ sql }: Pick<Context, "sql">, type: string): Promise<SagaNorms> {
  const rows = await listStepsOfType(sql, type, NORM_HOURS);
  // The recogniser wrote them from process maps.
  const maps = rows.map(({ steps }) => ({ ...EMPTY_MAP, steps: steps as ProcessMap["steps"] }));
  return maps.reduce(mergeMaps, EMPTY_MAP).steps;
}
