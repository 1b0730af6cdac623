import type { TraceLetterDto } from "#server/contract/sagas.ts";
import type { Awaited, Saga, SagaFailure } from "#server/domain/sagas/saga.ts";
import type { Trace, TraceStep } from "#server/domain/sagas/trace.ts";

/** Why something failed: its reason, and what the words for it need. */
export type FailureWords = {
  reason: SagaFailure["reason"];
  step: string | null;
  service: string | null;
  /** Type of the event that says so, or that could not be delivered. */
  type: string | null;
  position: string | null;
  attempts: number;
  asked: number;
  error: string | null;
};

/** What is waited for, with what the words for it need. Times in microseconds since 1970. */
export type AwaitedWords = {
  what: Awaited["what"];
  step: string;
  service: string | null;
  sinceUs: number;
  /** 99 of 100 flows take no longer; null where that is not known. */
  limitUs: number | null;
  isOverdue: boolean;
  attempts: number;
  error: string | null;
  /** The dead letter that holds it up. */
  letter: TraceLetterDto | null;
  others: number;
};

/** Where a saga stands and why, as codes and values: one sentence about the state and one about the failure. */
export type Explanation =
  | { kind: "awaits"; awaited: AwaitedWords; isUndoing: boolean; failure: FailureWords | null }
  | { kind: "completed"; atUs: number; tookUs: number; failure: FailureWords | null }
  | { kind: "compensated"; atUs: number; undone: number; of: number; failure: FailureWords | null }
  | { kind: "failed" | "cancelled"; atUs: number; undone: number; left: number; failure: FailureWords | null }
  /** It goes on, and nothing says what it waits for. */
  | { kind: "open"; sinceUs: number; failure: FailureWords | null };

type Explained = { trace: Trace; saga: Saga; letters: readonly TraceLetterDto[]; nowUs: number };

/** Says why a saga stands where it stands. What holds it up goes before what it only waits for. */
export function explainSaga({ trace, saga, letters, nowUs }: Explained): Explanation {
  const failure = saga.failure === null ? null : describeFailure(trace, saga.failure);
  const { state, sinceUs, progress } = saga;
  if (state === "completed") {
    return { kind: "completed", atUs: sinceUs, tookUs: sinceUs - trace.startUs, failure };
  }
  if (state === "compensated") {
    const { compensated, toCompensate } = progress;
    return { kind: "compensated", atUs: sinceUs, undone: compensated, of: toCompensate, failure };
  }
  if (state === "failed") {
    const kept = saga.evidence.find(({ kind }) => kind === "not-taken-back")?.numbers.steps;
    const left = kept ?? Math.max(0, progress.completed - progress.compensated);
    const kind = saga.evidence.some((one) => one.kind === "cancelled") ? "cancelled" : "failed";
    return { kind, atUs: sinceUs, undone: progress.compensated, left, failure };
  }
  const first = pickAwaited(saga.awaited, nowUs);
  if (first === null) return { kind: "open", sinceUs, failure };
  const awaited = describeAwaited(trace, first, { letters, nowUs, others: saga.awaited.length - 1 });
  // A dead letter that is waited for is the failure: it is said once.
  const isSame = first.what === "replay" && saga.failure?.step === first.step;
  return { kind: "awaits", awaited, isUndoing: isUndoing(trace), failure: isSame ? null : failure };
}

/** What nobody gets over without help, then what takes too long, then what has been waited for longest. */
function pickAwaited(awaited: readonly Awaited[], nowUs: number): Awaited | null {
  const helpless = awaited.find(({ what }) => what === "replay" || what === "decision");
  const late = awaited.find(({ dueUs }) => dueUs !== null && nowUs > dueUs);
  return helpless ?? late ?? awaited[0] ?? null;
}

function isUndoing({ compensations }: Trace): boolean {
  return compensations.length > 0;
}

function describeAwaited(
  trace: Trace,
  { what, step: index, key, sinceUs, dueUs }: Awaited,
  { letters, nowUs, others }: { letters: readonly TraceLetterDto[]; nowUs: number; others: number },
): AwaitedWords {
  const step = index === null ? undefined : trace.steps[index];
  const fromUs = what === "follower" || what === "mediator" ? sinceUs : (step?.startedUs ?? sinceUs);
  return {
    what,
    step: step?.name ?? key,
    service: serviceOf(trace, step, what),
    sinceUs,
    limitUs: dueUs === null ? null : dueUs - fromUs,
    isOverdue: dueUs !== null && nowUs > dueUs,
    attempts: attemptsOf(trace, step),
    error: lastError(trace, step),
    letter: findLetter(trace, step, letters),
    others,
  };
}

function serviceOf(trace: Trace, step: TraceStep | undefined, what: Awaited["what"]): string | null {
  const id = what === "mediator" ? (trace.mediators[0] ?? null) : (step?.service ?? null);
  return id === null ? null : (trace.services.find((service) => service.id === id)?.name ?? id);
}

function describeFailure(trace: Trace, { step: index, reason, event }: SagaFailure): FailureWords {
  const step = index === null ? undefined : trace.steps[index];
  const told = event === null ? undefined : trace.events[event];
  return {
    reason,
    step: step?.name ?? null,
    service: serviceOf(trace, step, "work"),
    type: told?.type ?? null,
    position: told?.position ?? null,
    attempts: attemptsOf(trace, step),
    asked: step?.asked.length ?? 0,
    error: lastError(trace, step),
  };
}

function attemptsOf({ messages }: Trace, step: TraceStep | undefined): number {
  return (step?.messages ?? []).reduce((sum, index) => sum + (messages[index]?.attempts ?? 0), 0);
}

/** What the last attempt at a step that failed said. */
function lastError({ spans }: Trace, step: TraceStep | undefined): string | null {
  if (step === undefined) return null;
  const own = new Set(step.messages);
  const failed = spans.findLast(
    (span) => span.kind === "work" && span.error !== null && own.has(span.message),
  );
  return failed?.kind === "work" ? (failed.error?.message ?? null) : null;
}

/** The dead letter on which a step hangs: one that is not done with goes before one that is. */
function findLetter(
  trace: Trace,
  step: TraceStep | undefined,
  letters: readonly TraceLetterDto[],
): TraceLetterDto | null {
  const own = letters.filter(({ position, consumer }) =>
    (step?.messages ?? []).some((index) => {
      const message = trace.messages[index];
      return message?.consumer === consumer && trace.events[message.event]?.position === position;
    }),
  );
  return own.find(({ status }) => status === "parked" || status === "replaying") ?? own[0] ?? null;
}
