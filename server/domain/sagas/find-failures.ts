import type { SagaFailure } from "./saga.ts";
import { wordReader } from "./saga-words.ts";
import { FURTHEST_CAUSE, pick } from "./step-context.ts";
import type { Trace, TraceStep } from "./trace.ts";

const NOTHING: ReadonlySet<string> = new Set();
/** No event says so. */
const GIVEN_UP: Omit<SagaFailure, "step"> = { reason: "given-up", event: null };

/**
 * Steps that failed, in the order in which they began. Of those that a mediator told and that nobody waits for any
 * more, those that were never answered are among them. Events that tell of a failure without a known cause, and so
 * belong to no step, come last, with what a service says of its own calls.
 *
 * @param abandoned indices of the steps whose answer the mediator no longer waits for
 * @param givenUp keys of the steps that a person gave up
 */
export function findFailures(
  trace: Trace,
  abandoned: ReadonlySet<number>,
  givenUp: ReadonlySet<string> = NOTHING,
): SagaFailure[] {
  const ofSteps = trace.steps.flatMap((step, index): SagaFailure[] => {
    const isGivenUp = givenUp.has(step.key) && step.state === "failed";
    const found = isGivenUp ? GIVEN_UP : failureOf(trace, step, abandoned.has(index));
    return found === null ? [] : [{ step: index, ...found }];
  });
  return [...ofSteps, ...findLooseFailures(trace)];
}

/**
 * Where causes are not known, the order of the events is all that is left: a service that told of something else
 * afterwards, which is neither a failure nor takes anything back, went on.
 */
function findLooseFailures({ events, gaps, steps }: Trace): SagaFailure[] {
  const loose = new Set(
    gaps.flatMap(({ kind, event }) =>
      kind === "no-causation-id" || kind === "cause-not-in-flow" ? [event] : [],
    ),
  );
  // Who goes on from an event of its own, without being told of anything, did so by itself: it called somebody.
  for (const [index, { cause, service }] of events.entries()) {
    if (cause !== null && events[cause]?.service === service) loose.add(index);
  }
  if (loose.size === 0) return [];
  for (const { answers } of steps) for (const answer of answers) loose.delete(answer);
  const readType = wordReader();
  const failures = new Map<string, number>();
  for (const [index, { service, type }] of events.entries()) {
    const { isFailure, isUndoing } = readType(type);
    if (loose.has(index) && isFailure) failures.set(service, index);
    else if (!isFailure && !isUndoing) failures.delete(service);
  }
  return [...failures.values()].map((event) => ({ step: null, reason: "failure-event", event }));
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
  const recovered = new Set<number>();
  if (steps.every(({ state }) => state !== "failed")) return recovered;
  const undoing = new Set(compensations.map(({ step }) => step));
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
