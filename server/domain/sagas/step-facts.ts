import type { Mediation } from "../topology/verdict.ts";
import type { TypeWords } from "./saga-words.ts";
import { pick, stepKey } from "./step-context.ts";
import type { TraceEvent, TraceStep } from "./trace.ts";

export type StepsOfTrace = {
  events: readonly TraceEvent[];
  steps: readonly TraceStep[];
  readType: (type: string) => TypeWords;
  mediations: readonly Mediation[];
};

/** What a step has to do with taking back, whatever the other steps are. */
export type StepFacts = {
  /** The event that began it; -1 before there was one. */
  began: number;
  subject: string | null;
  /** A mediator told the service to. */
  isTold: boolean;
  isKnown: boolean;
  /** By the names of the command that told it to, or else of what it emitted. */
  did: TypeWords;
  /** By the name of the event that it followed, where nobody told it to. */
  heardUndoing: boolean;
  failure: "follows-failure" | "failure-elsewhere" | null;
  /** What was refused or never done needs no taking back; what nobody knows may. */
  mayBeUndone: boolean;
};

export function factsOf({ events, steps, readType, mediations }: StepsOfTrace): StepFacts[] {
  const follows = followFailures(events, readType);
  const failures = steps.filter(hasFailed).length;
  const known = knownCompensations(mediations);
  return steps.map((step) => {
    const began = step.asked[0] ?? -1;
    const first = events[began];
    const { isTold } = step;
    const isElsewhere = failures > (hasFailed(step) ? 1 : 0);
    return {
      began,
      subject: first?.subject ?? null,
      isTold,
      isKnown: known.has(step.key),
      did: isTold ? readType(step.name) : joinWords(pick(events, step.answers), readType),
      heardUndoing: !isTold && readType(step.name).isUndoing,
      failure: failureSignal(follows[began] === true, isElsewhere),
      mayBeUndone: began !== -1 && !["failed", "planned", "skipped", "discarded"].includes(step.state),
    };
  });
}

function hasFailed({ state }: TraceStep): boolean {
  return state === "failed" || state === "dead";
}

function failureSignal(follows: boolean, isElsewhere: boolean): StepFacts["failure"] {
  if (follows) return "follows-failure";
  return isElsewhere ? "failure-elsewhere" : null;
}

function joinWords(emitted: readonly TraceEvent[], readType: (type: string) => TypeWords): TypeWords {
  const joined = { isFailure: false, isUndoing: false, does: 0, undoes: 0 };
  for (const { type } of emitted) {
    const words = readType(type);
    joined.isFailure ||= words.isFailure;
    joined.isUndoing ||= words.isUndoing;
    joined.does |= words.does;
    joined.undoes |= words.undoes;
  }
  return joined;
}

function knownCompensations(mediations: readonly Mediation[]): Set<string> {
  const steps = mediations.flatMap(({ stages }) => stages.flatMap((stage) => stage.steps));
  return new Set(
    steps.filter((step) => step.isCompensation).map(({ node, command }) => stepKey(node, command)),
  );
}

/** Events that are failures by name, and all that follows from them. */
function followFailures(events: readonly TraceEvent[], readType: (type: string) => TypeWords): boolean[] {
  const follows: boolean[] = [];
  for (const { type, cause } of events) {
    follows.push(readType(type).isFailure || (cause !== null && follows[cause] === true));
  }
  return follows;
}

/** Tells whether an event is, or follows from, another one: by the places at which a walk through the tree is in it. */
export function ancestry(events: readonly TraceEvent[]): (event: number, ancestor: number) => boolean {
  const sizes = new Array<number>(events.length).fill(1);
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const cause = events[index]?.cause ?? null;
    if (cause !== null) sizes[cause] = (sizes[cause] ?? 1) + (sizes[index] ?? 1);
  }
  const enters: number[] = [];
  const next: number[] = [];
  let roots = 0;
  for (const [index, { cause }] of events.entries()) {
    const size = sizes[index] ?? 1;
    const at = cause === null ? roots : (next[cause] ?? 0);
    if (cause === null) roots += size;
    else next[cause] = at + size;
    enters.push(at);
    next.push(at + 1);
  }
  return (event, ancestor) => {
    const [at, from] = [enters[event] ?? -1, enters[ancestor] ?? 0];
    return at >= from && at < from + (sizes[ancestor] ?? 1);
  };
}
