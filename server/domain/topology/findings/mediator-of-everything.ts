import { findDirection } from "../direction.ts";
import type { Finding } from "./finding.ts";
import type { FindingInput } from "./finding-input.ts";
import { provingFlows } from "./proving-flows.ts";

/** Of all flows: from here on, everything goes by way of the mediator. */
export const EVERYTHING_SHARE = 0.8;
/** A mediator of one business is what a mediator is for. */
export const LEAST_FLOW_TYPES = 2;
export const LEAST_FLOWS = 10;

type Seen = {
  flows: number;
  flowTypes: number;
  services: Set<string>;
  types: Set<string>;
};

/** A mediator that nearly all flows need, of several flow types: when it stands still, so does everything. */
export function findMediatorsOfEverything({ summaries, edges, flows }: FindingInput): Finding[] {
  const all = summaries.reduce((sum, summary) => sum + summary.flows, 0);
  if (all < LEAST_FLOWS) return [];
  const byMediator = new Map<string, Seen>();
  for (const summary of summaries) {
    for (const mediator of findDirection(summary).mediators) {
      const seen = byMediator.get(mediator.service) ?? emptySeen();
      byMediator.set(mediator.service, seen);
      seen.flows += mediator.flows;
      seen.flowTypes += 1;
      for (const { receiver, type } of mediator.edges) {
        seen.services.add(receiver);
        seen.types.add(type);
      }
    }
  }
  return [...byMediator]
    .filter(([, seen]) => seen.flows >= EVERYTHING_SHARE * all && seen.flowTypes >= LEAST_FLOW_TYPES)
    .map(([service, seen]) => ({
      id: `mediator-of-everything:${service}`,
      kind: "mediator-of-everything",
      severity: "risk",
      nodes: [service],
      edges: edges.filter(({ from, to }) => from === service || to === service).map(({ id }) => id),
      types: [...seen.types],
      numbers: {
        flows: seen.flows,
        share: seen.flows / all,
        flowTypes: seen.flowTypes,
        services: seen.services.size,
      },
      names: {},
      flows: provingFlows(flows, ({ events }) => events.some((event) => event.service === service)),
      positions: [],
    }));
}

function emptySeen(): Seen {
  return { flows: 0, flowTypes: 0, services: new Set(), types: new Set() };
}
