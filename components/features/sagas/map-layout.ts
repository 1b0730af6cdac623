import type { LayeredGraph, Layout } from "#components/ui/graph/layered-layout.ts";
import type { MapGraph, MapNode } from "./map-graph.ts";

const STEP_SIZE = { width: 216, height: 66 };
const END_SIZE = { width: 148, height: 30 };
/** Room for "12.3K · 99.9%" on a line. */
export const LABEL_SIZE = { width: 92, height: 16 };

const MIN_WIDTH = 1.25;
const MAX_WIDTH = 8;

export function sizeOf({ kind }: Pick<MapNode, "kind">): { width: number; height: number } {
  return kind === "step" ? STEP_SIZE : END_SIZE;
}

/** The graph to be laid out: from top to bottom, what most flows took first. */
export function toLayeredGraph({ nodes, edges }: MapGraph): LayeredGraph {
  return {
    direction: "DOWN",
    nodes: nodes.map((node) => ({ id: node.id, ...sizeOf(node) })),
    edges: edges.map(({ id, from, to }) => ({ id, from, to, label: LABEL_SIZE })),
  };
}

/** The upper left and the lower right corner of all lines and of the words on them, which reach beyond the boxes. */
export function cornersOf({ routes, labels }: Pick<Layout, "routes" | "labels">): [Place, Place] | null {
  const points = [...routes.values()].flat();
  for (const { x, y } of labels.values()) {
    points.push({ x, y }, { x: x + LABEL_SIZE.width, y: y + LABEL_SIZE.height });
  }
  if (points.length === 0) return null;
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return [
    { x: Math.min(...xs), y: Math.min(...ys) },
    { x: Math.max(...xs), y: Math.max(...ys) },
  ];
}

type Place = { x: number; y: number };

/** What the layout depends on, so that it stays while nothing but numbers change. */
export function layoutKey({ nodes, edges }: MapGraph): string {
  return JSON.stringify([nodes.map(({ id }) => id).toSorted(), edges.map(({ id }) => id).toSorted()]);
}

/** How wide a branch is drawn: by its share of all flows. */
export function branchWidth(flows: number, all: number): number {
  if (all === 0) return MIN_WIDTH;
  return MIN_WIDTH + (MAX_WIDTH - MIN_WIDTH) * Math.min(1, flows / all);
}
