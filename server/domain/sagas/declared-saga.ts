import type { ProcessDefinition, ProcessEndings } from "../processes/definition.ts";
import { stepsOf } from "../processes/definition.ts";
import type { TransitionKind } from "../processes/run.ts";

/** A command and what may be answered, by their types. */
export type DeclaredExchange = { command: string; reply: string; refusals: readonly string[] };

export type DeclaredStep = DeclaredExchange & { name: string; compensation: DeclaredExchange | null };

/** A saga whose steps somebody has written down. */
export type DeclaredSaga = {
  name: string;
  /** Type of the event that begins one. */
  startedBy: string;
  steps: readonly DeclaredStep[];
  /** Types of the events that say how one ended. */
  endings: ProcessEndings;
  /** Whether a compensation that failed waits for somebody who decides, or is tried again. */
  onCompensationFailure: ProcessDefinition["onCompensationFailure"];
  /** Whether a step that failed waits for somebody who decides, or what was done is taken back. */
  onStepFailure: ProcessDefinition["onStepFailure"];
};

/** An entry of the history that a mediator wrote. */
export type SagaTransition = {
  /** From 0, in the order in which they were written. */
  sequence: number;
  kind: TransitionKind;
  step: string | null;
  /** Microseconds since 1970. */
  atUs: number;
};

/** What a declared process says about the traces of its runs. */
export function declareSaga(definition: ProcessDefinition): DeclaredSaga {
  const { name, startedBy, elements, endings, onCompensationFailure, onStepFailure } = definition;
  const steps = stepsOf(elements).map((step) => ({
    name: step.name,
    ...exchangeOf(step.exchange),
    compensation: step.compensation === null ? null : exchangeOf(step.compensation),
  }));
  return { name, startedBy: startedBy.type, steps, endings, onCompensationFailure, onStepFailure };
}

function exchangeOf({
  command,
  reply,
  refusals,
}: {
  command: string;
  reply: { type: string };
  refusals: readonly string[];
}): DeclaredExchange {
  return { command, reply: reply.type, refusals };
}

/** Each entry once, in order. */
export function orderTransitions(transitions: readonly SagaTransition[]): SagaTransition[] {
  const bySequence = new Map(transitions.map((transition) => [transition.sequence, transition]));
  return [...bySequence.values()].sort((a, b) => a.sequence - b.sequence);
}
