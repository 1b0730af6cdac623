import type { DeclaredSaga, SagaTransition } from "./declared-saga.ts";
import { findGivenUp } from "./declared-steps.ts";
import { beginningOf, endOfSteps, findAwaited, findMissingFollowers, isOpen } from "./find-awaited.ts";
import { findEnding, findLastWord, type SagaEnding } from "./find-ending.ts";
import { findFailures, findRecovered } from "./find-failures.ts";
import type { Awaited, Saga, SagaFailure, SagaState } from "./saga.ts";
import { gatherEvidence } from "./saga-evidence.ts";
import type { SagaNorms } from "./saga-norms.ts";
import { earliest, latest, pick } from "./step-context.ts";
import type { Trace } from "./trace.ts";

export type SagaKnowledge = {
  /** Microseconds since 1970. */
  nowUs: number;
  declared?: DeclaredSaga | undefined;
  transitions?: readonly SagaTransition[] | undefined;
  /** How the steps went in other flows; without them nothing is stuck for taking long. */
  norms?: SagaNorms | undefined;
};

/**
 * Where the saga of a trace stands, by what its steps came to, never by the order in which events were recorded. What
 * was declared about the end goes before everything else.
 */
export function readSaga(trace: Trace, knowledge: SagaKnowledge): Saga {
  const { nowUs, declared, transitions = [], norms = {} } = knowledge;
  const ending = findEnding(trace, { declared, transitions });
  const lastWord = ending ?? findLastWord(trace);
  const abandoned = findAbandoned(trace, lastWord !== null);
  const failures = findFailures(trace, abandoned, findGivenUp(transitions));
  const awaited =
    lastWord === null
      ? listAwaited(trace, { abandoned, norms, declared, failures })
      : openBeside(trace, { ending, abandoned, norms });
  const found = { ending, lastWord, awaited, failures, abandoned };
  const state = judge(trace, { ...found, nowUs });
  return {
    state,
    sinceUs: sinceOf(trace, state, { ...found, nowUs }),
    basis: trace.basis,
    awaited,
    failure: failures[0] ?? null,
    progress: { ...progressOf(trace), failed: failures.length },
    evidence: gatherEvidence(trace, { ...found, state, declared, norms, nowUs }),
  };
}

/** Found by `readSaga`, and what its judgement rests on. */
export type SagaFindings = {
  /** By declaration. */
  ending: SagaEnding | null;
  /** That, or what the mediator said without a declaration. */
  lastWord: SagaEnding | null;
  awaited: readonly Awaited[];
  failures: readonly SagaFailure[];
  abandoned: ReadonlySet<number>;
};

/** Steps whose answer the mediator no longer waits for: it has begun to take back, or has said how it ended. */
function findAbandoned({ steps, compensations }: Trace, hasEnded: boolean): Set<number> {
  const undoing = new Set(compensations.map(({ step }) => step));
  const isOverdue = hasEnded || undoing.size > 0;
  return new Set(
    steps.flatMap((step, index) => {
      const isGivenUp = isOverdue && step.isTold && isOpen(step) && (hasEnded || !undoing.has(index));
      return isGivenUp ? [index] : [];
    }),
  );
}

function listAwaited(
  trace: Trace,
  {
    abandoned,
    norms,
    declared,
    failures,
  }: {
    abandoned: ReadonlySet<number>;
    norms: SagaNorms;
    declared: DeclaredSaga | undefined;
    failures: readonly SagaFailure[];
  },
): Awaited[] {
  const awaited = findAwaited(trace, { abandoned, norms });
  if (awaited.length > 0) return awaited;
  if (declared?.onStepFailure === "wait" && trace.compensations.length === 0) {
    const failed = trace.steps.flatMap(({ isTold, state }, index) =>
      isTold && state === "failed" ? [decisionAbout(trace, index)] : [],
    );
    if (failed.length > 0) return failed;
  }
  const missing = failures.length > 0 ? [] : findMissingFollowers(trace, norms);
  if (missing.length > 0 || declared === undefined || !owesMore(trace, declared)) return missing;
  const undecided = trace.compensations.filter(({ step }) => trace.steps[step]?.state === "failed");
  if (undecided.length > 0) return undecided.map(({ step }) => decisionAbout(trace, step));
  const last = trace.steps.findLastIndex(({ endedUs }) => endedUs !== null);
  const key = trace.steps[last]?.key ?? "";
  return [
    { what: "mediator", step: last === -1 ? null : last, key, sinceUs: endOfSteps(trace), dueUs: null },
  ];
}

