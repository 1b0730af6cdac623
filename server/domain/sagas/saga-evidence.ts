import type { Counts } from "../topology/flow-summary.ts";
import type { DeclaredSaga } from "./declared-saga.ts";
import type { SagaFindings } from "./read-saga.ts";
import type { Awaited, SagaEvidence, SagaFailure, SagaState } from "./saga.ts";
import { countOf, GOES_ON_SHARE, LEAST_FLOWS, type SagaNorms, usualLimit } from "./saga-norms.ts";
import { earliest, pick } from "./step-context.ts";
import type { Trace } from "./trace.ts";

/** Steps and events that one piece of evidence names; its numbers count all of them. */
const MOST_NAMED = 12;

type Findings = SagaFindings & {
  state: SagaState;
  declared: DeclaredSaga | undefined;
  norms: SagaNorms;
  nowUs: number;
};

/** All that the judgement of a saga rests on, as codes and numbers: what it is, what became of it, and what is not known. */
export function gatherEvidence(trace: Trace, findings: Findings): SagaEvidence[] {
  return [
    ...kindOfSaga(trace, findings),
    ...ending(trace, findings),
    ...findings.failures.slice(0, MOST_NAMED).map((one) => failure(trace, one)),
    ...compensation(trace),
    ...waiting(trace, findings),
    ...replays(trace),
    ...gaps(trace),
  ].map((one) => ({
    ...one,
    steps: [...new Set(one.steps)].slice(0, MOST_NAMED),
    positions: [...new Set(one.positions)].slice(0, MOST_NAMED),
  }));
}

function kindOfSaga({ basis, steps, mediators }: Trace, { declared }: Findings): SagaEvidence[] {
  const services = new Set(steps.flatMap(({ service }) => service ?? [])).size;
  const told = steps.filter(({ isTold }) => isTold);
  if (basis === "declared") {
    const known = told.filter(({ state, undoes }) => state !== "planned" && undoes === null).length;
    const numbers = { steps: declared?.steps.length ?? told.length, known };
    return [{ kind: "declared-process", steps: [], positions: [], numbers }];
  }
  if (basis === "mediated") {
    const answered = told.filter(({ answers }) => answers.length > 0).length;
    const numbers = { commands: told.length, answered, services, mediators: mediators.length };
    return [{ kind: "mediator-asks", steps: told.map(({ key }) => key), positions: [], numbers }];
  }
  const numbers = { steps: steps.length, services };
  return [{ kind: "services-react", steps: steps.map(({ key }) => key), positions: [], numbers }];
}

function ending({ events }: Trace, { lastWord }: Findings): SagaEvidence[] {
  if (lastWord === null) return [];
  const { event, atUs, isCancelled } = lastWord;
  const positions = event === null ? [] : pick(events, [event]).map(({ position }) => position);
  const told = event === null ? "ending-in-history" : "ending-event";
  return [{ kind: isCancelled ? "cancelled" : told, steps: [], positions, numbers: { atUs } }];
}

function failure(
  { events, steps, messages }: Trace,
  { step: index, reason, event }: SagaFailure,
): SagaEvidence {
  const step = pick(steps, index === null ? [] : [index]);
  const own = pick(
    messages,
    step.flatMap((one) => one.messages),
  );
  const attempts = own.reduce((sum, message) => sum + message.attempts, 0);
  return {
    kind: reason === "history" ? "ending-in-history" : reason,
    steps: step.map(({ key }) => key),
    positions: pick(events, event === null ? [] : [event]).map(({ position }) => position),
    numbers: { attempts, asked: step.reduce((sum, { asked }) => sum + asked.length, 0) },
  };
}

function compensation({ basis, steps, compensations }: Trace): SagaEvidence[] {
  if (compensations.length === 0) return [];
  const undoing = pick(
    steps,
    compensations.map(({ step }) => step),
  );
  const undone = new Set(compensations.flatMap(({ step, undoes }) => [step, undoes]));
  const left = steps.filter(
    ({ state, isTold }, index) =>
      state === "completed" && !undone.has(index) && (basis === "choreographed" || isTold),
  );
  const numbers = {
    compensations: compensations.length,
    open: undoing.filter(({ state }) => state !== "completed").length,
    reversed: isReversed(compensations.map(({ undoes }) => undoes)) ? 1 : 0,
    confidence: earliest(compensations.map(({ confidence }) => confidence)) ?? 0,
  };
  const found: SagaEvidence = {
    kind: "compensations",
    steps: undoing.map(({ key }) => key),
    positions: [],
    numbers,
  };
  if (left.length === 0) return [found];
  const kept: SagaEvidence = {
    kind: "not-taken-back",
    steps: left.map(({ key }) => key),
    positions: [],
    numbers: { steps: left.length, undone: compensations.length },
  };
  return [found, kept];
}

function isReversed(undone: readonly number[]): boolean {
  return undone.length > 1 && undone.every((step, index) => (undone[index + 1] ?? -1) < step);
}

function waiting({ steps }: Trace, { awaited, norms, nowUs, state }: Findings): SagaEvidence[] {
  return awaited.slice(0, MOST_NAMED).flatMap((one): SagaEvidence[] => {
    const norm = norms[one.key];
    const isNext = one.what === "follower" || one.what === "mediator";
    if (isNext && norm === undefined) return [];
    if (isNext && norm !== undefined) {
      const numbers = { flows: norm.flows, share: 1 - norm.last / norm.flows, needed: GOES_ON_SHARE };
      const goesOn: SagaEvidence = { kind: "usually-goes-on", steps: [one.key], positions: [], numbers };
      return [goesOn, ...overdue(one, { bins: norm.wentOnAfter, fromUs: one.sinceUs, nowUs })];
    }
    const bins = norm?.took ?? {};
    if (one.dueUs === null && state !== "stuck") {
      const numbers = { flows: countOf(bins), needed: LEAST_FLOWS };
      return [{ kind: "few-durations", steps: [one.key], positions: [], numbers }];
    }
    const [step] = pick(steps, one.step === null ? [] : [one.step]);
    return overdue(one, { bins, fromUs: step?.startedUs ?? one.sinceUs, nowUs });
  });
}

function overdue(
  { key, dueUs }: Awaited,
  { bins, fromUs, nowUs }: { bins: Counts; fromUs: number; nowUs: number },
): SagaEvidence[] {
  const p99Us = usualLimit(bins);
  if (p99Us === null || dueUs === null || nowUs <= dueUs) return [];
  const numbers = { waitedUs: nowUs - fromUs, p99Us, flows: countOf(bins) };
  return [{ kind: "longer-than-usual", steps: [key], positions: [], numbers }];
}

function replays({ events, messages }: Trace): SagaEvidence[] {
  const replayed = messages.filter(({ generation }) => generation > 0);
  if (replayed.length === 0) return [];
  const succeeded = replayed.filter(({ status }) => status === "succeeded").length;
  const positions = pick(
    events,
    replayed.map(({ event }) => event),
  ).map(({ position }) => position);
  return [{ kind: "replayed", steps: [], positions, numbers: { replayed: replayed.length, succeeded } }];
}

function gaps({ events, gaps: all }: Trace): SagaEvidence[] {
  const open = all.filter(({ kind }) => kind !== "clock-skew" && kind !== "recorded-before-cause");
  if (open.length === 0) return [];
  const positions = pick(
    events,
    open.map(({ event }) => event),
  ).map(({ position }) => position);
  return [{ kind: "gaps", steps: [], positions, numbers: { gaps: open.length, events: events.length } }];
}
