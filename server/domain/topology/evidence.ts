import { countReceivers, type Direction, type Director, type Edge, isCrowded, worksOf } from "./direction.ts";
import type { FlowSummary } from "./flow-summary.ts";
import { agreementOf, isOrderFree, isParallel, pairsOf, stepName } from "./step-order.ts";
import type { Evidence } from "./verdict.ts";
import type { WorkShares } from "./work-shares.ts";

/** Fewer flows are too little evidence. */
export const LEAST_FLOWS = 5;
/** One service that works shows nothing about who decides. */
export const LEAST_WORKERS = 2;
/** Of the events that have a cause: from here on too many of these causes are not known. */
export const MOST_GAPS = 0.5;

/** From here on, a chain of events is deep. */
const DEEP = 3;
/** Services that a piece of evidence names; its numbers count all of them. */
const MOST_NODES = 12;
/** Of the flows in which a service hears from several: from here on it collects. */
const COLLECTS_SHARE = 0.5;
/** Pieces of evidence of one kind. */
const MOST_OF_A_KIND = 4;

/** Everything that speaks for a verdict or against it, in words' kinds and in numbers; strongest first of each kind. */
export function findEvidence(
  summary: FlowSummary,
  { direction, shares, gaps }: { direction: Direction; shares: WorkShares; gaps: number },
): Evidence[] {
  const { mediators, gatherers, dispatchers } = direction;
  const evidence = [
    ...strongest(mediators).map(commandsAndWaits),
    ...strongest([...gatherers.filter(hasOwnQuestions), ...dispatchers]).map(directsWithoutWaiting),
    ...reactsOnItsOwn(summary, shares),
    ...strongest(mediators).flatMap((one) => orderOf(summary, one)),
    ...strongest(mediators).flatMap((one) => parallelSteps(summary, one)),
    ...collectors(direction),
    ...fanOuts(direction),
    ...depth(summary, direction),
    ...lacks(summary, { shares, gaps }),
  ];
  return evidence.map((one) => ({ ...one, nodes: [...new Set(one.nodes)].slice(0, MOST_NODES) }));
}

function strongest(directors: readonly Director[]): Director[] {
  return directors.toSorted((a, b) => b.flows - a.flows).slice(0, MOST_OF_A_KIND);
}

function commandsAndWaits({ service, edges, flows }: Director): Evidence {
  const commands = sum(edges.map(({ events }) => events));
  const answered = sum(edges.map((edge) => edge.answered));
  return {
    kind: "commands-and-waits",
    speaksFor: "mediator",
    nodes: [service, ...receiversOf(edges)],
    numbers: { services: countReceivers(edges), commands, answered, flows },
  };
}

function hasOwnQuestions({ edges }: Director): boolean {
  return edges.some((edge) => !isCrowded(edge));
}

function directsWithoutWaiting({ service, edges, flows }: Director): Evidence {
  return {
    kind: "directs-without-waiting",
    speaksFor: "neither",
    nodes: [service, ...receiversOf(edges)],
    numbers: { services: countReceivers(edges), commands: sum(edges.map(({ events }) => events)), flows },
  };
}

function reactsOnItsOwn({ flows }: FlowSummary, { workers }: WorkShares): Evidence[] {
  const free = workers.filter(({ directed }) => directed === 0).toSorted((a, b) => b.weight - a.weight);
  if (free.length === 0) return [];
  const reactions = sum(free.flatMap(({ edges }) => edges.map(worksOf)));
  return [
    {
      kind: "reacts-on-its-own",
      speaksFor: "broker",
      nodes: free.map(({ service }) => service),
      numbers: { services: free.length, reactions, flows },
    },
  ];
}

function orderOf({ orders }: FlowSummary, { service, edges, flows }: Director): Evidence[] {
  const { agreement } = agreementOf(orders, service);
  if (agreement === null) return [];
  const isFree = isOrderFree(agreement);
  return [
    {
      kind: isFree ? "free-order" : "fixed-order",
      speaksFor: isFree ? "neither" : "mediator",
      nodes: [service, ...receiversOf(edges)],
      numbers: { steps: edges.length, agreement, flows },
    },
  ];
}

