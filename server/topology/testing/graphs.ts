import type { TopologyDto, TopologyEdgeDto, TopologyNodeDto } from "#server/contract/topology.ts";

/** A graph as a test wants it; what it leaves out does not matter to it. */
export function makeGraph(parts: Partial<TopologyDto> = {}): TopologyDto {
  return {
    window: { from: "2026-05-04T12:00:00.000Z", to: "2026-05-04T13:00:00.000Z" },
    asOf: null,
    flowType: null,
    flows: null,
    relativeError: 0.05,
    nodes: [],
    edges: [],
    isCapped: false,
    ...parts,
  };
}

export function makeNode(id: string, parts: Partial<TopologyNodeDto> = {}): TopologyNodeDto {
  const [kind = "", label = id] = id.split(/:(.*)/s);
  return {
    id,
    kind: kind === "service" ? "service" : "channel",
    label,
    group: null,
    state: "active",
    sources: [],
    consumers: [],
    isDeclared: kind !== "type",
    published: 0,
    received: null,
    backlog: null,
    ...parts,
  };
}

export function makeEdge(id: string, parts: Partial<TopologyEdgeDto> = {}): TopologyEdgeDto {
  return {
    id,
    from: "service:a",
    to: "channel:b",
    kind: "publishes",
    count: 100,
    perSecond: 1,
    failed: 0,
    failureRate: 0,
    retried: 0,
    dead: 0,
    p50Ms: 10,
    p95Ms: 20,
    lastSeenAt: null,
    types: [],
    ...parts,
  };
}
