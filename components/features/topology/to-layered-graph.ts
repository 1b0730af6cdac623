import type { LayeredGraph } from "#components/ui/graph/layered-layout.ts";
import { NODE_HEIGHT, NODE_WIDTH } from "./placement.ts";
import type { Scene } from "./scene.ts";

/** Above this the engine takes longer than anybody waits, and the ways of edges would be a thicket. */
export const MAX_LAYERED_EDGES = 160;

/** A scene to be laid out: left to right, in the order of ids, producers first. */
export function toLayeredGraph({ nodes, edges }: Scene): LayeredGraph {
  return {
    direction: "RIGHT",
    nodes: nodes
      .toSorted((one, other) => one.id.localeCompare(other.id))
      .map(({ id }) => ({ id, width: NODE_WIDTH, height: NODE_HEIGHT })),
    edges: edges
      .toSorted((one, other) => one.id.localeCompare(other.id))
      .map(({ id, from, to }) => ({ id, from, to })),
  };
}
