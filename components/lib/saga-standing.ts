import type { SagaDto } from "#server/contract/sagas.ts";
import { type NamedStep, stepLine } from "./step-name.ts";

type Awaited = NonNullable<SagaDto["awaits"]>;
type Failure = NonNullable<SagaDto["failure"]>;

/** Where a saga is, as a sentence can say it. */
export type Standing =
  | { kind: "awaits"; what: Awaited["what"]; step: string }
  | { kind: "failed"; reason: Failure["reason"]; step: string | null }
  | { kind: "got-over"; step: string | null }
  | { kind: "nothing" };

/** What it waits for; once it has ended, what failed in it. Steps are named in one line, or as is asked for. */
export function standingOf(
  { state, awaits, failure }: Pick<SagaDto, "state" | "awaits" | "failure">,
  nameOf: (step: NamedStep) => string = stepLine,
): Standing {
  if (awaits !== null) return { kind: "awaits", what: awaits.what, step: nameOf(awaits.step) };
  if (failure === null) return { kind: "nothing" };
  const step = failure.step === null ? null : nameOf(failure.step);
  return state === "completed"
    ? { kind: "got-over", step }
    : { kind: "failed", reason: failure.reason, step };
}

/** What failed first, of a saga that waits for something: beside that, it is said as well. */
export function earlierFailure({ awaits, failure }: Pick<SagaDto, "awaits" | "failure">): Standing | null {
  if (awaits === null || failure === null) return null;
  const step = failure.step === null ? null : stepLine(failure.step);
  // The dead letter that it waits for is the failure.
  if (awaits.what === "replay" && failure.step?.key === awaits.step.key) return null;
  return { kind: "failed", reason: failure.reason, step };
}

/** Whole milliseconds from its beginning to its end, or until now. */
export function ageMs({ startedAt, endedAt }: Pick<SagaDto, "startedAt" | "endedAt">, now: number): number {
  return Math.max(0, (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt));
}
