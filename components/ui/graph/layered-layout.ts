import type { ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api.js";
import type { Place } from "./neighbours.ts";

type Size = { width: number; height: number };

/** Boxes and lines as they are laid out: which come first in their layer is told by their order. */
export type LayeredGraph = {
  direction: "RIGHT" | "DOWN";
  nodes: readonly ({ id: string } & Size)[];
  /** `label` keeps room for words on the line. */
  edges: readonly { id: string; from: string; to: string; label?: Size }[];
};

/** Places of nodes, and the ways of edges around them where they were worked out. */
export type Layout = {
  places: ReadonlyMap<string, Place>;
  routes: ReadonlyMap<string, readonly Place[]>;
  /** The upper left corners of the room that was kept for words. */
  labels: ReadonlyMap<string, Place>;
};

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
  "elk.spacing.nodeNode": "20",
  "elk.spacing.edgeNode": "18",
  "elk.spacing.edgeEdge": "10",
  "elk.spacing.componentComponent": "40",
  "elk.layered.spacing.edgeNodeBetweenLayers": "24",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "10",
};
/** Words stand on their line, not beside it. */
const INLINE = { "elk.edgeLabels.inline": "true" };
/** Between layers there is room for words on lines, unless these bring their own. */
const LAYER_GAPS = { words: "72", plain: "26" };

/** A graph as the layout engine reads it: what nothing leads to stands in the first layer. */
export function toElkGraph({ direction, nodes, edges }: LayeredGraph): ElkNode {
  const present = new Set(nodes.map(({ id }) => id));
  const hasSource = new Set(edges.map(({ to }) => to));
  const bringsRoom = edges.some(({ label }) => label !== undefined);
  return {
    id: "root",
    layoutOptions: {
      ...OPTIONS,
      "elk.direction": direction,
      "elk.layered.spacing.nodeNodeBetweenLayers": bringsRoom ? LAYER_GAPS.plain : LAYER_GAPS.words,
    },
    children: nodes.map(
      ({ id, width, height }): ElkNode => ({
        id,
        width,
        height,
        ...(hasSource.has(id) ? {} : { layoutOptions: { "elk.layered.layering.layerConstraint": "FIRST" } }),
      }),
    ),
    edges: edges
      .filter(({ from, to }) => present.has(from) && present.has(to))
      .map(
        ({ id, from, to, label }): ElkExtendedEdge => ({
          id,
          sources: [from],
          targets: [to],
          ...(label && { labels: [{ text: id, ...label, layoutOptions: INLINE }] }),
        }),
      ),
  };
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
    labels: new Map(
      edges.flatMap(({ id, labels = [] }) => {
        const [label] = labels;
        return label === undefined ? [] : [[id, { x: label.x ?? 0, y: label.y ?? 0 }]];
      }),
    ),
  };
}
