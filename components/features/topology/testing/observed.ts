import type {
  MediatedStepDto,
  TopologyEdgeDto,
  TopologyNodeDto,
  TrafficDto,
} from "#server/contract/topology.ts";

export const TRAFFIC: TrafficDto = {
  count: 60,
  perSecond: 1,
  failed: 0,
  failureRate: 0,
  retried: 0,
  dead: 0,
  p50Ms: 10,
  p95Ms: 40,
  lastSeenAt: "2026-01-05T10:00:00.000Z",
};

export function observedNode(id: string, more: Partial<TopologyNodeDto> = {}): TopologyNodeDto {
  const isChannel = id.startsWith("channel:");
  return {
    id,
    kind: isChannel ? "channel" : "service",
    label: id.replace(/^[a-z]+:/, ""),
    group: null,
    state: "active",
    sources: [],
    consumers: [],
    isDeclared: true,
    published: 60,
    received: isChannel ? null : TRAFFIC,
    backlog: null,
    ...more,
  };
}

export function observedEdge(from: string, to: string, more: Partial<TopologyEdgeDto> = {}): TopologyEdgeDto {
  const kind = more.kind ?? (to.startsWith("channel:") ? "publishes" : "subscribes");
  return { ...TRAFFIC, id: `${from} ${kind} ${to}`, from, to, types: [], ...more, kind };
}

export function mediatedStep(node: string, command: string, isCompensation = false): MediatedStepDto {
  return { node, command, replies: [], flows: 20, isCompensation, p50Ms: 12, p95Ms: 50 };
}
