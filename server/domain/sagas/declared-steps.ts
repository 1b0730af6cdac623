import type { Phase } from "../processes/run.ts";
import {
  type DeclaredExchange,
  type DeclaredSaga,
  orderTransitions,
  type SagaTransition,
} from "./declared-saga.ts";
import {
  earliest,
  type FoundStep,
  FURTHEST_CAUSE,
  pick,
  type StepContext,
  stateOfMessages,
} from "./step-context.ts";
import type { StepState, TraceEvent } from "./trace.ts";

type Asked = {
  name: string;
  phase: Phase;
  exchange: DeclaredExchange;
  asked: number[];
  answers: number[];
};

/**
 * The steps of a declared saga, those not begun included, and a compensation for each that was begun. What the
 * mediator wrote into its history goes before what the events say, for it alone knows which reply it took.
 *
 * @param transitions in order
 */
export function findDeclaredSteps(
  context: StepContext,
  declared: DeclaredSaga,
  transitions: readonly SagaTransition[],
): FoundStep[] {
  const all = declared.steps.flatMap(({ name, compensation, ...exchange }): Asked[] => [
    { name, phase: "do", exchange, asked: [], answers: [] },
    ...(compensation === null
      ? []
      : [{ name, phase: "undo" as const, exchange: compensation, asked: [], answers: [] }]),
  ]);
  assignCommands(context.events, all);
  assignAnswers(context.events, all);
  const history = lastWords(transitions, declared.onCompensationFailure);
  return all.flatMap((one) => {
    const word = history.get(keyOf(one.name, one.phase));
    if (one.phase === "undo" && one.asked.length === 0 && word === undefined) return [];
    return [stepOf(context, one, word)];
  });
}

function assignCommands(events: readonly TraceEvent[], all: readonly Asked[]): void {
  const byCommand = Map.groupBy(all, ({ exchange }) => exchange.command);
  for (const [index, { type, id }] of events.entries()) {
    const candidates = byCommand.get(type) ?? [];
    // Steps that send the same type are told apart by the ids that our mediators give.
    const named = candidates.find(({ name, phase }) => id.includes(`/${name}/${phase}/`));
    (named ?? candidates[0])?.asked.push(index);
  }
}

function assignAnswers(events: readonly TraceEvent[], all: readonly Asked[]): void {
  const byAnswer = new Map<string, Asked[]>();
  const askedBy = new Map<number, Asked>();
  for (const one of all) {
    for (const index of one.asked) askedBy.set(index, one);
    for (const type of [one.exchange.reply, ...one.exchange.refusals]) {
      byAnswer.set(type, [...(byAnswer.get(type) ?? []), one]);
    }
  }
  for (const [index, { type }] of events.entries()) {
    const candidates = byAnswer.get(type);
    if (candidates === undefined) continue;
    let cause = events[index]?.cause ?? null;
    let isKnown = false;
    for (let steps = 0; cause !== null && steps < FURTHEST_CAUSE && !isKnown; steps += 1) {
      const one = askedBy.get(cause);
      if (one !== undefined && candidates.includes(one)) {
        one.answers.push(index);
        isKnown = true;
      }
      cause = events[cause]?.cause ?? null;
    }
    const [only, ...others] = candidates;
    // Its command was not recorded, or it names none: the type is all there is.
    if (!isKnown && cause === null && only !== undefined && others.length === 0) only.answers.push(index);
  }
}

const HISTORY_STATES: Partial<Record<SagaTransition["kind"], { phase: Phase; state: StepState }>> = {
  "step.commanded": { phase: "do", state: "waiting" },
  "step.timed-out": { phase: "do", state: "retrying" },
  "step.completed": { phase: "do", state: "completed" },
  "step.failed": { phase: "do", state: "failed" },
  "step.skipped": { phase: "do", state: "skipped" },
  "step.retried": { phase: "do", state: "waiting" },
  "step.given-up": { phase: "do", state: "failed" },
  "step.compensating": { phase: "undo", state: "waiting" },
  "step.compensated": { phase: "undo", state: "completed" },
  "step.compensation-failed": { phase: "undo", state: "retrying" },
};

