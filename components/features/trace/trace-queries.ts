import { queryOptions } from "@tanstack/react-query";
import { getJson } from "#components/lib/api-client.ts";
import { apiPath } from "#components/lib/api-path.ts";
import {
  type TraceComparisonDto,
  type TraceDto,
  type TraceReference,
  traceComparisonSchema,
  traceSchema,
} from "#server/contract/sagas.ts";
import { traceStatesSchema } from "#server/contract/trace-states.ts";
import type { TraceComparison } from "#server/domain/sagas/compare-traces.ts";
import type { Saga } from "#server/domain/sagas/saga.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";
import { unpackTrace } from "#server/domain/sagas/unpack-trace.ts";

const SAGA_OPEN_REFRESH_MS = 5_000;
const SAGA_ENDED_REFRESH_MS = 15_000;
/** A trace with more events takes longer to read than it takes to change. */
const LARGE_TRACE_EVENTS = 2_000;
const LARGE_REFRESH_MS = 30_000;
const REST_MS_PER_STEP = 0.5;

/** A trace as it is drawn, with what the API says beside it. */
export type ReadTrace = Omit<TraceDto, "trace" | "saga"> & { trace: Trace; saga: Saga };

/** Two traces beside each other. */
export type ReadComparison = { left: ReadTrace; right: ReadTrace; comparison: TraceComparison };

/** Every read of traces, and the keys under which they are kept. */
export const traceQueries = {
  all: () => ["traces"] as const,

  /** One flow, as it was at a moment (microseconds since 1970), or as it is now where that is null. */
  one: (reference: TraceReference, atUs: number | null) =>
    queryOptions({
      queryKey: [...traceQueries.all(), "one", reference, atUs],
      queryFn: ({ signal }) =>
        getJson("/traces", traceSchema, { query: traceQuery(reference, atUs), signal }),
      select: readTraceAnswer,
      // What was is not other when it is asked for again.
      ...(atUs !== null && { staleTime: Number.POSITIVE_INFINITY }),
      refetchInterval: ({ state }) => (atUs === null ? refreshMs(state.data) : false),
    }),

  /** What the aggregates of a flow were at a moment, or are now, and what read models show of them. */
  states: (reference: TraceReference, atUs: number | null) =>
    queryOptions({
      queryKey: [...traceQueries.all(), "states", reference, atUs],
      queryFn: ({ signal }) =>
        getJson("/traces/states", traceStatesSchema, { query: traceQuery(reference, atUs), signal }),
      refetchInterval: atUs === null ? SAGA_OPEN_REFRESH_MS : false,
    }),

  /** Two flows step by step. */
  comparison: (left: TraceReference, right: TraceReference) =>
    queryOptions({
      queryKey: [...traceQueries.all(), "comparison", left, right],
      queryFn: ({ signal }) =>
        getJson("/traces/comparison", traceComparisonSchema, {
          query: {
            ...traceQuery(left, null),
            otherBy: right.by,
            otherValue: right.value,
            otherSubject: right.subject,
          },
          signal,
        }),
      select: readComparisonAnswer,
      refetchInterval: SAGA_ENDED_REFRESH_MS,
    }),
};

/** A command that reads a trace. */
export function traceCommand(origin: string, reference: TraceReference, atUs: number | null): string {
  const path = apiPath("/traces", traceQuery(reference, atUs));
  return `curl -sS '${origin}${path.replaceAll("'", "%27")}'`;
}

export function readTraceAnswer({ trace, saga, ...answer }: TraceDto): ReadTrace {
  // The server answers with a `Saga` as `readSaga` gives it; its state was checked with the answer.
  return { ...answer, trace: unpackOnce(trace), saga: saga as unknown as Saga };
}

const unpacked = new WeakMap<TraceDto["trace"], Trace>();

/** What is unchanged when it is asked for again, and what several parts of a page read, stays one trace. */
function unpackOnce(packed: TraceDto["trace"]): Trace {
  const known = unpacked.get(packed) ?? unpackTrace(packed);
  unpacked.set(packed, known);
  return known;
}

function readComparisonAnswer({ left, right, comparison }: TraceComparisonDto): ReadComparison {
  // The server answers with what `compareTraces` gives.
  const known = comparison as unknown as TraceComparison;
  return { left: readTraceAnswer(left), right: readTraceAnswer(right), comparison: known };
}

/** What `/api/v1/traces` is asked for a flow as it was at a moment, or as it is now where that is null. */
export function traceQuery({ by, value, subject }: TraceReference, atUs: number | null) {
  return { by, value, subject, at: atUs === null ? null : String(atUs) };
}

/** How long a trace rests before it is read again because something changed: reading a step takes part of a ms. */
export function restOfTraceMs(answer: TraceDto | undefined): number {
  return answer === undefined ? 0 : stepsOf(answer) * REST_MS_PER_STEP;
}

function stepsOf(answer: TraceDto): number {
  return (answer.saga as unknown as Saga).progress.of;
}

function refreshMs(answer: TraceDto | undefined): number | false {
  // What is cut off shows its first events, which change no more.
  if (answer === undefined || answer.isCapped) return false;
  const { state } = answer.saga;
  if (stepsOf(answer) > LARGE_TRACE_EVENTS) return LARGE_REFRESH_MS;
  const isEnded = state === "completed" || state === "compensated" || state === "failed";
  return isEnded ? SAGA_ENDED_REFRESH_MS : SAGA_OPEN_REFRESH_MS;
}
