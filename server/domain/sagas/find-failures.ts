import type { SagaFailure } from "./saga.ts";
import { FURTHEST_CAUSE, pick } from "./step-context.ts";
import type { Trace, TraceStep } from "./trace.ts";

/**
 * Steps that failed, in the order in which they began. Of those that a mediator told and that nobody waits for any
 * more, those that were never answered are among them.
 */
export function findFailures(trace: Trace, abandoned: ReadonlySet<number>): SagaFailure[] {
  return trace.steps.flatMap((step, index): SagaFailure[] => {
    const found = failureOf(trace, step, abandoned.has(index));
    return found === null ? [] : [{ step: index, ...found }];
  });
}

function failureOf(
  { messages }: Trace,
  { state, asked, answers, messages: own }: TraceStep,
  isAbandoned: boolean,
): Omit<SagaFailure, "step"> | null {
  const lost = pick(messages, own).find(({ status }) => status === state);
  if (state === "dead") return { reason: "dead-letter", event: lost?.event ?? asked[0] ?? null };
  if (state === "discarded") return { reason: "discarded", event: lost?.event ?? asked[0] ?? null };
  if (isAbandoned) return { reason: "no-reply", event: asked[0] ?? null };
  if (state !== "failed") return null;
  const [answer] = answers;
  return answer === undefined
    ? { reason: "history", event: null }
    : { reason: "failure-event", event: answer };
}

/**
 * Failed steps after which their service did well all the same: the flow found another way. Each step looks back along
 * a bounded number of others.
 */
export function findRecovered({ steps, compensations }: Trace): Set<number> {
  const undoing = new Set(compensations.map(({ step }) => step));
  const recovered = new Set<number>();
  for (const [index, step] of steps.entries()) {
    if (step.state !== "completed" || undoing.has(index)) continue;
    let after = step.after;
    for (let seen = 0; after !== null && seen < FURTHEST_CAUSE; seen += 1) {
      const before = steps[after];
      if (before?.state === "failed" && before.service === step.service) recovered.add(after);
      after = before?.after ?? null;
    }
  }
  return recovered;
}
