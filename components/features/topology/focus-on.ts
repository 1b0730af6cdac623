import { relatedTo } from "#components/ui/graph/neighbours.ts";
import type { Scene } from "./scene.ts";

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
