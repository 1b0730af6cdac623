import { findListedSaga, type ListedSagaRow, type RunOfFlowRow } from "#drizzle/queries/trace-reading.ts";
import type { TraceReference } from "#server/contract/sagas.ts";
import { instantMicros } from "#server/domain/instant.ts";
import type { DeclaredSaga } from "#server/domain/sagas/declared-saga.ts";
import { readSaga } from "#server/domain/sagas/read-saga.ts";
import { readTrace } from "#server/domain/sagas/read-trace.ts";
import { recordsAsOf } from "#server/domain/sagas/records-as-of.ts";
import type { Saga } from "#server/domain/sagas/saga.ts";
import { splitSagas } from "#server/domain/sagas/split-sagas.ts";
import { sagaTypeOf } from "#server/domain/sagas/summarize-saga.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";
import type { Recorded } from "#server/domain/sagas/trace-messages.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { loadServices } from "../topology/load-services.ts";
import { listFlowRuns, listKnownProcesses, readNorms, readTransitions } from "./flow-knowledge.ts";
import { findProcess, findRun } from "./flow-sagas.ts";
import { loadFlows } from "./load-flows.ts";
import { beginningOf, readMediations } from "./mediations.ts";
import { sagaId } from "./saga-id.ts";
import { type FlowLetters, listFlowLetters } from "./trace-letters.ts";

/** Events of a flow that a trace holds at most. */
export const MAX_TRACE_EVENTS = 10_000;

export type TraceCtx = Pick<Context, "sql" | "names" | "processes" | "clock">;

export type TraceQuery = Pick<TraceReference, "by" | "value"> & {
  subject?: string | undefined;
  /** Microseconds since 1970, or RFC 3339. */
  at?: string | undefined;
};

/** One saga, or flow that is none, as it was at a moment. */
export type ReadFlow = {
  reference: TraceReference;
  trace: Trace;
  saga: Saga;
  isCapped: boolean;
  /** What the other sagas of the correlation are about. */
  subjects: string[];
  unassigned: number;
  run: RunOfFlowRow | null;
  declared: DeclaredSaga | undefined;
  listed: ListedSagaRow | null;
  /** Of the whole flow, whatever moment is asked for. */
  letters: FlowLetters;
  /** Null where it is read as it is now. */
  atUs: number | null;
};

/** Reads a flow by what its events share. Throws `not-found`, and `invalid` for a moment that is none. */
export async function readFlow(ctx: TraceCtx, query: TraceQuery): Promise<ReadFlow> {
  const atUs = query.at === undefined ? null : readMomentUs(query.at);
  const [part, services] = await Promise.all([loadPart(ctx, query), loadServices(ctx.sql)]);
  const { loaded, share, reference, run, declared } = part;
  const recorded = recordedBy(share.recorded, atUs);
  const [first] = recorded.events;
  const [transitions, mediations, listed, letters] = await Promise.all([
    run === null || run.name !== declared?.name
      ? []
      : readTransitions(ctx, run, atUs ?? Number.POSITIVE_INFINITY),
    first === undefined
      ? []
      : readMediations(ctx, { type: first.type, flowUs: beginningOf(loaded), services }),
    findListedSaga(ctx.sql, sagaId(query, share.subject)),
    // After the deliveries: one that is read as dead has its letter.
    listFlowLetters(ctx, query, MAX_TRACE_EVENTS),
  ]);
  const trace = readTrace({ ...recorded, services, declared, transitions, mediations });
  const nowUs = atUs ?? ctx.clock.now().getTime() * 1000;
  const norms = await readNorms(ctx, listed?.type ?? sagaTypeOf(trace, declared).type);
  const saga = readSaga(trace, { nowUs, declared, transitions, norms });
  const isCapped = loaded.isCapped && (atUs === null || isBeyond(loaded, atUs));
  const unassigned = share.unassigned.filter((position) => atUs === null || Number(position) <= atUs).length;
  return {
    reference,
    trace,
    saga,
    isCapped,
    subjects: share.subjects,
    unassigned,
    run,
    declared,
    listed,
    letters,
    atUs,
  };
}

