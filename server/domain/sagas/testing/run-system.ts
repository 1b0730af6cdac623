import type { EventKind } from "../../event.ts";
import { actOnRun } from "../../processes/act-on-run.ts";
import { passTime, startProcess, takeReply } from "../../processes/advance.ts";
import type { ProcessDefinition } from "../../processes/definition.ts";
import type { Advance } from "../../processes/go-on.ts";
import type { SentCommand } from "../../processes/run.ts";
import type { RunActionRequest } from "../../processes/run-action.ts";
import { silenceBehind } from "../../processes/silence.ts";
import { isEnded, nextDeadline, type ProcessState } from "../../processes/state.ts";
import { randomFrom } from "../../topology/testing/simulate-flow.ts";
import { type DeclaredSaga, declareSaga, type SagaTransition } from "../declared-saga.ts";
import type { RecordedEvent } from "../trace.ts";
import { FlowRecorder } from "./flow-recorder.ts";

/** What a service emits upon each type that it takes. */
export type Behaviour = { readonly [type: string]: readonly string[] };

export type System = {
  start: { service: string; type: string };
  services: { readonly [name: string]: Behaviour };
  process?: ProcessDefinition;
};

/** What goes wrong at some services. */
export type Faults = {
  /** Attempts that fail before one succeeds. */
  flaky?: { readonly [service: string]: number };
  /** Every delivery dies. */
  dead?: readonly string[];
  /** They do their work, and nobody hears of it. */
  silent?: readonly string[];
  /** They don't take anything. */
  away?: readonly string[];
  /** What they say is handed over twice. */
  doubled?: readonly string[];
  /** Other answers than the usual ones. */
  says?: { readonly [service: string]: Behaviour };
  /** What a person does about the process, and after how long. */
  acts?: readonly { afterMs: number; request: RunActionRequest }[];
  /** How long the flow is watched. */
  untilMs?: number;
  seed?: number;
};

export type RunFlow = {
  recorder: FlowRecorder;
  declared?: DeclaredSaga;
  transitions: SagaTransition[];
  nowUs: number;
};

const ATTEMPTS = 3;
export const MEDIATOR = "mediator";

