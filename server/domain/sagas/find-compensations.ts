import type { Mediation } from "../topology/verdict.ts";
import type { TypeWords } from "./saga-words.ts";
import { pick, stepKey } from "./step-context.ts";
import type { Compensation, CompensationSignal, TraceEvent, TraceStep } from "./trace.ts";

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

type Context = {
  events: readonly TraceEvent[];
  steps: readonly TraceStep[];
  readType: (type: string) => TypeWords;
  mediations: readonly Mediation[];
};
type Link = { step: number; undoes: number; signals: CompensationSignal[]; isPlain: boolean };

/**
 * Which steps take which others back. Declared ones are certain. Otherwise it is a step of a service that had done
 * another one before, about the same subject, whose name says so or that a mediator is known to use for it; or steps of
 * a mediator without such names, when two or more follow a failure in reverse of what they take back.
 *
 * Each step looks at a bounded number of others, so the time grows with their number.
 */
export function findCompensations(context: Context): Compensation[] {
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

function linkObserved(context: Context, taken: ReadonlySet<number>): Link[] {
  const { events, steps } = context;
  const facts = factsOf(context);
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
        const began = facts[other]?.began ?? null;
        const isOther = steps[other]?.key !== steps[index]?.key && !undone.has(other);
        return (
          isOther && facts[other]?.mayBeUndone === true && began !== null && !isInside(began, fact.began)
        );
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

/** What a step has to do with taking back, whatever the other steps are. */
type StepFacts = {
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

function factsOf({ events, steps, readType, mediations }: Context): StepFacts[] {
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
  const isPair = (did.undoes & other.did.does) !== 0 && (did.isUndoing || failure !== null);
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

function knownCompensations(mediations: readonly Mediation[]): Set<string> {
  const steps = mediations.flatMap(({ stages }) => stages.flatMap((stage) => stage.steps));
  return new Set(
    steps.filter((step) => step.isCompensation).map(({ node, command }) => stepKey(node, command)),
  );
}

/** Two or more, each of which goes further back than the one before. */
function withReverseOrder(links: readonly Link[]): Link[] {
  const isReversed =
    links.length > 1 && links.every(({ undoes }, index) => (links[index + 1]?.undoes ?? -1) < undoes);
  if (!isReversed) return [...links];
  return links.map((link) => ({ ...link, signals: [...link.signals, "reverse-order" as const] }));
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
function ancestry(events: readonly TraceEvent[]): (event: number, ancestor: number) => boolean {
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