/** The records of the saga that is asked for, up to now. Throws `not-found`. */
export async function loadPart(ctx: TraceCtx, query: TraceQuery) {
  const { by, value } = query;
  const [loaded, runs] = await Promise.all([loadFlow(ctx, query), listFlowRuns(ctx, query)]);
  const known = listKnownProcesses(ctx);
  const started = runs.map(({ name, start_position }) => ({ name, startPosition: start_position }));
  const share = chooseShare(loaded, query, findProcess(loaded.events, known, started)?.saga.startedBy);
  const run = runOf(runs, share);
  const process = findProcess(share.recorded.events, known, started);
  const declared = process?.saga ?? known.find(({ saga }) => saga.name === run?.name)?.saga;
  return { loaded, share, reference: { by, value, subject: share.subject }, run, declared };
}

/** Reads a moment in microseconds since 1970, also of an RFC 3339 timestamp. Throws `invalid`. */
export function readMomentUs(text: string): number {
  const us = /^\d{1,16}$/.test(text) ? Number(text) : Number(instantMicros(text) ?? Number.NaN);
  if (Number.isSafeInteger(us) && us >= 0) return us;
  throw new AppError(
    "invalid",
    `\`at\` is no moment: ${JSON.stringify(text)}. Give microseconds since 1970, or a timestamp such as 2026-01-31T09:30:00Z.`,
  );
}

async function loadFlow(ctx: TraceCtx, { by, value }: TraceQuery) {
  const [loaded] = await loadFlows(ctx.sql, ctx, [{ by, value }], MAX_TRACE_EVENTS);
  if (loaded !== undefined && loaded.events.length > 0) return loaded;
  throw new AppError(
    "not-found",
    `No event was recorded of a flow with the ${NAMES[by]} ${JSON.stringify(value)}. Look for the one that you mean ` +
      "at /api/v1/sagas?q=, or among the events.",
  );
}

const NAMES = {
  "correlation-id": "correlation id",
  trace: "trace id",
  payload: "payload value",
} as const;

/** What was known at a moment. Throws `not-found` for one before the first event. */
export function recordedBy(loaded: Recorded, atUs: number | null): Recorded {
  if (atUs === null) return loaded;
  const recorded = recordsAsOf(loaded, atUs);
  if (recorded.events.length > 0) return recorded;
  const first = loaded.events.reduce(
    (least, { position }) => Math.min(least, Number(position)),
    Number.POSITIVE_INFINITY,
  );
  throw new AppError(
    "not-found",
    `Nothing of this flow was recorded by then. Its first event is of ${first} (microseconds since 1970).`,
  );
}

function isBeyond({ events }: Recorded, atUs: number): boolean {
  return Number(events.at(-1)?.position ?? 0) <= atUs;
}

type Share = { subject: string | null; recorded: Recorded; subjects: string[]; unassigned: string[] };

/** The records of the saga that is asked for; without a subject, those of the first. Throws `not-found`. */
function chooseShare(recorded: Recorded, { subject }: TraceQuery, startedBy: string | undefined): Share {
  const { sagas, unassigned } = splitSagas(recorded.events, startedBy);
  const chosen = subject === undefined ? sagas[0] : sagas.find((one) => one.subject === subject);
  if (chosen === undefined) throw noSubject(subject, sagas);
  const others = sagas.flatMap((one) => (one === chosen || one.subject === null ? [] : [one.subject]));
  const about = { subject: chosen.subject, subjects: others, unassigned };
  if (sagas.length === 1) return { ...about, recorded };
  const own = new Set(chosen.positions);
  const isOwn = ({ position }: { position: string }) => own.has(position);
  return {
    ...about,
    recorded: {
      events: recorded.events.filter(isOwn),
      deliveries: recorded.deliveries.filter(isOwn),
      attempts: recorded.attempts.filter(isOwn),
    },
  };
}

function noSubject(subject: string | undefined, sagas: readonly { subject: string | null }[]): AppError {
  const known = sagas.flatMap((one) => (one.subject === null ? [] : [JSON.stringify(one.subject)]));
  const advice =
    known.length === 0
      ? "It holds one saga: leave `subject` out."
      : `It holds ${known.length}, the first of them about ${known.slice(0, 5).join(", ")}.`;
  return new AppError("not-found", `This flow holds no saga about ${JSON.stringify(subject)}. ${advice}`);
}

/** The run that began with an event of the saga; of a flow that is one saga, the first. */
function runOf(runs: readonly RunOfFlowRow[], { subject, recorded: { events } }: Share): RunOfFlowRow | null {
  const own = findRun(events, runs, ({ start_position }) => start_position);
  return own ?? (subject === null ? (runs[0] ?? null) : null);
}
