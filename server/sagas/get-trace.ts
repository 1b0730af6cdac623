import type { AsOfDto } from "#server/contract/events.ts";
import type { TraceDto } from "#server/contract/sagas.ts";
import { packTrace } from "#server/domain/sagas/pack-trace.ts";
import { summarizeSaga } from "#server/domain/sagas/summarize-saga.ts";
import type { Context } from "#server/platform/context.ts";
import { getAsOf } from "../events/as-of.ts";
import { type ReadFlow, readFlow, type TraceQuery } from "./read-flow.ts";
import { toLetters, toLettersAt } from "./trace-letters.ts";

/**
 * One flow, recognised as a saga or not, as it is now or as it was known at a moment. Throws `not-found`, and `invalid`
 * for a moment that is none.
 */
export async function getTrace(ctx: Context, query: TraceQuery): Promise<TraceDto> {
  const asOf = await getAsOf(ctx);
  return toTraceDto(await readFlow(ctx, query), asOf);
}

export function toTraceDto(flow: ReadFlow, asOf: AsOfDto): TraceDto {
  const { reference, trace, saga, isCapped, subjects, unassigned, run, declared, listed, letters, atUs } =
    flow;
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
    letters: atUs === null ? toLetters(letters, trace) : toLettersAt(letters, trace, atUs),
    run: run === null ? null : { process: run.name, id: run.id },
    asOf,
  };
}
