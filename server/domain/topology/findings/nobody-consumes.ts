import { edgesByOrigin } from "./edge-ids.ts";
import type { Finding } from "./finding.ts";
import { MOST_PROOFS } from "./finding.ts";
import type { FindingInput } from "./finding-input.ts";

/** Events that were owed to no consumer in the whole window. There may be thousands of kinds of them. */
export function findNobodyConsumes({ emissions, edges, flows }: FindingInput): Finding[] {
  const edgesFrom = edgesByOrigin(edges);
  const flowsWith = flowsByEmission(flows);
  return emissions
    .filter(({ events, consumers }) => events > 0 && consumers === 0)
    .map(({ type, service, events, positions }) => ({
      id: `nobody-consumes:${service}:${type}`,
      kind: "nobody-consumes",
      severity: "note",
      nodes: [service],
      edges: edgesFrom(service)
        .filter(({ types }) => types.includes(type))
        .map(({ id }) => id),
      types: [type],
      numbers: { events },
      names: {},
      flows: flowsWith.get(emissionKey({ type, service })) ?? [],
      positions: positions.slice(0, MOST_PROOFS),
    }));
}

/** Correlation ids of the first flows in which a service emitted events of a type. */
function flowsByEmission(flows: FindingInput["flows"]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { correlationId, events } of flows) {
    for (const key of new Set(events.map(emissionKey))) {
      const proofs = found.get(key) ?? [];
      if (proofs.length < MOST_PROOFS) proofs.push(correlationId);
      found.set(key, proofs);
    }
  }
  return found;
}

function emissionKey({ type, service }: { type: string; service: string }): string {
  return `${service}\n${type}`;
}
