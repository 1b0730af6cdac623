import { binOf } from "../log-histogram.ts";
import { findCauses } from "./flow-causes.ts";
import { type Exchange, type FlowExchanges, findExchanges } from "./flow-exchanges.ts";
import type { FlowKey } from "./flow-key.ts";
import { countSteps } from "./flow-steps.ts";
import {
  type AskerCounts,
  addCounts,
  type Counts,
  type EdgeCounts,
  EMPTY_SUMMARY,
  type FlowSummary,
  mergeSummaries,
  type Table,
} from "./flow-summary.ts";
import type { ObservedFlow } from "./observed-flow.ts";

/** Chains that are longer count as this long. */
const DEEPEST = 64;

/**
 * The counts of one flow, with what it is counted under; null for a flow without events. Its time grows with the number
 * of events times their depth.
 */
export function summarizeFlow(flow: ObservedFlow): { key: FlowKey; summary: FlowSummary } | null {
  const [start] = flow.events;
  if (start === undefined) return null;
  const { causes, inferred, missing } = findCauses(flow);
  const found = findExchanges(flow, causes);
  const askers = countAskers(found);
  const { orders, overlapping, visits } = countSteps(flow, found);
  for (const [asker, counts] of askers) counts.overlappedFlows = overlapping.has(asker) ? 1 : 0;
  const counted: FlowSummary = {
    flows: 1,
    events: flow.events.length,
    reactions: found.reactions.reduce((sum, some) => sum + some.length, 0),
    inferredCauses: inferred,
    missingCauses: missing,
    depths: { [depthOf(causes)]: 1 },
    emitted: countBy(flow.events.map(({ service, type }) => JSON.stringify([service, type]))),
    edges: countEdges(flow, { causes, found, visits }),
    askers: Object.fromEntries(askers),
    orders,
  };
  const isDirected = found.exchanges.some(
    ({ asker }) =>
      (askers.get(asker)?.continued ?? 0) > 0 &&
      (asker === start.service || found.reactions[0]?.some(({ service }) => service === asker)),
  );
  const key: FlowKey = {
    type: start.type,
    startedBy: start.service,
    way: isDirected ? "directed" : "reacting",
  };
  // Merged with nothing, it is cut to the limits.
  return { key, summary: mergeSummaries(EMPTY_SUMMARY, counted) };
}

function countAskers({ exchanges, reactions, answered }: FlowExchanges): Map<string, AskerCounts> {
  const askers = new Map<string, AskerCounts>();
  for (const { asker } of exchanges) {
    askers.set(asker, { flows: 1, answers: 0, continued: 0, continuedFlows: 0, overlappedFlows: 0 });
  }
  for (const [answer, byAsker] of answered) {
    for (const asker of byAsker.keys()) {
      const counts = askers.get(asker);
      const reaction = reactions[answer]?.find(({ service }) => service === asker);
      if (counts === undefined) continue;
      counts.answers += 1;
      if (reaction === undefined || reaction.emitted.length === 0) continue;
      counts.continued += 1;
      counts.continuedFlows = 1;
    }
  }
  return askers;
}

function countEdges(
  flow: ObservedFlow,
  {
    causes,
    found,
    visits,
  }: {
    causes: readonly (number | null)[];
    found: FlowExchanges;
    visits: ReadonlyMap<string, { isReversed: boolean }>;
  },
): Table<EdgeCounts> {
  const edges: Table<EdgeCounts> = {};
  const answers = new Map(found.exchanges.map((one) => [`${one.question}/${one.answerer}`, one]));
  for (const [index, event] of flow.events.entries()) {
    const reactions = found.reactions[index] ?? [];
    const trigger = findTrigger(flow, causes, { index, answered: found.answered });
    for (const { service, emitted } of reactions) {
      if (service === event.service) continue;
      const key = JSON.stringify([event.service, event.type, service]);
      const edge = edges[key] ?? emptyEdge();
      edges[key] = edge;
      const hasActed = emitted.length > 0;
      edge.events += 1;
      edge.flows = 1;
      if (hasActed) edge.acted += 1;
      if (reactions.some((other) => other.service !== service && other.emitted.length > 0)) edge.crowded += 1;
      if (found.answered.get(index)?.has(service)) edge.returns += 1;
      if (isRepeated(flow, causes, index)) edge.repeated += 1;
      if (event.kind === "command") edge.marked += 1;
      if (trigger !== null) {
        edge.gated += 1;
        edge.after = addOne(edge.after, JSON.stringify([trigger.answerer, trigger.type]));
      }
      const exchange = answers.get(`${index}/${service}`);
      if (exchange !== undefined) countAnswer(flow, edge, exchange);
      const visit = visits.get(key);
      if (visit === undefined || edge.revisits > 0) continue;
      edge.revisits = 1;
      edge.reversed = visit.isReversed ? 1 : 0;
    }
  }
  return edges;
}

function countAnswer({ events }: ObservedFlow, edge: EdgeCounts, { question, answer }: Exchange): void {
  const from = events[question];
  const to = events[answer];
  if (from === undefined || to === undefined) return;
  edge.answered += 1;
  edge.replies = addOne(edge.replies, to.type);
  edge.bins = addOne(edge.bins, String(binOf(Math.max(0, to.at - from.at) * 1000)));
}

/** The answer that led a service to send an event; what it sends again was led to by what led to it first. */
function findTrigger(
  { events }: ObservedFlow,
  causes: readonly (number | null)[],
  { index, answered }: { index: number; answered: FlowExchanges["answered"] },
): { answerer: string; type: string } | null {
  const service = events[index]?.service ?? "";
  let cause = causes[index] ?? null;
  for (let steps = 0; cause !== null && steps < DEEPEST; steps += 1) {
    const event = events[cause];
    if (event === undefined) return null;
    const exchange = answered.get(cause)?.get(service);
    if (exchange !== undefined) return { answerer: exchange.answerer, type: event.type };
    if (event.service !== service) return null;
    cause = causes[cause] ?? null;
  }
  return null;
}

function isRepeated({ events }: ObservedFlow, causes: readonly (number | null)[], index: number): boolean {
  const cause = causes[index] ?? null;
  const before = cause === null ? undefined : events[cause];
  return (
    before !== undefined && before.service === events[index]?.service && before.type === events[index]?.type
  );
}

function depthOf(causes: readonly (number | null)[]): number {
  let deepest = 0;
  for (const start of causes.keys()) {
    let depth = 0;
    for (let cause = causes[start] ?? null; cause !== null && depth < DEEPEST; depth += 1) {
      cause = causes[cause] ?? null;
    }
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function emptyEdge(): EdgeCounts {
  return {
    events: 0,
    flows: 0,
    acted: 0,
    answered: 0,
    crowded: 0,
    returns: 0,
    gated: 0,
    repeated: 0,
    marked: 0,
    revisits: 0,
    reversed: 0,
    replies: {},
    after: {},
    bins: {},
  };
}

function countBy(names: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function addOne(counts: Counts, name: string): Counts {
  return addCounts(counts, { [name]: 1 });
}