function parallelSteps({ askers, orders }: FlowSummary, { service, edges, flows }: Director): Evidence[] {
  const overlapped = askers[service]?.overlappedFlows ?? 0;
  const pairs = pairsOf(orders, service);
  const parallel = edges.filter((edge) =>
    edges.some(
      (other) => edge.receiver !== other.receiver && isParallel(pairs(stepName(edge), stepName(other))),
    ),
  );
  if (parallel.length === 0) return [];
  return [
    {
      kind: "parallel-steps",
      speaksFor: "mediator",
      nodes: [service, ...receiversOf(parallel)],
      numbers: { steps: parallel.length, flows: overlapped, share: overlapped / flows },
    },
  ];
}

/** Services that hear from several in most flows and command none of them. */
function collectors({ edges, mediators, gatherers }: Direction): Evidence[] {
  const commanding = new Set(mediators.map(({ service }) => service));
  const broadcasting = gatherers.filter((one) => !hasOwnQuestions(one));
  const found = [...Map.groupBy(edges, ({ receiver }) => receiver)].flatMap(([service, received]) => {
    if (commanding.has(service)) return [];
    const asked = broadcasting.find((one) => one.service === service);
    if (asked !== undefined)
      return [{ service, heard: [...new Set(receiversOf(asked.edges))], flows: asked.flows }];
    const most = Math.max(...received.map(({ flows }) => flows));
    const often = received.filter((edge) => edge.returns === 0 && edge.flows > COLLECTS_SHARE * most);
    const heard = [...new Set(often.map(({ emitter }) => emitter))];
    return heard.length >= 2 ? [{ service, heard, flows: most }] : [];
  });
  return found
    .toSorted((a, b) => b.heard.length - a.heard.length)
    .slice(0, MOST_OF_A_KIND)
    .map(({ service, heard, flows }) => ({
      kind: "collects-without-commanding",
      speaksFor: "broker",
      nodes: [service, ...heard],
      numbers: { services: heard.length, flows },
    }));
}

/** Events that several services react to without being asked. */
function fanOuts({ edges, mediators }: Direction): Evidence[] {
  const commands = new Set(mediators.flatMap((one) => one.edges));
  const reacting = edges.filter((edge) => !commands.has(edge) && worksOf(edge) > 0);
  return [...Map.groupBy(reacting, ({ emitter, type }) => JSON.stringify([emitter, type])).values()]
    .filter((told) => told.length >= 2)
    .toSorted((a, b) => b.length - a.length)
    .slice(0, MOST_OF_A_KIND)
    .map((told) => ({
      kind: "fan-out",
      speaksFor: "broker",
      nodes: [...told.slice(0, 1).map(({ emitter }) => emitter), ...receiversOf(told)],
      numbers: { services: told.length, flows: Math.max(...told.map(({ flows }) => flows)) },
    }));
}

function depth({ depths, flows }: FlowSummary, { mediators }: Direction): Evidence[] {
  const sorted = Object.entries(depths)
    .map(([deep, count]) => ({ deep: Number(deep), count }))
    .sort((a, b) => a.deep - b.deep);
  let seen = 0;
  const median = sorted.find(({ count }) => {
    seen += count;
    return seen * 2 >= flows;
  });
  const deepest = sorted.at(-1);
  if (median === undefined || deepest === undefined || deepest.deep === 0) return [];
  const isChain = median.deep >= DEEP && mediators.length === 0;
  const speaksFor = isChain ? "broker" : "neither";
  return [{ kind: "depth", speaksFor, nodes: [], numbers: { median: median.deep, deepest: deepest.deep } }];
}

function lacks(
  { flows, events, missingCauses }: FlowSummary,
  { shares, gaps }: { shares: WorkShares; gaps: number },
): Evidence[] {
  const found: Evidence[] = [];
  const lack = (kind: "few-flows" | "few-steps" | "gaps", numbers: Record<string, number>) =>
    found.push({ kind, speaksFor: "neither", nodes: [], numbers });
  if (flows < LEAST_FLOWS) lack("few-flows", { flows, needed: LEAST_FLOWS });
  const services = shares.workers.length;
  if (services < LEAST_WORKERS) lack("few-steps", { services, needed: LEAST_WORKERS });
  if (missingCauses > 0) lack("gaps", { missing: missingCauses, events, share: gaps });
  return found;
}

function receiversOf(edges: readonly Edge[]): string[] {
  return edges.toSorted((a, b) => b.flows - a.flows).map(({ receiver }) => receiver);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
