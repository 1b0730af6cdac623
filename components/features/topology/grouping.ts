import { addTraffic, addTypes, type Scene, type SceneEdge, type SceneNode } from "./scene.ts";

/** More than this is no picture any more: what belongs together is folded. */
export const MAX_DRAWN_NODES = 500;
export const MAX_DRAWN_EDGES = 2_000;

const PREFIX = "group:";

export type Grouping = {
  /** The name of a node's group; null where it stands by itself. */
  groupOf: (node: SceneNode) => string | null;
  /** Names of the groups with two nodes or more, in alphabetical order. */
  names: readonly string[];
};

/** The groups by the names that services share. */
export function findGroups(scene: Scene): Grouping {
  return groupingBy(scene, ({ node }) => node?.group ?? null);
}

/** Groups for what is too large to draw: where services share no names, by the beginning of their own. */
export function findCoarseGroups(scene: Scene): Grouping {
  return groupingBy(scene, ({ node, label }) => node?.group ?? /^[^.\-/_:]+/.exec(label)?.[0] ?? null);
}

function groupingBy(scene: Scene, nameOf: (node: SceneNode) => string | null): Grouping {
  const sizes = new Map<string, number>();
  for (const node of scene.nodes) {
    const name = nameOf(node);
    if (name !== null) sizes.set(name, (sizes.get(name) ?? 0) + 1);
  }
  const names = [...sizes].filter(([, size]) => size > 1).map(([name]) => name);
  const known = new Set(names);
  return {
    groupOf: (node) => {
      const name = nameOf(node);
      return name !== null && known.has(name) ? name : null;
    },
    names: names.toSorted(),
  };
}

export function isTooLarge({ nodes, edges }: Scene): boolean {
  return nodes.length > MAX_DRAWN_NODES || edges.length > MAX_DRAWN_EDGES;
}

/** The scene with each of the groups as one node, and edges between the same two nodes as one. */
export function foldGroups(scene: Scene, { groupOf }: Grouping, folded: ReadonlySet<string>): Scene {
  if (folded.size === 0) return scene;
  const target = new Map<string, string>();
  const nodes = new Map<string, SceneNode>();
  for (const node of scene.nodes) {
    const group = groupOf(node);
    if (group === null || !folded.has(group)) {
      target.set(node.id, node.id);
      nodes.set(node.id, node);
      continue;
    }
    const id = PREFIX + group;
    target.set(node.id, id);
    nodes.set(id, addMember(nodes.get(id), node, group));
  }
  const edges = new Map<string, SceneEdge>();
  for (const edge of scene.edges) {
    const from = target.get(edge.from);
    const to = target.get(edge.to);
    if (from === undefined || to === undefined) continue;
    const isMoved = from !== edge.from || to !== edge.to;
    // What stays inside of a group is not seen while it is folded.
    if (isMoved && from === to) continue;
    const id = isMoved ? `${from}>${to}>${edge.kind}` : edge.id;
    edges.set(id, addEdge(edges.get(id), { ...edge, id, from, to }));
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** The group that a node of a scene stands for; null for another node. */
export function groupNameOf(id: string): string | null {
  return id.startsWith(PREFIX) ? id.slice(PREFIX.length) : null;
}

const STATES_BY_WEIGHT = ["failing", "paused", "active", "silent", "removed"] as const;

function addMember(group: SceneNode | undefined, member: SceneNode, name: string): SceneNode {
  const states = [member.state, ...(group === undefined ? [] : [group.state])];
  return {
    id: PREFIX + name,
    kind: "group",
    label: name,
    // Nothing that fails may hide in a folded group.
    state: STATES_BY_WEIGHT.find((state) => states.includes(state)) ?? member.state,
    node: null,
    members: [...(group?.members ?? []), member.id],
  };
}

function addEdge(sum: SceneEdge | undefined, edge: SceneEdge): SceneEdge {
  if (sum === undefined) return edge;
  return {
    ...sum,
    traffic: addTraffic(sum.traffic, edge.traffic),
    types: addTypes(sum.types, edge.types),
    members: [...sum.members, ...edge.members],
  };
}