/** Kinds that tell of a step's command or of its compensation, whichever is under way. */
const OF_EITHER: ReadonlySet<SagaTransition["kind"]> = new Set([
  "step.timed-out",
  "step.retried",
  "step.given-up",
]);

type Word = {
  kind: SagaTransition["kind"];
  state: StepState;
  startedUs: number;
  atUs: number;
  retriedUs: number | null;
};

/** Keys of the steps that a person gave up, by the history: nobody waits for them any longer. */
export function findGivenUp(transitions: readonly SagaTransition[]): Set<string> {
  const words = lastWords(orderTransitions(transitions), "wait");
  return new Set([...words].flatMap(([key, { kind }]) => (kind === "step.given-up" ? [key] : [])));
}

/** How each step stands by the history, by its key. */
function lastWords(
  transitions: readonly SagaTransition[],
  onCompensationFailure: DeclaredSaga["onCompensationFailure"],
): Map<string, Word> {
  const words = new Map<string, Word>();
  for (const { kind, step, atUs } of transitions) {
    const known = HISTORY_STATES[kind];
    if (known === undefined || step === null) continue;
    // While a step is taken back, what is told is told of its compensation.
    const isUndone = words.has(undoKey(step)) && OF_EITHER.has(kind);
    const key = keyOf(step, isUndone ? "undo" : known.phase);
    const waits = kind === "step.compensation-failed" && onCompensationFailure === "wait";
    const state = waits ? "failed" : known.state;
    const before = words.get(key);
    const retriedUs = kind === "step.retried" ? atUs : (before?.retriedUs ?? null);
    words.set(key, { kind, state, startedUs: before?.startedUs ?? atUs, atUs, retriedUs });
  }
  return words;
}

const ENDED: ReadonlySet<StepState> = new Set(["completed", "failed", "skipped"]);

function stepOf(
  { events, messages, messagesOf }: StepContext,
  { name, phase, exchange, asked, answers }: Asked,
  word: Word | undefined,
): FoundStep {
  const own = asked.flatMap((index) => messagesOf[index] ?? []);
  const handled = stateOfMessages(pick(messages, own));
  const said = pick(events, answers);
  const good = said.filter(({ type }) => type === exchange.reply);
  let seen: StepState = handled === "completed" ? "waiting" : handled;
  if (good.length > 0) seen = "completed";
  else if (said.some(({ atUs }) => atUs > (word?.retriedUs ?? Number.NEGATIVE_INFINITY))) seen = "failed";
  else if (asked.length === 0) seen = word?.state ?? "planned";
  const state = word !== undefined && ENDED.has(word.state) ? word.state : seen;
  const ended = earliest((good.length > 0 ? good : said).map(({ atUs }) => atUs));
  const isEnded = ENDED.has(state);
  return {
    key: keyOf(name, phase),
    name: phase === "do" ? name : exchange.command,
    service: serviceOf(said[0]?.service, pick(messages, own)),
    state,
    isTold: true,
    startedUs: earliest(pick(events, asked).map(({ atUs }) => atUs)) ?? word?.startedUs ?? null,
    endedUs: isEnded ? (ended ?? word?.atUs ?? null) : null,
    asked,
    answers,
    messages: own,
    undoes: phase === "do" ? null : name,
  };
}

function keyOf(step: string, phase: Phase): string {
  return phase === "do" ? step : undoKey(step);
}

/** Key of what takes a declared step back. */
export function undoKey(step: string): string {
  return `${step}/undo`;
}

function serviceOf(answerer: string | undefined, messages: readonly { to: string | null }[]): string | null {
  return answerer ?? messages.find(({ to }) => to !== null)?.to ?? null;
}
