import type { Emissions, FindingConsumer, FindingInput, ReceivedType } from "../findings/finding-input.ts";
import { flowTypeId } from "../flow-key.ts";
import { type FlowSummary, mergeSummaries } from "../flow-summary.ts";
import type { ObservedFlow } from "../observed-flow.ts";
import { summarizeFlow } from "../summarize-flow.ts";

/** A window of an hour in which nothing is amiss, but for what is given. */
export function findingInput(given: Partial<FindingInput>): FindingInput {
  return {
    windowMs: 3_600_000,
    edges: [],
    channels: [],
    emissions: [],
    consumers: [],
    summaries: [],
    flows: [],
    keys: [],
    versions: [],
    payloads: [],
    ...given,
  };
}

export function emissions(given: Partial<Emissions> = {}): Emissions {
  return {
    type: "order.placed",
    service: "shop",
    events: 100,
    consumers: 1,
    withoutCorrelation: 0,
    causedWithoutCorrelation: 0,
    positions: ["9", "8"],
    ...given,
  };
}

export function consumer(given: Partial<FindingConsumer> = {}): FindingConsumer {
  return {
    service: "mail",
    consumer: "mail",
    subscribedMs: 86_400_000,
    isPaused: false,
    isExternal: false,
    isOrdered: false,
    concurrency: 4,
    retry: { retries: 3, baseMs: 1_000, factor: 2, capMs: 60_000, jitter: "full" },
    hasDeadLetters: true,
    received: [received()],
    backlog: 0,
    mostAttempts: 1,
    ...given,
  };
}

export function received(given: Partial<ReceivedType> = {}): ReceivedType {
  return {
    type: "order.placed",
    attempts: 100,
    failed: 0,
    retried: 0,
    dead: 0,
    meanMs: 10,
    p95Ms: 20,
    ...given,
  };
}

/** Flows as they enter findings: the flows themselves, and a summary for each flow type. */
export function fromFlows(flows: readonly ObservedFlow[]): Pick<FindingInput, "flows" | "summaries"> {
  const byType = new Map<string, FlowSummary>();
  for (const flow of flows) {
    const found = summarizeFlow(flow);
    if (found === null) continue;
    const id = flowTypeId(found.key);
    const before = byType.get(id);
    byType.set(id, before === undefined ? found.summary : mergeSummaries(before, found.summary));
  }
  return { flows, summaries: [...byType.values()] };
}
