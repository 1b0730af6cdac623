import { type Edge, readNames } from "./direction.ts";
import type { OrderCounts, Table } from "./flow-summary.ts";

/** A step of a mediator: what it sends, and to whom. */
export type StepName = { command: string; service: string };

export function stepName({ type, receiver }: Edge): StepName {
  return { command: type, service: receiver };
}

/** How two steps stood to each other in the flows that had both. */
export type StepPair = { forward: number; backward: number; overlapped: number };

/** Two steps that overlap in so many of the flows that have both run side by side. */
const PARALLEL_SHARE = 0.1;
/** From here on, order counts as fixed. */
const FIXED_AGREEMENT = 0.8;
const BEFORE = 0.5;

/** Counts of a mediator's steps, for each pair both ways. */
export function pairsOf(orders: Table<OrderCounts>, asker: string): (a: StepName, b: StepName) => StepPair {
  const rows = new Map<string, OrderCounts>();
  for (const [key, counts] of Object.entries(orders)) {
    const [by, ...steps] = readNames(key);
    if (by === asker) rows.set(JSON.stringify(steps), counts);
  }
  const find = (a: StepName, b: StepName) =>
    rows.get(JSON.stringify([a.command, a.service, b.command, b.service])) ?? {
      sequential: 0,
      overlapped: 0,
    };
  return (a, b) => {
    const there = find(a, b);
    const back = find(b, a);
    return {
      forward: there.sequential,
      backward: back.sequential,
      overlapped: there.overlapped + back.overlapped,
    };
  };
}

export function isParallel({ forward, backward, overlapped }: StepPair): boolean {
  return overlapped > 0 && overlapped >= PARALLEL_SHARE * (forward + backward + overlapped);
}

/** They never ran in the same flow. */
export function isApart({ forward, backward, overlapped }: StepPair): boolean {
  return forward + backward + overlapped === 0;
}

/** The dependency measure of the heuristics miner (Weijters, van der Aalst 2006), from -1 to 1. */
export function dependencyOf({ forward, backward, overlapped }: StepPair): number {
  return (forward - backward) / (forward + backward + overlapped + 1);
}

export function isBefore(pair: StepPair): boolean {
  return dependencyOf(pair) >= BEFORE;
}

/**
 * How far flows agree on the order of a mediator's steps, from 0 to 1, over the pairs of steps that do not run side by
 * side; null where there are none. Weighted by flows, so that a rare exception stays one.
 */
export function agreementOf(
  orders: Table<OrderCounts>,
  asker: string,
): { agreement: number | null; pairs: number } {
  const counted = new Map<string, StepPair>();
  for (const [key, { sequential, overlapped }] of Object.entries(orders)) {
    const [by, aCommand, aService, bCommand, bService] = readNames(key);
    if (by !== asker) continue;
    const a = JSON.stringify([aCommand, aService]);
    const b = JSON.stringify([bCommand, bService]);
    const name = JSON.stringify([a, b].sort());
    const pair = counted.get(name) ?? { forward: 0, backward: 0, overlapped: 0 };
    counted.set(name, pair);
    pair[a < b ? "forward" : "backward"] += sequential;
    pair.overlapped += overlapped;
  }
  const ordered = [...counted.values()].filter((pair) => !isParallel(pair) && !isApart(pair));
  const all = ordered.reduce((sum, { forward, backward }) => sum + forward + backward, 0);
  if (all === 0) return { agreement: null, pairs: 0 };
  const agreed = ordered.reduce((sum, { forward, backward }) => sum + Math.abs(forward - backward), 0);
  return { agreement: agreed / all, pairs: ordered.length };
}

export function isOrderFree(agreement: number | null): boolean {
  return agreement !== null && agreement < FIXED_AGREEMENT;
}
