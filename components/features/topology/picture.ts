import { type EdgeMarker, MarkerType, type NodeHandle, Position } from "reactflow";
import type { Layout } from "#components/ui/graph/layered-layout.ts";
import type { Place } from "#components/ui/graph/neighbours.ts";
import { type EdgePath, routedPath } from "#components/ui/graph/routed-path.ts";
import type { TopologyComparisonDto } from "#server/contract/topology.ts";
import { type CanvasLine, toCanvasLine } from "./canvas-lines.ts";
import { MAX_MOVING_EDGES, MAX_NAMED_EDGES, MAX_RICH_EDGES } from "./edge-look.ts";
import { plainPath, spokePath } from "./edge-path.ts";
import { isStepEdge, type StepEdge } from "./mediator-layout.ts";
import { NODE_HEIGHT, NODE_WIDTH } from "./placement.ts";
import type { Scene, SceneEdge, SceneNode } from "./scene.ts";
import type { LineEdge } from "./topology-edge.tsx";
import type { BoxNode, Change, TopologyNodeData } from "./topology-node.tsx";

/** How far apart two lines between the same two boxes run. */
const SPOKE_STEP = 26;

const ARROW: EdgeMarker = {
  type: MarkerType.ArrowClosed,
  color: "var(--control)",
  markerUnits: "userSpaceOnUse",
  width: 14,
  height: 14,
};

export type Changes = ReadonlyMap<string, Change>;

/** The most important change of each node and edge, by its id. */
export function changesById(comparison: TopologyComparisonDto | undefined): Changes {
  return new Map(
    (comparison?.changes ?? []).flatMap(({ id, changes: [first] }) =>
      first === undefined ? [] : [[id, first]],
    ),
  );
}

export type PictureInput = {
  scene: Scene & { edges: readonly (SceneEdge | StepEdge)[] };
  layout: Layout;
  /** In a circle, lines run straight between boxes. */
  isCircle: boolean;
  changes: Changes;
  /** Number of findings by the id of a node. */
  findings: ReadonlyMap<string, number>;
  selected: string | null;
  cursor: string | null;
  windowSeconds: number;
  /** While a picture is taken, every line is an element: a canvas holds only what is in sight. */
  isWhole: boolean;
};

/** From so many boxes on, all is left out of them that costs much to draw. */
const MANY_BOXES = 150;

/** Boxes and lines; of many lines, most are drawn on a canvas. */
type Picture = { nodes: BoxNode[]; edges: LineEdge[]; canvasLines: CanvasLine[]; isLarge: boolean };

/** The boxes and lines of a picture. What has no place yet is not in it. */
export function drawPicture(input: PictureInput): Picture {
  const { scene, layout, changes, findings, selected, windowSeconds } = input;
  const placed = scene.nodes.filter(({ id }) => layout.places.has(id));
  const cursor = placed.some(({ id }) => id === input.cursor) ? input.cursor : (placed[0]?.id ?? null);
  const isLarge = placed.length > MANY_BOXES && !input.isWhole;
  const nodes = placed.map((node) =>
    toBox(layout.places.get(node.id) ?? { x: 0, y: 0 }, {
      node,
      windowSeconds,
      findings: node.members.reduce((sum, id) => sum + (findings.get(id) ?? 0), 0),
      change: changes.get(node.id) ?? null,
      isSelected: node.id === selected,
      isCursor: node.id === cursor,
      isPlain: isLarge,
    }),
  );
  const lines = scene.edges.flatMap((edge) => {
    const path = pathOf(edge, input);
    return path === null ? [] : [{ edge, path }];
  });
  const isNamed = lines.length <= MAX_NAMED_EDGES;
  const isMoving = lines.length <= MAX_MOVING_EDGES;
  const isRich = lines.length <= MAX_RICH_EDGES;
  const isApart = (id: string) => id === selected || (changes.size <= MAX_NAMED_EDGES && changes.has(id));
  const [elements, drawn] =
    isRich || input.isWhole
      ? [lines, []]
      : [lines.filter(({ edge }) => isApart(edge.id)), lines.filter(({ edge }) => !isApart(edge.id))];
  const canvasLines = drawn.map(({ edge, path }) => toCanvasLine(edge, path, changes.get(edge.id) ?? null));
  const edges = elements.map(({ edge, path }): LineEdge => {
    const change = changes.get(edge.id) ?? null;
    const isSelected = edge.id === selected;
    return {
      id: edge.id,
      type: "line",
      source: edge.from,
      target: edge.to,
      zIndex: isSelected ? 1 : 0,
      ...(isRich ? { markerEnd: ARROW } : {}),
      data: {
        edge,
        path,
        change,
        isSelected,
        isNamed: isNamed || isSelected || change !== null,
        isMoving,
        isRich,
      },
    };
  });
  return { nodes, edges, canvasLines, isLarge };
}

/** Lines have their own ways: the library only wants to know that they can be tied to each box. */
const HANDLES: NodeHandle[] = [
  { type: "target", position: Position.Left, x: 0, y: NODE_HEIGHT / 2, width: 1, height: 1 },
  { type: "source", position: Position.Right, x: NODE_WIDTH, y: NODE_HEIGHT / 2, width: 1, height: 1 },
];

/** The box drawn last for each node. */
const lastBoxes = new WeakMap<SceneNode, BoxNode>();

/** A box at a place; the same object as long as nothing of it changes, so that it is not rendered anew. */
function toBox(position: Place, data: TopologyNodeData): BoxNode {
  const last = lastBoxes.get(data.node);
  if (last !== undefined && isAlike(last.position, position) && isAlike(last.data, data)) return last;
  const box: BoxNode = {
    id: data.node.id,
    type: "box",
    position,
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    measured: { width: NODE_WIDTH, height: NODE_HEIGHT },
    handles: HANDLES,
    // Each transform would be one more part to sort into layers whenever something of the page is drawn anew.
    style: { transform: "none", left: position.x, top: position.y },
    data,
  };
  lastBoxes.set(data.node, box);
  return box;
}

function isAlike<T extends object>(one: T, other: T): boolean {
  return Object.entries(one).every(([key, value]) => Object.is(value, Reflect.get(other, key)));
}

function pathOf(edge: SceneEdge | StepEdge, { scene, layout, isCircle }: PictureInput): EdgePath | null {
  const from = layout.places.get(edge.from);
  const to = layout.places.get(edge.to);
  if (from === undefined || to === undefined) return null;
  const route = layout.routes.get(edge.id);
  if (route !== undefined) return routedPath(route);
  if (!isCircle) return plainPath(from, to);
  if (!isStepEdge(edge)) return plainPath(from, to);
  const alike = scene.edges.filter((other) => other.from === edge.from && other.to === edge.to);
  const index = alike.indexOf(edge);
  const aside = (index - (alike.length - 1) / 2) * SPOKE_STEP;
  return spokePath(from, to, aside, (index + 1) / (alike.length + 1));
}
