import { flowTypeId } from "../topology/flow-key.ts";
import type { DeclaredSaga } from "./declared-saga.ts";
import type { Saga, SagaState } from "./saga.ts";
import { earliest } from "./step-context.ts";
import type { Trace, TraceBasis } from "./trace.ts";

/** What a list shows of a saga. Times in microseconds since 1970. */
export type SagaSummary = {
  /** The name of its declaration, or else the id of its flow type: the same for all sagas of one type. */
  type: string;
  /** What people call it: that name, or the type of the event that it began with. */
  name: string;
  /** What people know this one by: what the first event with a subject is about. */
  key: string | null;
  basis: TraceBasis;
  state: SagaState;
  sinceUs: number;
  startedUs: number;
  /** Null while it goes on. */
  endedUs: number | null;
  /** The step that it has waited for longest, by its key; null once it has ended. */
  step: string | null;
  /** When it will be stuck if nothing happens, so that somebody looks again; null where nobody knows, and once it is. */
  nextLookUs: number | null;
  progress: Saga["progress"];
  /** The last of its events, by recording. */
  lastPosition: string | null;
};

const ENDED: ReadonlySet<SagaState> = new Set(["completed", "compensated", "failed"]);

/** The type of the saga of a trace, the same for all that begin alike, and what people call it. */
export function sagaTypeOf(
  { events: [first] }: Trace,
  declared?: DeclaredSaga,
): { type: string; name: string } {
  const type = first === undefined ? "" : flowTypeId({ type: first.type, startedBy: first.service });
  return { type: declared?.name ?? type, name: declared?.name ?? first?.type ?? "" };
}

/** Everything about a saga that is searched, sorted and counted by. */
export function summarizeSaga(trace: Trace, saga: Saga, declared?: DeclaredSaga): SagaSummary {
  const { events, basis, startUs } = trace;
  const { state, sinceUs, awaited, progress } = saga;
  const isOpen = !ENDED.has(state);
  const dues = state === "stuck" ? [] : awaited.flatMap(({ dueUs }) => dueUs ?? []);
  const last = events.reduce((most, { atUs }) => Math.max(most, atUs), -1);
  return {
    ...sagaTypeOf(trace, declared),
    key: events.find(({ subject }) => subject !== null)?.subject ?? null,
    basis,
    state,
    sinceUs,
    startedUs: startUs,
    endedUs: isOpen ? null : sinceUs,
    step: isOpen ? (awaited[0]?.key ?? null) : null,
    nextLookUs: earliest(dues),
    progress,
    lastPosition: last === -1 ? null : String(last),
  };
}
