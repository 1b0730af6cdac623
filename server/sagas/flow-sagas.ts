import type { Correlation } from "#server/domain/sagas/correlate.ts";
import type { DeclaredSaga, SagaTransition } from "#server/domain/sagas/declared-saga.ts";
import { readTrace } from "#server/domain/sagas/read-trace.ts";
import { splitSagas } from "#server/domain/sagas/split-sagas.ts";
import { sagaTypeOf } from "#server/domain/sagas/summarize-saga.ts";
import type { RecordedEvent, Trace } from "#server/domain/sagas/trace.ts";
import type { Services } from "#server/domain/topology/services.ts";
import type { LoadedFlow } from "./load-flows.ts";
import { beginningOf, type MediationsOf } from "./mediations.ts";

/** A run of a declared process, with the history that its mediator wrote. */
export type FlowRun = {
  name: string;
  startPosition: string;
  /** What people know it by, as its declaration says. */
  key: string | null;
  transitions: readonly SagaTransition[];
};

/** A process that is declared, and whose events begin one of its runs. */
export type KnownProcess = { saga: DeclaredSaga; hears: string };

export type FlowKnowledge = {
  services: Services;
  mediationsOf: MediationsOf;
  processes: readonly KnownProcess[];
};

/** One saga of a flow: its part of the events, read as a trace. */
export type FlowSaga = {
  flow: Correlation;
  /** What it is about, where several sagas share the flow. */
  subject: string | null;
  trace: Trace;
  declared: DeclaredSaga | undefined;
  transitions: readonly SagaTransition[];
  /** What people know it by, where a declaration says so. */
  key: string | null;
  type: string;
  name: string;
  start: { type: string; source: string };
};

/**
 * Tells the sagas of a flow apart, and reads each. A run of a declared process is found by the event that began it; an
 * event that begins one and was not taken yet is one all the same.
 */
export function readFlowSagas(
  flow: Correlation,
  recorded: LoadedFlow,
  { services, mediationsOf, processes }: FlowKnowledge,
  runs: readonly FlowRun[],
): FlowSaga[] {
  const declaredBy = findProcess(recorded.events, processes, runs);
  const { sagas } = splitSagas(recorded.events, declaredBy?.saga.startedBy);
  return sagas.flatMap(({ subject, positions }): FlowSaga[] => {
    const own = sagas.length === 1 ? recorded : only(recorded, positions);
    const process = sagas.length === 1 ? declaredBy : findProcess(own.events, processes, runs);
    const declared = process?.saga;
    const run = runs.find(
      ({ name, startPosition }) => name === declared?.name && positions.includes(startPosition),
    );
    const transitions = run?.transitions ?? [];
    const type = own.events[0]?.type ?? "";
    const mediations = mediationsOf({ type, flowUs: beginningOf(recorded) });
    const trace = readTrace({ ...own, services, declared, transitions, mediations });
    const [first] = trace.events;
    if (first === undefined) return [];
    const start = { type: first.type, source: first.source };
    const key = run?.key ?? null;
    return [{ flow, subject, trace, declared, transitions, key, ...sagaTypeOf(trace, declared), start }];
  });
}

/** The declared process that some events are of: that of a run that began with one, or else one that would. */
export function findProcess(
  events: readonly RecordedEvent[],
  processes: readonly KnownProcess[],
  runs: readonly Pick<FlowRun, "name" | "startPosition">[],
): KnownProcess | undefined {
  const run = findRun(events, runs, ({ startPosition }) => startPosition);
  if (run !== undefined) return processes.find(({ saga }) => saga.name === run.name);
  return processes.find(({ saga, hears }) =>
    events.some(({ type, source }) => type === saga.startedBy && source.startsWith(hears)),
  );
}

/** The first run that began with one of some events. */
export function findRun<Run>(
  events: readonly RecordedEvent[],
  runs: readonly Run[],
  startOf: (run: Run) => string,
): Run | undefined {
  if (runs.length === 0) return undefined;
  const positions = new Set(events.map(({ position }) => position));
  return runs.find((run) => positions.has(startOf(run)));
}

function only(recorded: LoadedFlow, positions: readonly string[]): LoadedFlow {
  const own = new Set(positions);
  const isOwn = ({ position }: { position: string }) => own.has(position);
  return {
    events: recorded.events.filter(isOwn),
    deliveries: recorded.deliveries.filter(isOwn),
    attempts: recorded.attempts.filter(isOwn),
    isCapped: recorded.isCapped,
  };
}
