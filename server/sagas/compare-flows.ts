import { listPayloadTexts } from "#drizzle/queries/trace-reading.ts";
import type { TraceComparisonDto } from "#server/contract/sagas.ts";
import { compareTraces, type Payloads } from "#server/domain/sagas/compare-traces.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";
import type { Context } from "#server/platform/context.ts";
import { getAsOf } from "../events/as-of.ts";
import { toTraceDto } from "./get-trace.ts";
import { readFlow, type TraceQuery } from "./read-flow.ts";

/** Payloads that are read of each side: those of the first steps. */
const MAX_PAYLOADS = 2_000;

/** Two flows step by step, with the payloads of what began and answered each. Throws like `getTrace`. */
export async function compareFlows(
  ctx: Context,
  one: TraceQuery,
  other: TraceQuery,
): Promise<TraceComparisonDto> {
  const asOf = await getAsOf(ctx);
  const [left, right] = await Promise.all([readFlow(ctx, one), readFlow(ctx, other)]);
  const [ours, theirs] = await Promise.all([
    readPayloads(ctx, left.trace, right.trace),
    readPayloads(ctx, right.trace, left.trace),
  ]);
  const comparison = compareTraces(left.trace, right.trace, { left: ours, right: theirs });
  return { left: toTraceDto(left, asOf), right: toTraceDto(right, asOf), comparison };
}

/** The payloads of a trace that the other one may have something like: of steps that both have. */
async function readPayloads({ sql }: Pick<Context, "sql">, trace: Trace, other: Trace): Promise<Payloads> {
  const keys = new Set(other.steps.map(({ key }) => key));
  const positions = trace.steps
    .filter(({ key }) => keys.has(key))
    .flatMap(({ asked, answers }) => [asked[0], answers[0]])
    .flatMap((event) => (event === undefined ? [] : (trace.events[event]?.position ?? [])));
  const rows = await listPayloadTexts(sql, [...new Set(positions)].slice(0, MAX_PAYLOADS));
  return new Map(rows.map(({ position, text }) => [position, text]));
}
