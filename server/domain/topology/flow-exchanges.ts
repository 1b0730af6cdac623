import type { ObservedFlow } from "./observed-flow.ts";

/** A service handled an event. */
export type Reaction = {
  event: number;
  service: string;
  /** Events that it emitted because of it. */
  emitted: readonly number[];
};

/** A service sent an event to another one, and got an event back that followed from it. */
export type Exchange = {
  asker: string;
  answerer: string;
  question: number;
  answer: number;
};

export type FlowExchanges = {
  /** By index of the event. */
  reactions: readonly (readonly Reaction[])[];
  /** The first answer of each answerer to each question, in order of the questions. */
  exchanges: readonly Exchange[];
  /** Events that answered a question, by index, and then by who asked: also those that answered it once more. */
  answered: ReadonlyMap<number, ReadonlyMap<string, Exchange>>;
};

/** How many causes back the question of an answer is looked for. */
const FURTHEST_QUESTION = 64;

/**
 * Finds who handled what, and which events answer which. An answer comes back to the service that asked, from a service
 * that had got the question; what lies between the two is the answerer's own business.
 */
export function findExchanges(flow: ObservedFlow, causes: readonly (number | null)[]): FlowExchanges {
  const reactions = findReactions(flow, causes);
  const first = new Map<string, Exchange>();
  const answered = new Map<number, Map<string, Exchange>>();
  for (const [answer, { service: answerer }] of flow.events.entries()) {
    for (const { service: asker } of reactions[answer] ?? []) {
      if (asker === answerer) continue;
      const question = findQuestion(flow, causes, { answer, asker });
      if (question === null) continue;
      if (!reactions[question]?.some(({ service }) => service === answerer)) continue;
      const exchange = { asker, answerer, question, answer };
      const key = `${question}/${answerer}`;
      if (!first.has(key)) first.set(key, exchange);
      const byAsker = answered.get(answer) ?? new Map<string, Exchange>();
      answered.set(answer, byAsker.set(asker, exchange));
    }
  }
  const exchanges = [...first.values()].toSorted((a, b) => a.question - b.question || a.answer - b.answer);
  return { reactions, exchanges, answered };
}

/** The nearest event among the causes that the asker emitted. */
function findQuestion(
  { events }: ObservedFlow,
  causes: readonly (number | null)[],
  { answer, asker }: { answer: number; asker: string },
): number | null {
  let index = causes[answer] ?? null;
  for (let steps = 0; index !== null && steps < FURTHEST_QUESTION; steps += 1) {
    if (events[index]?.service === asker) return index;
    index = causes[index] ?? null;
  }
  return null;
}

const NOBODY: readonly Reaction[] = [];

/** From deliveries that succeeded, and from events whose cause another service emitted: not every consumer reports. */
function findReactions(
  { events, deliveries }: ObservedFlow,
  causes: readonly (number | null)[],
): (readonly Reaction[])[] {
  const emitted = new Array<Map<string, number[]> | undefined>(events.length).fill(undefined);
  for (const { event, service, outcome } of deliveries) {
    if (outcome !== "succeeded" || event >= events.length) continue;
    const by = emitted[event];
    if (by === undefined) emitted[event] = new Map([[service, []]]);
    else by.set(service, []);
  }
  for (const [index, { service }] of events.entries()) {
    const cause = causes[index] ?? null;
    if (cause === null) continue;
    const by = emitted[cause];
    // A service that follows its own event up (sends it again, after a time) does not handle it.
    if (events[cause]?.service === service && !by?.has(service)) continue;
    const known = by?.get(service);
    if (known !== undefined) known.push(index);
    else if (by === undefined) emitted[cause] = new Map([[service, [index]]]);
    else by.set(service, [index]);
  }
  return emitted.map((by, event) =>
    by === undefined
      ? NOBODY
      : Array.from(by, ([service, indexes]) => ({ event, service, emitted: indexes })),
  );
}
