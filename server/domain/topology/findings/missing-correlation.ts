import { edgesByOrigin } from "./edge-ids.ts";
import { type Finding, MOST_PROOFS } from "./finding.ts";
import type { FindingInput } from "./finding-input.ts";

export const LEAST_UNCORRELATED = 5;
/** Of the events of a service: fewer without a correlation id are an exception. */
export const UNCORRELATED_SHARE = 0.05;

/** Services that emit events which belong to no flow. One that drops the id of what led to them tears flows apart. */
export function findMissingCorrelation({ emissions, edges }: FindingInput): Finding[] {
  const edgesFrom = edgesByOrigin(edges);
  return [...Map.groupBy(emissions, ({ service }) => service)].flatMap(([service, own]): Finding[] => {
    const total = (of: (one: (typeof own)[number]) => number) => own.reduce((sum, one) => sum + of(one), 0);
    const events = total((one) => one.events);
    const without = total((one) => one.withoutCorrelation);
    if (without < LEAST_UNCORRELATED || without < UNCORRELATED_SHARE * events) return [];
    const dropping = own
      .filter((one) => one.withoutCorrelation > 0)
      .toSorted((a, b) => b.withoutCorrelation - a.withoutCorrelation);
    const types = dropping.map(({ type }) => type);
    const droppedFrom = total((one) => one.causedWithoutCorrelation);
    return [
      {
        id: `missing-correlation:${service}`,
        kind: "missing-correlation",
        severity: droppedFrom > 0 ? "risk" : "note",
        nodes: [service],
        edges: edgesFrom(service)
          .filter((edge) => edge.types.some((type) => types.includes(type)))
          .map(({ id }) => id),
        types,
        numbers: { events, without, share: without / events, droppedFrom },
        names: {},
        flows: [],
        positions: dropping.flatMap(({ positions }) => positions).slice(0, MOST_PROOFS),
      },
    ];
  });
}
