import type { Scene } from "./scene.ts";

export type Direction = "left" | "right" | "up" | "down";
export type Place = { x: number; y: number };

/** A node with what it is connected to, and the edges between; an edge with its two ends. */
export function relatedTo(scene: Scene, id: string): { nodes: Set<string>; edges: Set<string> } {
  const edges = scene.edges.filter((edge) => edge.id === id || edge.from === id || edge.to === id);
  const nodes = new Set(edges.flatMap(({ from, to }) => [from, to]));
  if (scene.nodes.some((node) => node.id === id)) nodes.add(id);
  return { nodes, edges: new Set(edges.map((edge) => edge.id)) };
}

/**
 * The part of a scene around a node: what it is connected to, and what lies behind a channel, since a channel alone
 * does not say who is there.
 */
export function focusOn(scene: Scene, id: string): Scene {
  const { nodes: near } = relatedTo(scene, id);
  if (near.size === 0) return scene;
  const kept = new Set(near);
  for (const node of scene.nodes) {
    if (node.kind !== "channel" || !near.has(node.id)) continue;
    for (const other of relatedTo(scene, node.id).nodes) kept.add(other);
  }
  return {
    nodes: scene.nodes.filter((node) => kept.has(node.id)),
    edges: scene.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
  };
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
  scene: Scene,
  places: ReadonlyMap<string, Place>,
  id: string,
  direction: Direction,
): string | null {
  const from = places.get(id);
  if (from === undefined) return null;
  const { along, sign } = AXES[direction];
  const across = along === "x" ? "y" : "x";
  const connected = relatedTo(scene, id).nodes;
  const candidates = scene.nodes.flatMap((node) => {
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
