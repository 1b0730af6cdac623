import type { ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api.js";
import type { Place } from "./neighbours.ts";
import { NODE_HEIGHT, NODE_WIDTH } from "./placement.ts";
import type { Scene } from "./scene.ts";

/** Places of nodes, and the ways of edges around them where they were worked out. */
export type Layout = {
  places: ReadonlyMap<string, Place>;
  routes: ReadonlyMap<string, readonly Place[]>;
};

/** Above this the engine takes longer than anybody waits, and the ways of edges would be a thicket. */
export const MAX_LAYERED_EDGES = 160;

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
  "elk.spacing.nodeNode": "20",
  "elk.spacing.edgeNode": "18",
  "elk.spacing.edgeEdge": "10",
  "elk.spacing.componentComponent": "40",
  "elk.layered.spacing.nodeNodeBetweenLayers": "72",
  "elk.layered.spacing.edgeNodeBetweenLayers": "24",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "10",
};

/** A scene as the layout engine reads it: left to right, in the order of ids, producers first. */
export function toElkGraph(scene: Scene): ElkNode {
  const nodes = scene.nodes.toSorted((one, other) => one.id.localeCompare(other.id));
  const present = new Set(nodes.map(({ id }) => id));
  const hasSource = new Set(scene.edges.map(({ to }) => to));
  const children = nodes.map(
    ({ id }): ElkNode => ({
      id,
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
      ...(hasSource.has(id) ? {} : { layoutOptions: { "elk.layered.layering.layerConstraint": "FIRST" } }),
    }),
  );
  const edges = scene.edges
    .filter(({ from, to }) => present.has(from) && present.has(to))
    .toSorted((one, other) => one.id.localeCompare(other.id))
    .map(({ id, from, to }): ElkExtendedEdge => ({ id, sources: [from], targets: [to] }));
  return { id: "root", layoutOptions: OPTIONS, children, edges };
}

/** What the layout engine answered. */
export function fromElkGraph({ children = [], edges = [] }: ElkNode): Layout {
  return {
    places: new Map(children.map(({ id, x = 0, y = 0 }) => [id, { x, y }])),
    routes: new Map(
      edges.flatMap(({ id, sections = [] }) => {
        const [section] = sections;
        if (section === undefined) return [];
        return [[id, [section.startPoint, ...(section.bendPoints ?? []), section.endPoint]]];
      }),
    ),
  };
}
