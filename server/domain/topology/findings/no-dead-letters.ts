import type { Finding } from "./finding.ts";
import type { FindingInput } from "./finding-input.ts";

/** Consumers whose failures for good leave nothing behind that somebody could repair. */
export function findNoDeadLetters({ consumers, edges }: FindingInput): Finding[] {
  return consumers
    .filter(({ hasDeadLetters, received }) => hasDeadLetters === false && received.length > 0)
    .map(({ service, consumer, received }) => {
      const failed = received.reduce((sum, one) => sum + one.failed, 0);
      return {
        id: `no-dead-letters:${consumer}`,
        kind: "no-dead-letters",
        severity: failed > 0 ? "harm" : "risk",
        nodes: [service],
        edges: edges.filter(({ to }) => to === service).map(({ id }) => id),
        types: received.filter((one) => one.failed > 0).map(({ type }) => type),
        numbers: { failed, received: received.reduce((sum, one) => sum + one.attempts, 0) },
        names: { consumer },
        flows: [],
        positions: [],
      };
    });
}
