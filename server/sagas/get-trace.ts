import type { TraceDto } from "#server/contract/sagas.ts";
import { packTrace } from "#server/domain/sagas/pack-trace.ts";
import { summarizeSaga } from "#server/domain/sagas/summarize-saga.ts";
import type { Context } from "#server/platform/context.ts";
import { getAsOf } from "../events/as-of.ts";
import { type ReadFlow, readFlow, type TraceQuery } from "./read-flow.ts";
import { listTraceLetters, listTraceLettersAt } from "./trace-letters.ts";

/**
 * One flow, recognised as a saga or not, as it is now or as it was known at a moment. Throws `not-found`, and `invalid`
 * for a moment that is none.
 */
export async function getTrace(ctx: Context, query: TraceQuery): Promise<TraceDto> {
  return toTraceDto(ctx, await readFlow(ctx, query));
}

export async function toTraceDto(ctx: Context, flow: ReadFlow): Promise<TraceDto> {
  const { reference, trace, saga, isCapped, subjects, unassigned, run, declared, listed, atUs } = flow;
  const asOf = await getAsOf(ctx);
  const letters =
    atUs === null ? await listTraceLetters(ctx, trace) : await listTraceLettersAt(ctx, trace, atUs);
  const summary = summarizeSaga(trace, saga, declared);
  return {
    reference,
    sagaId: listed?.id ?? null,
    type: listed?.type ?? summary.type,
    name: listed?.name ?? summary.name,
    key: listed?.business_key ?? run?.business_key ?? summary.key,
    trace: packTrace(trace),
    saga,
    isCapped,
    subjects,
    unassigned,
    letters,
    run: run === null ? null : { process: run.name, id: run.id },
    asOf,
  };
}
