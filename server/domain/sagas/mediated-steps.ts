import { type FlowExchanges, findExchanges } from "../topology/flow-exchanges.ts";
import type { ObservedDelivery, ObservedFlow } from "../topology/observed-flow.ts";
import type { Mediation } from "../topology/verdict.ts";
import {
  earliest,
  type FoundStep,
  keyReader,
  pick,
  type StepContext,
  stateOfMessages,
} from "./step-context.ts";
import type { StepState } from "./trace.ts";

/** Steps that services do because a mediator tells them to. */
export type MediatedSteps = { mediators: ReadonlySet<string>; steps: FoundStep[] };

/** One service that answers shows nothing of who leads, unless it was told by a command. */
const LEAST_ANSWERERS = 2;

/**
 * Recognises mediators in one flow: those the topology knows, those that told two services or more, each alone, and
 * went on upon an answer, and those that did so with one that they had sent a command. Each thing that they told a
 * service is a step. A command sent again because nothing was heard belongs to the step of the first one.
 */
export function findMediatedSteps(context: StepContext, mediations: readonly Mediation[]): MediatedSteps {
  const flow = observe(context);
  const causes = context.events.map(({ cause }) => cause);
  const found = findExchanges(flow, causes);
  const known = new Map(mediations.map(({ node, stages }) => [node, commandsOf(stages)]));
  const mediators = findMediators(context, found, known);
  return { mediators, steps: groupQuestions(context, { found, mediators, known }) };
}

/** The service that each command of a mediator goes to. */
function commandsOf(stages: Mediation["stages"]): ReadonlyMap<string, string> {
  return new Map(stages.flatMap(({ steps }) => steps.map(({ command, node }) => [command, node])));
}

function observe({ events, messages }: StepContext): ObservedFlow {
  return {
    correlationId: "",
    events: events.map(({ position, type, service, kind, cause, atUs }) => ({
      position,
      type,
      service,
      kind,
      cause,
      isCauseMissing: false,
      at: atUs / 1000,
    })),
    deliveries: messages.flatMap((message): ObservedDelivery[] => {
      const { event, to, status, attempts } = message;
      if (to === null || status === null) return [];
      const outcome = status === "succeeded" ? "succeeded" : "open";
      return [{ event, service: to, startedAt: null, endedAt: null, outcome, attempts }];
    }),
  };
}

type Known = ReadonlyMap<string, ReadonlyMap<string, string>>;

function findMediators(
  { events }: StepContext,
  { reactions, exchanges }: FlowExchanges,
  known: Known,
): Set<string> {
  const askers = new Map<string, { answerers: Set<string>; isCommanding: boolean; goesOn: boolean }>();
  for (const { asker, answerer, question, answer } of exchanges) {
    const others = reactions[question]?.filter(
      ({ service, emitted }) => service !== answerer && emitted.length > 0,
    );
    if (others !== undefined && others.length > 0) continue;
    const one = askers.get(asker) ?? { answerers: new Set(), isCommanding: false, goesOn: false };
    askers.set(asker, one);
    one.answerers.add(answerer);
    one.isCommanding ||= events[question]?.kind === "command";
    one.goesOn ||=
      reactions[answer]?.some(({ service, emitted }) => service === asker && emitted.length > 0) ?? false;
  }
  const mediators = new Set(events.flatMap(({ service }) => (known.has(service) ? [service] : [])));
  for (const [service, { answerers, isCommanding, goesOn }] of askers) {
    if (goesOn && (isCommanding || answerers.size >= LEAST_ANSWERERS)) mediators.add(service);
  }
  return mediators;
}

type Visit = {
  key: string;
  service: string | null;
  type: string;
  asked: number[];
  answers: number[];
  messages: number[];
};

function groupQuestions(
  context: StepContext,
  { found, mediators, known }: { found: FlowExchanges; mediators: ReadonlySet<string>; known: Known },
): FoundStep[] {
  const { events, messages, messagesOf } = context;
  const answersTo = Map.groupBy(found.exchanges, ({ question }) => question);
  const visits: Visit[] = [];
  const visitOf = new Map<number, Map<string, Visit>>();
  const keyOf = keyReader();
  // What was answered once is a question each time that it is sent, also when nothing came back.
  const questions = new Set(
    found.exchanges.flatMap(({ asker, answerer, question }) =>
      mediators.has(asker) ? [keyOf(answerer, events[question]?.type ?? "")] : [],
    ),
  );
  for (const [index, { service: asker, type, kind, cause, subject }] of events.entries()) {
    if (!mediators.has(asker)) continue;
    const isCommand = kind === "command" || known.get(asker)?.has(type) === true;
    for (const place of messagesOf[index] ?? []) {
      const to = messages[place]?.to ?? known.get(asker)?.get(type) ?? null;
      const answered = (answersTo.get(index) ?? []).filter(
        (one) => one.asker === asker && one.answerer === to,
      );
      const key = keyOf(to, type);
      if (!isCommand && !questions.has(key)) continue;
      // What follows from having been sent before, or from the same event about the same, is the same step once more.
      const about = `${key} ${subject ?? ""}`;
      const before = cause === null ? undefined : visitOf.get(cause);
      const visit = before?.get(key) ??
        before?.get(about) ?? { key, service: to, type, asked: [], answers: [], messages: [] };
      if (visit.asked.length === 0) visits.push(visit);
      if (cause !== null) remember(visitOf, cause, about, visit);
      remember(visitOf, index, key, visit);
      visit.asked.push(index);
      visit.messages.push(place);
      for (const { answer } of answered) visit.answers.push(answer);
    }
  }
  return visits.map((visit) => stepOf(context, visit));
}

function remember(visits: Map<number, Map<string, Visit>>, event: number, key: string, visit: Visit): void {
  const known = visits.get(event);
  if (known === undefined) visits.set(event, new Map([[key, visit]]));
  else known.set(key, visit);
}

function stepOf(
  { events, messages, readType }: StepContext,
  { key, service, type, asked, answers, messages: own }: Visit,
): FoundStep {
  const handled = stateOfMessages(pick(messages, own));
  const said = pick(events, answers);
  const good = said.filter(({ type }) => !readType(type).isFailure);
  let state: StepState = handled === "completed" ? "waiting" : handled;
  if (good.length > 0) state = "completed";
  else if (said.length > 0) state = "failed";
  return {
    key,
    name: type,
    service,
    state,
    isTold: true,
    startedUs: earliest(pick(events, asked).map(({ atUs }) => atUs)),
    endedUs: earliest((good.length > 0 ? good : said).map(({ atUs }) => atUs)),
    asked,
    answers,
    messages: own,
    undoes: null,
  };
}
