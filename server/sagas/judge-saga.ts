import type { SagaWrite } from "#drizzle/queries/saga-writing.ts";
import type { DeliveryStatus } from "#server/domain/delivery.ts";
import { CORRELATIONS } from "#server/domain/sagas/correlate.ts";
import { findFailures } from "#server/domain/sagas/find-failures.ts";
import { mapTrace, type ProcessMap, tookWay } from "#server/domain/sagas/process-map.ts";
import { readSaga } from "#server/domain/sagas/read-saga.ts";
import type { Saga } from "#server/domain/sagas/saga.ts";
import type { SagaNorms } from "#server/domain/sagas/saga-norms.ts";
import { summarizeSaga } from "#server/domain/sagas/summarize-saga.ts";
import { TRACE_BASES, type Trace, type TraceStep } from "#server/domain/sagas/trace.ts";
import type { FlowSaga } from "./flow-sagas.ts";
import { sagaId } from "./saga-id.ts";
import { STATES_BY_HARM } from "./saga-numbers.ts";

/** Where a saga stands, as it is written but for its type and what it adds to the map. */
export type JudgedSaga = {
  row: Omit<SagaWrite, "typeId" | "counted" | "countedHourUs">;
  /** What it adds to the map of its type; null while it goes on, and where nobody took it on. */
  map: ProcessMap | null;
};

export type JudgeOptions = {
  nowUs: number;
  norms: SagaNorms;
  /** Some consumers report what they do by themselves, and may do so after everything else has ended. */
  hasReporters: boolean;
};

const SECOND_US = 1_000_000;
const LONGEST_LOOK_US = 600 * SECOND_US;
/** Whether a dead letter still holds a saga up is looked after by itself: this is for whatever else happens to it. */
const HELD_LOOK_US = 3_600 * SECOND_US;
const REPORTS_LATE_US = 30 * SECOND_US;
/** So long after the end of a saga it is looked at until others have heard of everything. */
const ENDED_LOOK_US = 86_400 * SECOND_US;
const OPEN: ReadonlySet<DeliveryStatus> = new Set(["pending", "processing", "retrying"]);

export function judgeSaga(
  { flow, subject, trace, declared, transitions, key: declaredKey }: FlowSaga,
  options: JudgeOptions,
): JudgedSaga {
  const { nowUs, norms } = options;
  const saga = readSaga(trace, { nowUs, declared, transitions, norms });
  const summary = summarizeSaga(trace, saga, declared);
  const held = findHeld(trace, saga, summary.endedUs === null ? "dead" : "discarded");
  const failedStep =
    saga.failure === null || saga.failure.step === null ? null : trace.steps[saga.failure.step];
  const key = declaredKey ?? summary.key;
  const positions = trace.events.map(({ position }) => Number(position));
  const row: JudgedSaga["row"] = {
    id: sagaId(flow, subject),
    kind: CORRELATIONS.indexOf(flow.by),
    correlation: flow.value,
    subject,
    businessKey: key,
    keyTail: tailOf(key),
    basis: TRACE_BASES.indexOf(summary.basis),
    state: STATES_BY_HARM.indexOf(summary.state),
    sinceUs: summary.sinceUs,
    startedUs: summary.startedUs,
    endedUs: summary.endedUs,
    step: summary.step,
    awaits: summary.endedUs === null ? (saga.awaited[0]?.what ?? null) : null,
    failedStep: failedStep?.key ?? null,
    failure: saga.failure?.reason ?? null,
    completed: summary.progress.completed,
    steps: summary.progress.of,
    failed: summary.progress.failed,
    compensated: summary.progress.compensated,
    toCompensate: summary.progress.toCompensate,
    events: trace.events.length,
    services: trace.services.length,
    firstPosition: String(Math.min(...positions)),
    lastPosition: String(Math.max(...positions)),
    heldPosition: held,
    lookUs: nextLook(trace, summary, { ...options, isHeld: held !== null }),
    lookedUs: nowUs,
  };
  const isMapped = summary.endedUs !== null && tookWay(trace, saga);
  return { row, map: isMapped ? mapTrace(trace, saga) : null };
}

/** The event whose dead letter is waited for, or was given up: that of the step that has waited longest, or any. */
function findHeld(
  { messages, events, steps }: Trace,
  { awaited }: Saga,
  wanted: "dead" | "discarded",
): string | null {
  const own = awaited.flatMap(({ step }) => (step === null ? [] : (steps[step]?.messages ?? [])));
  const dead = [...own, ...messages.keys()].find((index) => messages[index]?.status === wanted);
  const event = dead === undefined ? undefined : messages[dead]?.event;
  return event === undefined ? null : (events[event]?.position ?? null);
}

/** `123` of `order-123`: what people know by heart. */
function tailOf(key: string | null): string | null {
  const tail = key === null ? undefined : /[\p{L}\p{N}]+$/u.exec(key)?.[0];
  return tail === undefined || tail === key ? null : tail;
}

/**
 * When to look again although nothing is recorded: when it will be stuck, and in between, because much is settled
 * without an event, ever less often.
 */
function nextLook(
  { endUs, messages }: Trace,
  { state, endedUs, nextLookUs }: ReturnType<typeof summarizeSaga>,
  { nowUs, hasReporters, isHeld }: JudgeOptions & { isHeld: boolean },
): number | null {
  const quietUs = Math.max(0, nowUs - endUs);
  const pauseUs = Math.min(LONGEST_LOOK_US, Math.max(SECOND_US, quietUs / 2));
  if (endedUs !== null) {
    if (hasReporters && quietUs < REPORTS_LATE_US) return endUs + REPORTS_LATE_US;
    // Who runs it may have said how it ended before others had heard of everything.
    const isOpen = messages.some(({ status }) => status !== null && OPEN.has(status));
    return isOpen && quietUs < ENDED_LOOK_US ? nowUs + pauseUs : null;
  }
  if (state === "stuck") return nowUs + (isHeld ? HELD_LOOK_US : pauseUs);
  return Math.min(nowUs + pauseUs, Math.max(nextLookUs ?? Infinity, nowUs + SECOND_US));
}

const LEAST_STEPS = 2;
const LEAST_SERVICES = 2;

/**
 * Whether all flows of the type are sagas: somebody runs them, or services hand them on to each other. What one service
 * alone emits is none, however many others listen.
 */
export function isProcess({ basis, steps, events }: Trace): boolean {
  if (basis !== "choreographed") return true;
  const taken = steps.filter(({ state }) => state !== "planned");
  const emitting = new Set(events.map(({ service }) => service));
  const working = new Set(taken.map(({ service }) => service));
  return taken.length >= LEAST_STEPS && Math.min(emitting.size, working.size) >= LEAST_SERVICES;
}

const NO_STEPS: ReadonlySet<number> = new Set();
const FAILED: ReadonlySet<TraceStep["state"]> = new Set(["dead", "discarded", "failed"]);

/** Whether something went wrong in the flow that somebody has to know about, or was put right by a replay. */
export function hadFailure(trace: Trace): boolean {
  const { steps, messages, events } = trace;
  // Where nobody names a cause there are no steps. What one service alone calls a failure may be a reading of it.
  const isTold = new Set(events.map(({ service }) => service)).size >= LEAST_SERVICES;
  return (
    steps.some(({ state }) => FAILED.has(state)) ||
    messages.some(
      ({ status, generation }) => status === "dead" || status === "discarded" || generation > 0,
    ) ||
    (isTold && findFailures(trace, NO_STEPS).length > 0)
  );
}
