import { busynessOf } from "./busyness.ts";
import { edgeIdsBetween } from "./edge-ids.ts";
import type { Finding } from "./finding.ts";
import type { Emissions, FindingConsumer, FindingInput } from "./finding-input.ts";
import { hasHandled, provingFlows } from "./proving-flows.ts";

export const LEAST_FAN_OUT = 3;
/** So many times slower than the median of the others. */
export const SLOWER_FACTOR = 5;
export const BUSY_SHARE = 0.8;
export const LEAST_BACKLOG = 100;

/** Of those that react to one type, one that is far slower than the others and can't keep up. */
export function findFanOutBottlenecks(input: FindingInput): Finding[] {
  return input.emissions.flatMap((emission) => {
    const taking = input.consumers.flatMap((consumer) => {
      const p95Ms = consumer.received.find(({ type }) => type === emission.type)?.p95Ms ?? null;
      return p95Ms === null ? [] : [{ consumer, p95Ms }];
    });
    if (taking.length < LEAST_FAN_OUT) return [];
    return taking.flatMap(({ consumer, p95Ms }) => {
      const othersP95Ms = median(taking.filter((one) => one.consumer !== consumer).map((one) => one.p95Ms));
      const busy = busynessOf(consumer, input.windowMs);
      const backlog = consumer.backlog ?? 0;
      const isBehind = busy >= BUSY_SHARE || backlog >= LEAST_BACKLOG;
      if (p95Ms < SLOWER_FACTOR * othersP95Ms || !isBehind) return [];
      const numbers = { consumers: taking.length, p95Ms, othersP95Ms, busy, backlog };
      return [describeBottleneck(input, { emission, consumer, numbers })];
    });
  });
}

function describeBottleneck(
  input: FindingInput,
  {
    emission: { type, service: producer },
    consumer: { service, consumer },
    numbers,
  }: { emission: Emissions; consumer: FindingConsumer; numbers: Record<string, number> },
): Finding {
  return {
    id: `fan-out-bottleneck:${producer}:${type}:${consumer}`,
    kind: "fan-out-bottleneck",
    severity: (numbers.backlog ?? 0) >= LEAST_BACKLOG ? "harm" : "risk",
    nodes: [service, producer],
    edges: edgeIdsBetween(input, { from: producer, to: service, type }),
    types: [type],
    numbers,
    names: { consumer },
    flows: provingFlows(input.flows, (flow) =>
      hasHandled(flow, { emitter: producer, type, receiver: service }),
    ),
    positions: [],
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
