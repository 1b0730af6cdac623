import { type Finding, MOST_PROOFS, type Severity } from "./finding.ts";
import type { FindingInput } from "./finding-input.ts";

/** Of the events of a type: from here on, one key is hot. */
export const HOT_SHARE = 0.2;
export const LEAST_OF_TYPE = 100;
/** Of the window, that the events of one key keep an ordered consumer at work: from here on, order holds it up. */
export const SERIAL_SHARE = 0.5;

/** A key with so many events that a consumer which takes them in order can hardly do anything else at the same time. */
export function findHotKeys({ keys, consumers, edges, windowMs }: FindingInput): Finding[] {
  return keys
    .filter(({ events, all }) => all >= LEAST_OF_TYPE && events >= HOT_SHARE * all)
    .flatMap(({ type, key, events, all, positions }) =>
      consumers.flatMap(({ service, consumer, isOrdered, concurrency, received }): Finding[] => {
        const counts = received.find((one) => one.type === type);
        if (!isOrdered || concurrency < 2 || counts === undefined) return [];
        const busy = Math.min(1, (events * (counts.meanMs ?? 0)) / windowMs);
        const severity: Severity = busy >= SERIAL_SHARE ? "harm" : "risk";
        return [
          {
            id: `hot-key:${consumer}:${type}:${key}`,
            kind: "hot-key",
            severity,
            nodes: [service],
            edges: edges
              .filter(({ to, types }) => to === service && types.includes(type))
              .map(({ id }) => id),
            types: [type],
            numbers: { events, share: events / all, busy },
            names: { key, consumer },
            flows: [],
            positions: positions.slice(0, MOST_PROOFS),
          },
        ];
      }),
    );
}
