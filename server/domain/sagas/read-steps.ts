import type { Mediation } from "../topology/verdict.ts";
import { type DeclaredSaga, orderTransitions, type SagaTransition } from "./declared-saga.ts";
import { findDeclaredSteps } from "./declared-steps.ts";
import { findHandledSteps } from "./handled-steps.ts";
import { findMediatedSteps } from "./mediated-steps.ts";
import { type FoundStep, pick, type StepContext } from "./step-context.ts";
import type { Trace, TraceEvent, TraceStep } from "./trace.ts";

/** What is known beside the flow itself about how it should run. */
export type StepKnowledge = {
  declared?: DeclaredSaga | undefined;
  /** What the mediator of the declared process wrote into its history. */
  transitions?: readonly SagaTransition[] | undefined;
  /** How mediators go about it, as the topology found from other flows. */
  mediations?: readonly Mediation[] | undefined;
};

/** The steps of a flow, in the order in which they began: declared, told by a mediator, or taken by each service itself. */
export function readSteps(
  context: StepContext,
  { declared, transitions = [], mediations = [] }: StepKnowledge,
): Pick<Trace, "basis" | "mediators" | "steps"> {
  const told = tellSteps(context, { declared, transitions, mediations });
  const taken = new Set(told.steps.flatMap(({ messages }) => messages));
  const handled = findHandledSteps(context, { taken, mediators: told.mediators });
  const steps = [...told.steps, ...handled].toSorted(byBeginning);
  return { basis: told.basis, mediators: [...told.mediators].sort(), steps: connect(context.events, steps) };
}

function tellSteps(
  context: StepContext,
  { declared, transitions = [], mediations = [] }: StepKnowledge,
): Pick<Trace, "basis"> & { mediators: ReadonlySet<string>; steps: FoundStep[] } {
  if (declared !== undefined) {
    const steps = findDeclaredSteps(context, declared, orderTransitions(transitions));
    const asked = steps.flatMap((step) => pick(context.events, step.asked));
    return { basis: "declared", steps, mediators: new Set(asked.map(({ service }) => service)) };
  }
  const { mediators, steps } = findMediatedSteps(context, mediations);
  return { basis: mediators.size > 0 ? "mediated" : "choreographed", mediators, steps };
}

/** Steps that nothing began stand at the end, in their declared order. */
function byBeginning(a: FoundStep, b: FoundStep): number {
  const [one, other] = [a.asked[0], b.asked[0]];
  if (one !== undefined && other !== undefined) return one - other;
  if (one === undefined && other === undefined)
    return (a.startedUs ?? Infinity) < (b.startedUs ?? Infinity) ? -1 : 0;
  return one === undefined ? 1 : -1;
}

/**
 * Each step with the one whose answer is the nearest of its causes, or to whose silence it answers: then a mediator goes on
 * from its own command.
 */
function connect(events: readonly TraceEvent[], steps: readonly FoundStep[]): TraceStep[] {
  const owners = new Map<number, number>();
  const askers = new Map<number, number>();
  for (const [index, { answers, asked, isTold }] of steps.entries()) {
    if (isTold) for (const command of asked) askers.set(command, index);
    for (const answer of answers) if (!owners.has(answer)) owners.set(answer, index);
  }
  // Causes stand before their effects, so one way through the events is enough.
  const nearest: (number | null)[] = [];
  for (const [index, { cause, service }] of events.entries()) {
    const silent = cause !== null && events[cause]?.service === service ? askers.get(cause) : undefined;
    nearest.push(owners.get(index) ?? silent ?? (cause === null ? null : (nearest[cause] ?? null)));
  }
  return steps.map((step, index) => {
    const [first] = step.asked;
    const after = first === undefined ? null : (nearest[first] ?? null);
    return { ...step, after: after === index ? null : after };
  });
}
