import type { Finding } from "./finding.ts";
import { MOST_PROOFS } from "./finding.ts";
import type { FindingInput } from "./finding-input.ts";
import { provingFlows } from "./proving-flows.ts";

/** Events that were owed to no consumer in the whole window. */
export function findNobodyConsumes({ emissions, edges, flows }: FindingInput): Finding[] {
  return emissions
    .filter(({ events, consumers }) => events > 0 && consumers === 0)
    .map(({ type, service, events, positions }) => ({
      id: `nobody-consumes:${service}:${type}`,
      kind: "nobody-consumes",
      severity: "note",
      nodes: [service],
      edges: edges.filter((edge) => edge.from === service && edge.types.includes(type)).map(({ id }) => id),
      types: [type],
      numbers: { events },
      names: {},
      flows: provingFlows(flows, (flow) =>
        flow.events.some((event) => event.type === type && event.service === service),
      ),
      positions: positions.slice(0, MOST_PROOFS),
    }));
}