/** Runs one flow of a system, on a bus that delivers at least once, and records it. */
export function runSystem({ start, services, process }: System, faults: Faults = {}): RunFlow {
  const recorder = new FlowRecorder();
  const random = randomFrom(faults.seed ?? 1);
  const transitions: SagaTransition[] = [];
  const endUs = recorder.nowUs + (faults.untilMs ?? 60_000) * 1000;
  const failed = new Map<string, number>();
  const seen = new Set<string>();
  const queue: { dueUs: number; event: RecordedEvent; consumer: string }[] = [];
  let state: ProcessState | null = null;

  const emit = (
    service: string,
    type: string,
    cause: RecordedEvent | null,
    more: { kind?: EventKind; id?: string } = {},
  ) => {
    const event = recorder.emit(service, { type, cause, ...more });
    for (const [consumer, behaviour] of Object.entries(services)) {
      if (Object.hasOwn(behaviour, type)) owe(event, consumer);
    }
    const isReply = process !== undefined && service !== MEDIATOR;
    if (isReply) owe(event, MEDIATOR);
    return event;
  };
  const owe = (event: RecordedEvent, consumer: string) => {
    recorder.owe(event, consumer);
    queue.push({ dueUs: recorder.nowUs + 1_000 + Math.floor(random() * 4_000), event, consumer });
  };
  const context = () => ({
    id: "run-1",
    definition: process as ProcessDefinition,
    now: recorder.nowUs / 1000,
    random,
  });
  const follow = (advance: Advance, cause: RecordedEvent | null) => {
    state = advance.state;
    for (const { kind, step } of advance.transitions) {
      transitions.push({ sequence: transitions.length, kind, step, atUs: recorder.nowUs });
    }
    const answered = (command: SentCommand | null) => {
      const id = silenceBehind("run-1", advance, command);
      return cause ?? recorder.events.find((event) => event.id === id) ?? null;
    };
    for (const command of advance.commands) {
      emit(MEDIATOR, command.type, answered(command), { kind: "command", id: command.id });
    }
    const ending = isEnded(state.status) ? process?.endings[state.status as "completed"] : undefined;
    if (advance.transitions.length > 0 && ending !== undefined) emit(MEDIATOR, ending, answered(null));
  };
  const mediate = (event: RecordedEvent) => {
    if (process === undefined) return;
    if (event.type === process.startedBy.type)
      follow(startProcess(context(), { orderId: "order-1", amount: 10 }), event);
    else if (state !== null) {
      follow(
        takeReply(context(), state, { commandId: event.causationId, type: event.type, data: {} }),
        event,
      );
    }
  };
  const handle = (event: RecordedEvent, consumer: string) => {
    const behaviour = { ...services[consumer], ...faults.says?.[consumer] };
    const before = failed.get(consumer) ?? 0;
    const fails = faults.dead?.includes(consumer) || before < (faults.flaky?.[consumer] ?? 0);
    if (fails) {
      failed.set(consumer, before + 1);
      const tries = recorder.attempts.filter(
        (one) => one.position === event.position && one.consumer === consumer,
      );
      const isLast = tries.length + 1 >= ATTEMPTS;
      recorder.attempt(event, consumer, { outcome: "failed", status: isLast ? "dead" : "retrying" });
      if (!isLast) queue.push({ dueUs: recorder.nowUs + 100_000, event, consumer });
      return;
    }
    const key = `${event.id} ${consumer}`;
    const isSilent = seen.has(key) || faults.silent?.includes(consumer);
    seen.add(key);
    // What is emitted is recorded while the attempt runs.
    recorder.attempt(event, consumer, { ms: 0 });
    if (consumer === MEDIATOR) mediate(event);
    else if (!isSilent) for (const type of behaviour[event.type] ?? []) emit(consumer, type, event);
    recorder.wait(5 + Math.floor(random() * 10));
    const done = recorder.attempts.findLast(
      (one) => one.position === event.position && one.consumer === consumer,
    );
    const delivery = recorder.deliveries.find(
      (one) => one.position === event.position && one.consumer === consumer,
    );
    const durationUs = recorder.nowUs - (done?.startedUs ?? recorder.nowUs);
    if (done) done.durationUs = durationUs;
    if (delivery) delivery.durationUs = durationUs;
    if (faults.doubled?.includes(consumer)) recorder.attempt(event, consumer, { ms: 1 });
  };

  const acts = (faults.acts ?? []).map(({ afterMs, request }) => ({
    dueUs: recorder.nowUs + afterMs * 1000,
    request,
  }));
  recorder.wait(1);
  emit(start.service, start.type, null);
  for (;;) {
    const due = queue.filter(({ consumer }) => !faults.away?.includes(consumer));
    const next = due.toSorted((a, b) => a.dueUs - b.dueUs)[0];
    // Changed by what is called above, which the compiler doesn't see.
    const current = state as ProcessState | null;
    const deadline = current === null ? null : nextDeadline(current);
    const wakesUs = deadline === null || faults.away?.includes(MEDIATOR) ? null : deadline * 1000;
    const act = acts[0];
    const isActed = act !== undefined && act.dueUs <= Math.min(wakesUs ?? endUs, next?.dueUs ?? endUs);
    if (isActed && current !== null) {
      acts.shift();
      recorder.nowUs = Math.max(recorder.nowUs, act.dueUs);
      const outcome = actOnRun(context(), current, act.request);
      if (outcome.kind === "refused") throw new Error(`It was refused: ${outcome.refusal}.`);
      follow(outcome.advance, null);
      continue;
    }
    if (wakesUs !== null && wakesUs < (next?.dueUs ?? Number.POSITIVE_INFINITY)) {
      if (wakesUs > endUs || current === null) break;
      recorder.nowUs = Math.max(recorder.nowUs, Math.ceil(wakesUs));
      follow(passTime(context(), current), null);
      continue;
    }
    if (next === undefined || next.dueUs > endUs) break;
    queue.splice(queue.indexOf(next), 1);
    recorder.nowUs = Math.max(recorder.nowUs, next.dueUs);
    handle(next.event, next.consumer);
  }
  const declared = process === undefined ? {} : { declared: declareSaga(process) };
  return { recorder, transitions, nowUs: Math.max(recorder.nowUs, endUs), ...declared };
}
