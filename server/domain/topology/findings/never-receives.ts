import type { Finding } from "./finding.ts";
import type { FindingInput } from "./finding-input.ts";

/** In a window with fewer events than this, having got none says nothing. */
export const LEAST_EMITTED = 20;

/** Consumers that were subscribed for the whole window, were not paused, and got nothing while events went by. */
export function findNeverReceives({ consumers, emissions, edges, windowMs }: FindingInput): Finding[] {
  const emitted = emissions.reduce((sum, { events }) => sum + events, 0);
  if (emitted < LEAST_EMITTED) return [];
  return consumers
    .filter(
      ({ subscribedMs, isPaused, received, backlog }) =>
        subscribedMs >= windowMs && !isPaused && received.length === 0 && (backlog ?? 0) === 0,
    )
    .map(({ service, consumer }) => ({
      id: `never-receives:${consumer}`,
      kind: "never-receives",
      severity: "risk",
      nodes: [service],
      edges: edges.filter((edge) => edge.to === service).map(({ id }) => id),
      types: [],
      numbers: { silentMs: windowMs, emitted },
      names: { consumer },
      flows: [],
      positions: [],
    }));
}