function decisionAbout({ steps, endUs }: Trace, index: number): Awaited {
  const step = steps[index];
  return {
    what: "decision",
    step: index,
    key: step?.key ?? "",
    sinceUs: step?.endedUs ?? endUs,
    dueUs: null,
  };
}

/** Whether a declared saga that has not said how it ended must go on. */
function owesMore({ steps }: Trace, { endings }: DeclaredSaga): boolean {
  const isAllDone = steps.every(({ state }) => state !== "planned");
  return endings.completed !== undefined || !isAllDone;
}

/** A saga that said itself that it ended is over, whoever listens; elsewhere a listener may still hold it up. */
function openBeside(
  trace: Trace,
  {
    ending,
    abandoned,
    norms,
  }: { ending: SagaEnding | null; abandoned: ReadonlySet<number>; norms: SagaNorms },
): Awaited[] {
  return ending === null ? findAwaited(trace, { abandoned, norms }) : [];
}

function judge(
  trace: Trace,
  { ending, lastWord, awaited, failures, nowUs }: SagaFindings & { nowUs: number },
): SagaState {
  const { steps, compensations } = trace;
  if (ending !== null) return ending.state;
  if (awaited.some((one) => isStuck(one, nowUs))) return "stuck";
  const undoing = compensations.map(({ step }) => steps[step]);
  if (undoing.length > 0 && awaited.length > 0) return "compensating";
  if (awaited.length > 0) return awaited.some(({ what }) => what === "work") ? "running" : "waiting";
  if (undoing.length > 0)
    return undoing.every((step) => step?.state === "completed") ? "compensated" : "failed";
  const recovered = findRecovered(trace);
  const isFailed = lastWord !== null || failures.some(({ step }) => step === null || !recovered.has(step));
  return isFailed ? "failed" : "completed";
}

export function isStuck({ what, dueUs }: Awaited, nowUs: number): boolean {
  return what === "replay" || what === "decision" || (dueUs !== null && nowUs > dueUs);
}

function sinceOf(
  trace: Trace,
  state: SagaState,
  { ending, lastWord, awaited, nowUs }: SagaFindings & { nowUs: number },
): number {
  const { steps, compensations } = trace;
  if (ending !== null) return ending.atUs;
  if (state === "stuck") {
    const stuck = awaited.filter((one) => isStuck(one, nowUs));
    return (
      earliest(stuck.map(({ sinceUs, dueUs }) => (dueUs !== null && nowUs > dueUs ? dueUs : sinceUs))) ??
      nowUs
    );
  }
  if (state === "compensating") {
    const undoing = pick(
      steps,
      compensations.map(({ step }) => step),
    );
    return beginningOf(undoing) ?? awaited[0]?.sinceUs ?? trace.startUs;
  }
  const [first] = awaited;
  if (first !== undefined) return first.sinceUs;
  return latest([endOfSteps(trace), lastWord?.atUs ?? trace.startUs]) ?? trace.endUs;
}

function progressOf({ steps, compensations }: Trace): Omit<Saga["progress"], "failed"> {
  const undoing = new Set(compensations.map(({ step }) => step));
  const forward = steps.filter((_, index) => !undoing.has(index));
  const done = pick(steps, [...undoing]).filter(({ state }) => state === "completed");
  return {
    completed: forward.filter(({ state }) => state === "completed" || state === "skipped").length,
    of: forward.length,
    compensated: done.length,
    toCompensate: undoing.size,
  };
}
