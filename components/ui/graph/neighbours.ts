export type Direction = "left" | "right" | "up" | "down";
export type Place = { x: number; y: number };

/** Boxes and the lines between them, by their ids. */
export type Graph = {
  nodes: readonly { id: string }[];
  edges: readonly { id: string; from: string; to: string }[];
};

/** A node with what it is connected to, and the edges between; an edge with its two ends. */
export function relatedTo(graph: Graph, id: string): { nodes: Set<string>; edges: Set<string> } {
  const edges = graph.edges.filter((edge) => edge.id === id || edge.from === id || edge.to === id);
  const nodes = new Set(edges.flatMap(({ from, to }) => [from, to]));
  if (graph.nodes.some((node) => node.id === id)) nodes.add(id);
  return { nodes, edges: new Set(edges.map((edge) => edge.id)) };
}

const AXES: Record<Direction, { along: "x" | "y"; sign: 1 | -1 }> = {
  left: { along: "x", sign: -1 },
  right: { along: "x", sign: 1 },
  up: { along: "y", sign: -1 },
  down: { along: "y", sign: 1 },
};

/** How much more a step aside counts than a step ahead. */
const ASIDE = 2;

/**
 * Where an arrow key leads: to the nearest connected node that way; where there is none, to the nearest node that
 * way. Null at the rim.
 */
export function nextInDirection(
  graph: Graph,
  places: ReadonlyMap<string, Place>,
  id: string,
  direction: Direction,
): string | null {
  const from = places.get(id);
  if (from === undefined) return null;
  const { along, sign } = AXES[direction];
  const across = along === "x" ? "y" : "x";
  const connected = relatedTo(graph, id).nodes;
  const candidates = graph.nodes.flatMap((node) => {
    const place = places.get(node.id);
    if (place === undefined || node.id === id) return [];
    const ahead = (place[along] - from[along]) * sign;
    if (ahead <= 0) return [];
    const distance = ahead + ASIDE * Math.abs(place[across] - from[across]);
    return [{ id: node.id, isConnected: connected.has(node.id), distance }];
  });
  const near = candidates.some(({ isConnected }) => isConnected)
    ? candidates.filter(({ isConnected }) => isConnected)
    : candidates;
  return near.toSorted((one, other) => one.distance - other.distance)[0]?.id ?? null;
}
