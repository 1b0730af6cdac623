import type { EdgeCounts, FlowSummary } from "./flow-summary.ts";

/** Events of one type between two services, in all flows of a summary. */
export type Edge = EdgeCounts & { emitter: string; type: string; receiver: string };

/** A service that sends others to work, and the edges by which it does. */
export type Director = {
  service: string;
  /** Edges that carry its commands. */
  edges: Edge[];
  flows: number;
};

/** What the services of a summary are to each other. */
export type Direction = {
  edges: Edge[];
  /** They command at least two services one by one, and go on with what these answer. */
  mediators: Director[];
  /** They get answers from several that they told one by one, and make nothing of them, or told all at once, and go on. */
  gatherers: Director[];
  /** They give several services work that nobody else gives them, and hear nothing back. */
  dispatchers: Director[];
  /** They ask one service and go on with its answer: either may lead. */
  pairs: Director[];
  /** They send the same again, as one does who waits, and hear nothing. */
  unheard: Edge[];
};

/** A step of a mediator may fail, be lost or time out; an event that is answered more rarely is not a question. */
const LEAST_ANSWERED_SHARE = 0.25;
/** Of the flows in which a service got answers: those in which it emitted something upon one. */
const LEAST_CONTINUED_SHARE = 0.5;
/** Of the events of a type: from here on, who sends it again waits for something. */
const REPEATED_SHARE = 0.25;
/** Of the events of a type: from here on it is one that several react to. */
const CROWDED_SHARE = 0.5;
const LEAST_COMMANDED = 2;
/** Services that get work from one service alone; one that says that it commands needs fewer. */
const LEAST_DISPATCHED = { unmarked: 3, marked: 2 };

export function findDirection(summary: FlowSummary): Direction {
  const edges = Object.entries(summary.edges).map(([key, counts]) => ({ ...readKey(key), ...counts }));
  const direction: Direction = {
    edges,
    mediators: [],
    gatherers: [],
    dispatchers: [],
    pairs: [],
    unheard: [],
  };
  for (const [service, sent] of Map.groupBy(edges, ({ emitter }) => emitter)) {
    const asker = summary.askers[service];
    const asked = sent.filter(
      (edge) => edge.answered >= LEAST_ANSWERED_SHARE * edge.events && edge.answered > 0,
    );
    const isHeard = new Set(asked);
    direction.unheard.push(
      ...sent.filter((edge) => !isHeard.has(edge) && edge.repeated >= REPEATED_SHARE * edge.events),
    );
    const one = asked.filter((edge) => !isCrowded(edge));
    const goesOn = asker !== undefined && asker.continuedFlows >= LEAST_CONTINUED_SHARE * asker.flows;
    const flows = asker?.flows ?? 0;
    if (goesOn && countReceivers(one) >= LEAST_COMMANDED) {
      direction.mediators.push({ service, edges: asked, flows });
    } else if (countReceivers(goesOn ? asked : one) >= LEAST_COMMANDED) {
      direction.gatherers.push({ service, edges: goesOn ? asked : one, flows });
    } else if (goesOn && asked.length > 0) {
      direction.pairs.push({ service, edges: asked, flows });
    } else {
      const dispatched = findDispatched(sent, edges);
      if (dispatched.length > 0) {
        direction.dispatchers.push({
          service,
          edges: dispatched,
          flows: flowsAt(service, edges) ?? summary.flows,
        });
      }
    }
  }
  return direction;
}

/** Told to several that do something about it: whoever sent it did not choose who. */
export function isCrowded({ crowded, events }: Edge): boolean {
  return crowded >= CROWDED_SHARE * events;
}

/** Times that the receiver was set to work, which getting an answer is not. */
export function worksOf({ events, returns }: Edge): number {
  return events - returns;
}

export function countReceivers(edges: readonly Edge[]): number {
  return new Set(edges.map(({ receiver }) => receiver)).size;
}

/** Flows in which a service handled the type that it handles most; null for one that handles nothing. */
function flowsAt(service: string, edges: readonly Edge[]): number | null {
  const received = edges.filter(({ receiver }) => receiver === service).map(({ flows }) => flows);
  return received.length === 0 ? null : Math.max(...received);
}

function findDispatched(sent: readonly Edge[], edges: readonly Edge[]): Edge[] {
  const own = sent.filter(
    ({ emitter, type, receiver }) =>
      sent.filter((other) => other.type === type).length === 1 &&
      edges.every((other) => other.receiver !== receiver || other.emitter === emitter),
  );
  const isMarked = own.length > 0 && own.every(({ marked, events }) => marked > 0.5 * events);
  const least = isMarked ? LEAST_DISPATCHED.marked : LEAST_DISPATCHED.unmarked;
  return countReceivers(own) >= least ? own : [];
}

function readKey(key: string): { emitter: string; type: string; receiver: string } {
  const [emitter = "", type = "", receiver = ""] = readNames(key);
  return { emitter, type, receiver };
}

/** The names that a key of a table is made of. */
export function readNames(key: string): string[] {
  const names: unknown = JSON.parse(key);
  return Array.isArray(names) ? names.map(String) : [];
}
