import type { NodeKind } from "#components/lib/node-kinds.tsx";
import type { TopologyDto, TopologyEdgeDto, TopologyNodeDto, TrafficDto } from "#server/contract/topology.ts";

/** A `service` both takes and emits events; a `group` stands for the nodes that were folded into it. */
export type SceneNodeKind = NodeKind | "service" | "group";

export type SceneNode = {
  id: string;
  kind: SceneNodeKind;
  label: string;
  state: TopologyNodeDto["state"];
  /** Null for a group. */
  node: TopologyNodeDto | null;
  /** Ids of what a group stands for; the node's own id otherwise. */
  members: readonly string[];
};

export type SceneEdge = {
  id: string;
  from: string;
  to: string;
  kind: TopologyEdgeDto["kind"];
  traffic: TrafficDto;
  /** Most frequent first. */
  types: TopologyEdgeDto["types"];
  /** Ids of the observed edges that it stands for. */
  members: readonly string[];
};

/** What is drawn, before it has places. */
export type Scene = { nodes: readonly SceneNode[]; edges: readonly SceneEdge[] };

/** Everything that was observed, each node and edge by itself. */
export function toScene({ nodes, edges }: Pick<TopologyDto, "nodes" | "edges">): Scene {
  return { nodes: nodes.map(toSceneNode), edges: edges.map(toSceneEdge) };
}

const sceneNodes = new WeakMap<TopologyNodeDto, SceneNode>();

/** The same object for what was read: what did not change is not drawn anew. */
export function toSceneNode(node: TopologyNodeDto): SceneNode {
  const known = sceneNodes.get(node);
  if (known !== undefined) return known;
  const { id, kind, label, state } = node;
  const made: SceneNode = { id, kind, label, state, node, members: [id] };
  sceneNodes.set(node, made);
  return made;
}

function toSceneEdge(edge: TopologyEdgeDto): SceneEdge {
  const { id, from, to, kind, types } = edge;
  return { id, from, to, kind, types, traffic: edge, members: [id] };
}

/** Several edges as one: counts add up, percentiles of several cannot be told. */
export function addTraffic(some: TrafficDto, other: TrafficDto): TrafficDto {
  const failed = some.failed + other.failed;
  const attempts = attemptsOf(some) + attemptsOf(other);
  return {
    count: some.count + other.count,
    perSecond: some.perSecond + other.perSecond,
    failed,
    failureRate: attempts === 0 ? null : failed / attempts,
    retried: some.retried + other.retried,
    dead: some.dead + other.dead,
    p50Ms: null,
    p95Ms: null,
    lastSeenAt: later(some.lastSeenAt, other.lastSeenAt),
  };
}

function attemptsOf({ failureRate, failed, count }: TrafficDto): number {
  if (failureRate === null) return 0;
  return failureRate === 0 ? count : failed / failureRate;
}

function later(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

/** Types of several edges with their counts added, most frequent first. */
export function addTypes(
  some: TopologyEdgeDto["types"],
  others: TopologyEdgeDto["types"],
): TopologyEdgeDto["types"] {
  const counts = new Map(some.map(({ type, count }) => [type, count]));
  for (const { type, count } of others) counts.set(type, (counts.get(type) ?? 0) + count);
  return [...counts]
    .map(([type, count]) => ({ type, count }))
    .toSorted((one, other) => other.count - one.count);
}
