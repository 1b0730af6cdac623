import { keepSmallest } from "./bounded-table.ts";

export type Counts = { [name: string]: number };
export type Table<Row> = { [key: string]: Row };

/** Events of one type from one service to another. Its key is [emitter, type, receiver]. */
export type EdgeCounts = {
  /** Events that the receiver handled. */
  events: number;
  flows: number;
  /** Those upon which it emitted something. */
  acted: number;
  /** Those that it answered to the emitter. */
  answered: number;
  /** Those upon which another service emitted something, too. */
  crowded: number;
  /** Those that themselves answered the receiver. */
  returns: number;
  /** Those that the emitter sent because it had got an answer. */
  gated: number;
  /** Those that the emitter sent because of one of the same type that it had sent itself. */
  repeated: number;
  /** Those that call themselves commands. */
  marked: number;
  /** Those that the receiver got after another type from the emitter that it had answered: it was visited again. */
  revisits: number;
  /** Revisits in the opposite order of the first visits. */
  reversed: number;
  /** Types of the first answers. */
  replies: Counts;
  /** What the emitter had got an answer from before: [answerer, type of the answer]. */
  after: Counts;
  /** Times from question to first answer, by bin of the logarithmic histogram. */
  bins: Counts;
};

/** What a service made of the answers to what it sent. Its key is the service. */
export type AskerCounts = {
  /** Flows in which it got an answer. */
  flows: number;
  answers: number;
  /** Answers upon which it emitted something. */
  continued: number;
  /** Flows in which it did. */
  continuedFlows: number;
  /** Flows in which two services were at work for it at the same time. */
  overlappedFlows: number;
};

/** Two steps of one service in the order in which it began them. Its key is [asker, type, answerer, type, answerer]. */
export type OrderCounts = {
  /** The first was answered before the second began. */
  sequential: number;
  overlapped: number;
};

/**
 * What is kept of flows that start alike: counts alone, so that summaries of any stretches of time add up. Its size is
 * bounded whatever the flows are.
 */
export type FlowSummary = {
  flows: number;
  events: number;
  /** Events handled by a service. */
  reactions: number;
  inferredCauses: number;
  missingCauses: number;
  /** Flows by how many causes their deepest event has. */
  depths: Counts;
  /** Events by [emitter, type]. */
  emitted: Counts;
  edges: Table<EdgeCounts>;
  askers: Table<AskerCounts>;
  orders: Table<OrderCounts>;
};

/** The most rows of each table. */
export type SummaryLimits = Record<"emitted" | "edges" | "askers" | "orders" | "replies" | "after", number>;

/** For one flow type. */
export const SUMMARY_LIMITS: SummaryLimits = {
  emitted: 256,
  edges: 256,
  askers: 64,
  orders: 512,
  replies: 8,
  after: 8,
};

/** For everything that runs in a window. */
export const WINDOW_LIMITS: SummaryLimits = {
  emitted: 8_192,
  edges: 8_192,
  askers: 2_048,
  orders: 8_192,
  replies: 8,
  after: 8,
};

export const EMPTY_SUMMARY: FlowSummary = {
  flows: 0,
  events: 0,
  reactions: 0,
  inferredCauses: 0,
  missingCauses: 0,
  depths: {},
  emitted: {},
  edges: {},
  askers: {},
  orders: {},
};

/** The summary of the flows of both. In any order and any grouping it is the same. */
export function mergeSummaries(a: FlowSummary, b: FlowSummary, limits = SUMMARY_LIMITS): FlowSummary {
  const mergeEdges = (one: EdgeCounts, other: EdgeCounts) => addEdges(one, other, limits);
  return {
    flows: a.flows + b.flows,
    events: a.events + b.events,
    reactions: a.reactions + b.reactions,
    inferredCauses: a.inferredCauses + b.inferredCauses,
    missingCauses: a.missingCauses + b.missingCauses,
    depths: addCounts(a.depths, b.depths),
    emitted: keepSmallest(addCounts(a.emitted, b.emitted), limits.emitted),
    edges: keepSmallest(mergeTables(a.edges, b.edges, mergeEdges), limits.edges),
    askers: keepSmallest(mergeTables(a.askers, b.askers, mergeAskers), limits.askers),
    orders: keepSmallest(mergeTables(a.orders, b.orders, mergeOrders), limits.orders),
  };
}

function addEdges(a: EdgeCounts, b: EdgeCounts, limits: SummaryLimits): EdgeCounts {
  return {
    events: a.events + b.events,
    flows: a.flows + b.flows,
    acted: a.acted + b.acted,
    answered: a.answered + b.answered,
    crowded: a.crowded + b.crowded,
    returns: a.returns + b.returns,
    gated: a.gated + b.gated,
    repeated: a.repeated + b.repeated,
    marked: a.marked + b.marked,
    revisits: a.revisits + b.revisits,
    reversed: a.reversed + b.reversed,
    replies: keepSmallest(addCounts(a.replies, b.replies), limits.replies),
    after: keepSmallest(addCounts(a.after, b.after), limits.after),
    bins: addCounts(a.bins, b.bins),
  };
}

function mergeAskers(a: AskerCounts, b: AskerCounts): AskerCounts {
  return {
    flows: a.flows + b.flows,
    answers: a.answers + b.answers,
    continued: a.continued + b.continued,
    continuedFlows: a.continuedFlows + b.continuedFlows,
    overlappedFlows: a.overlappedFlows + b.overlappedFlows,
  };
}

function mergeOrders(a: OrderCounts, b: OrderCounts): OrderCounts {
  return { sequential: a.sequential + b.sequential, overlapped: a.overlapped + b.overlapped };
}

export function addCounts(a: Counts, b: Counts): Counts {
  return mergeTables(a, b, (x, y) => x + y);
}

function mergeTables<Row>(a: Table<Row>, b: Table<Row>, merge: (a: Row, b: Row) => Row): Table<Row> {
  const merged = new Map(Object.entries(a));
  for (const [key, row] of Object.entries(b)) {
    const other = merged.get(key);
    merged.set(key, other === undefined ? row : merge(other, row));
  }
  return Object.fromEntries(merged);
}
