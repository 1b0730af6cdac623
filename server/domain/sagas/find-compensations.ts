import { ancestry, factsOf, type StepFacts, type StepsOfTrace } from "./step-facts.ts";
import type { Compensation, CompensationSignal, TraceStep } from "./trace.ts";

/** How much each signal takes away from the doubt. Chosen, not measured: they rank what is found. */
const WEIGHTS: Record<CompensationSignal, number> = {
  declared: 1,
  known: 0.6,
  "name-pair": 0.5,
  "undo-name": 0.35,
  "heard-undo-name": 0.25,
  "follows-failure": 0.45,
  "failure-elsewhere": 0.25,
  "same-service": 0.2,
  "same-subject": 0.1,
  "reverse-order": 0.4,
};
/** Below, a step is not taken for a compensation. */
const LEAST_CONFIDENCE = 0.5;
/** Steps of the same service, before it, that one may take back. */
const MOST_CANDIDATES = 32;

type Link = { step: number; undoes: number; signals: CompensationSignal[]; isPlain: boolean };

/**
 * Which steps take which others back. Declared ones are certain. Otherwise it is a step of a service that had done
 * another one before, about the same subject, whose name says so or that a mediator is known to use for it; or steps of
 * a mediator without such names, when two or more follow a failure in reverse of what they take back.
 *
 * Each step looks at a bounded number of others, so the time grows with their number.
 */
export function findCompensations(context: StepsOfTrace): Compensation[] {
  const { steps } = context;
  const declared = linkDeclared(steps);
  const known = new Set(declared.flatMap(({ step, undoes }) => [step, undoes]));
  const links = withReverseOrder(linkObserved(context, known));
  const observed = links.flatMap(({ step, undoes, signals, isPlain }): Compensation[] => {
    const confidence = confidenceOf(signals);
    if (confidence < LEAST_CONFIDENCE || (isPlain && !signals.includes("reverse-order"))) return [];
    return [{ step, undoes, confidence, signals }];
  });
  return [...declared, ...observed].sort((a, b) => a.step - b.step);
}

function confidenceOf(signals: readonly CompensationSignal[]): number {
  const doubt = signals.reduce((left, signal) => left * (1 - WEIGHTS[signal]), 1);
  return Math.round((1 - doubt) * 1000) / 1000;
}

function linkDeclared(steps: readonly TraceStep[]): Compensation[] {
  const byKey = new Map(steps.map(({ key }, index) => [key, index]));
  return steps.flatMap(({ undoes }, step): Compensation[] => {
    const undone = undoes === null ? undefined : byKey.get(undoes);
    return undone === undefined ? [] : [{ step, undoes: undone, confidence: 1, signals: ["declared"] }];
  });
}

function linkObserved(context: StepsOfTrace, taken: ReadonlySet<number>): Link[] {
  const { events, steps } = context;
  const facts = factsOf(context);
  if (!facts.some(maySpeak)) return [];
  const isInside = ancestry(events);
  const undone = new Set(taken);
  const links: Link[] = [];
  for (const [service, own] of groupByService(steps)) {
    if (service === null) continue;
    for (const [place, index] of own.entries()) {
      const fact = facts[index];
      if (fact === undefined || taken.has(index) || !maySpeak(fact)) continue;
      const from = Math.max(0, Math.min(place - MOST_CANDIDATES / 2, own.length - MOST_CANDIDATES));
      const candidates = own.slice(from, from + MOST_CANDIDATES).filter((other) => {
        const candidate = facts[other];
        const isOther = steps[other]?.key !== steps[index]?.key && !undone.has(other);
        return isOther && candidate?.mayBeUndone === true && mayTakeBack(fact, candidate, isInside);
      });
      const best = chooseUndone(fact, candidates, facts);
      if (best === null) continue;
      undone.add(best.undoes);
      links.push({ step: index, ...best });
    }
  }
  return links.sort((a, b) => a.step - b.step);
}

function groupByService(steps: readonly TraceStep[]): Map<string | null, number[]> {
  return Map.groupBy(steps.keys(), (index) => steps[index]?.service ?? null);
}

/** What is taken back did not follow from that. Where both are about different things, it is what led to it. */
function mayTakeBack(
  { began, subject }: StepFacts,
  other: StepFacts,
  isInside: (event: number, ancestor: number) => boolean,
): boolean {
  if (isInside(other.began, began)) return false;
  const isAboutOther = subject !== null && other.subject !== null && subject !== other.subject;
  return !isAboutOther || isInside(began, other.began);
}

/** Nothing at all speaks for most steps, and these are not looked at any further. */
function maySpeak({ began, isKnown, did, heardUndoing, failure }: StepFacts): boolean {
  return began !== -1 && (isKnown || did.isUndoing || heardUndoing || failure !== null);
}

function chooseUndone(
  fact: StepFacts,
  candidates: readonly number[],
  facts: readonly StepFacts[],
): Omit<Link, "step"> | null {
  let best: Omit<Link, "step"> | null = null;
  let most = 0;
  for (const undoes of candidates) {
    const other = facts[undoes];
    if (other === undefined) continue;
    const signals = signalsBetween(fact, other);
    const isPlain = signals.every((signal) => !NAMING.has(signal));
    // Without a name to tell, only what a mediator does after a failure can be one.
    if (isPlain && !(fact.isTold && other.isTold && fact.failure === "follows-failure")) continue;
    const confidence = confidenceOf(signals);
    if (confidence < most) continue;
    most = confidence;
    best = { undoes, signals, isPlain };
  }
  return best;
}

function signalsBetween(fact: StepFacts, other: StepFacts): CompensationSignal[] {
  const { did, failure } = fact;
  const isPair = (did.undoes & other.did.does) !== 0;
  const signals: CompensationSignal[] = ["same-service"];
  if (fact.isKnown) signals.push("known");
  if (isPair) signals.push("name-pair");
  else if (did.isUndoing) signals.push("undo-name");
  else if (fact.heardUndoing) signals.push("heard-undo-name");
  if (fact.subject !== null && fact.subject === other.subject) signals.push("same-subject");
  if (failure !== null) signals.push(failure);
  return signals;
}

const NAMING: ReadonlySet<CompensationSignal> = new Set([
  "known",
  "name-pair",
  "undo-name",
  "heard-undo-name",
]);

/** Two or more, each of which goes further back than the one before. */
function withReverseOrder(links: readonly Link[]): Link[] {
  const isReversed =
    links.length > 1 && links.every(({ undoes }, index) => (links[index + 1]?.undoes ?? -1) < undoes);
  if (!isReversed) return [...links];
  return links.map((link) => ({ ...link, signals: [...link.signals, "reverse-order" as const] }));
}
