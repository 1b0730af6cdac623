import { type Direction, type Edge, isCrowded, worksOf } from "./direction.ts";
import type { FlowSummary } from "./flow-summary.ts";

/** A service that works, and how much of its work others direct. */
export type Worker = {
  service: string;
  /** From 0 to 1: the share of the flows in which it takes part, halved if it only listens. */
  weight: number;
  /** From 0 to 1. */
  directed: number;
  edges: Edge[];
};

export type WorkShares = {
  workers: Worker[];
  /** Directed work of all work, from 0 to 1; null without any. */
  share: number | null;
  /** Weight of services at which either side may lead, of all weight. */
  undecided: number;
};

/** Who only listens has less to do with how the flow goes on. */
const LISTENER_WEIGHT = 0.5;
/** Who hears nearly everything that anybody emits, and does nothing about it, only watches: it does not vote. */
const WATCHED_SHARE = 0.8;
const LEAST_WATCHED = 4;
/** Neither commanded and awaited, nor left to itself. */
const HALF_DIRECTED = 0.5;

/**
 * Each service votes once, by the share of its work that others direct, so that neither a busy one nor one that hears
 * of everything outvotes the rest. Those that direct do not vote, except where they are directed themselves.
 */
export function shareWork(direction: Direction, { flows, emitted }: FlowSummary): WorkShares {
  const directions = new Map<Edge, number | null>();
  for (const edge of direction.pairs.flatMap(({ edges }) => edges)) directions.set(edge, null);
  for (const edge of direction.unheard) directions.set(edge, null);
  for (const { edges } of [...direction.gatherers, ...direction.dispatchers]) {
    for (const edge of edges) directions.set(edge, HALF_DIRECTED);
  }
  for (const { edges } of direction.mediators) {
    for (const edge of edges) directions.set(edge, isCrowded(edge) ? HALF_DIRECTED : 1);
  }
  const directors = new Set(
    [...direction.mediators, ...direction.gatherers, ...direction.dispatchers].map(({ service }) => service),
  );
  const workers: Worker[] = [];
  let undecided = 0;
  for (const [service, received] of Map.groupBy(direction.edges, ({ receiver }) => receiver)) {
    if (isWatcher(received, Object.keys(emitted).length)) continue;
    const working = received.filter((edge) => worksOf(edge) > 0);
    const counted = directors.has(service)
      ? working.filter((edge) => directions.get(edge) === 1)
      : working.filter((edge) => directions.get(edge) !== null);
    const weight = weigh(directors.has(service) ? counted : working, flows);
    if (counted.length === 0) {
      if (!directors.has(service)) undecided += weight;
      continue;
    }
    const works = sum(counted.map(worksOf));
    const directed = sum(counted.map((edge) => worksOf(edge) * (directions.get(edge) ?? 0))) / works;
    workers.push({ service, weight, directed, edges: counted });
  }
  const total = sum(workers.map(({ weight }) => weight));
  const share = total === 0 ? null : sum(workers.map(({ weight, directed }) => weight * directed)) / total;
  return { workers, share, undecided: undecided === 0 ? 0 : undecided / (undecided + total) };
}

function isWatcher(received: readonly Edge[], kinds: number): boolean {
  const hears = kinds >= LEAST_WATCHED && received.length >= WATCHED_SHARE * kinds;
  return hears && received.every(({ acted }) => acted === 0);
}

function weigh(edges: readonly Edge[], flows: number): number {
  const present = Math.min(1, Math.max(0, ...edges.map((edge) => edge.flows)) / flows);
  return edges.some(({ acted }) => acted > 0) ? present : present * LISTENER_WEIGHT;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
