"use client";

import "reactflow/dist/base.css";
import { type Edge, Handle, MarkerType, type Node, type NodeProps, Position, ReactFlow } from "reactflow";
import { NODE_LOOKS, type NodeKind } from "#components/lib/node-kinds.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { layOut, NODE_HEIGHT, NODE_WIDTH } from "./graph-layout.ts";

export type GraphNode = {
  id: string;
  kind: NodeKind | null;
  label: string;
  /** Under the name. */
  note: string | null;
  look: "usual" | "absent" | "disturbed";
};
/** @property isCall an answer comes back the same way */
export type GraphEdge = { from: string; to: string; label: string | null; isCall?: boolean };

type GraphViewProps = { label: string; nodes: readonly GraphNode[]; edges: readonly GraphEdge[] };
type BoxNode = Node<{ node: GraphNode }, "box">;

/** Room under the graph for the name of what drew it. */
const FOOT = 12;

const NODE_TYPES = { box: Box };
const ARROW = { type: MarkerType.ArrowClosed, color: "var(--control)" };

/** A small graph, drawn whole: it scrolls sideways where there is no room. The name says what is to be seen. */
export function GraphView({ label, nodes, edges }: GraphViewProps) {
  const layout = layOut(
    nodes.map(({ id }) => id),
    edges,
  );
  const boxes: BoxNode[] = nodes.map((node) => ({
    id: node.id,
    type: "box",
    position: layout.places.get(node.id) ?? { x: 0, y: 0 },
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    data: { node },
  }));
  const lines: Edge[] = edges.map((edge) => ({
    id: `${edge.from}>${edge.to}`,
    source: edge.from,
    target: edge.to,
    sourceHandle: layout.isBack(edge) ? "below" : "right",
    targetHandle: layout.isBack(edge) ? "below-in" : "left",
    label: edge.label ?? undefined,
    style: { stroke: "var(--control)", ...(layout.isBack(edge) ? { strokeDasharray: "4 3" } : {}) },
    ...(edge.isCall === true ? { markerStart: ARROW } : {}),
    markerEnd: ARROW,
    labelStyle: { fill: "var(--ink-muted)", fontSize: 10 },
    labelBgStyle: { fill: "var(--surface)" },
    labelBgPadding: [2, 1],
  }));
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface">
      <div
        role="img"
        aria-label={label}
        style={{
          minWidth: layout.width,
          height: layout.height + FOOT,
          "--xy-attribution-background-color": "transparent",
        }}
      >
        <ReactFlow
          nodes={boxes}
          edges={lines}
          nodeTypes={NODE_TYPES}
          defaultViewport={{ x: 0, y: 0, zoom: 1 }}
          minZoom={1}
          maxZoom={1}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          panOnDrag={false}
          zoomOnScroll={false}
          zoomOnPinch={false}
          zoomOnDoubleClick={false}
          preventScrolling={false}
        />
      </div>
    </div>
  );
}

function Box({ data: { node } }: NodeProps<BoxNode>) {
  const look = node.kind === null ? null : NODE_LOOKS[node.kind];
  const Icon = look?.icon;
  return (
    <div
      style={{ width: NODE_WIDTH, height: NODE_HEIGHT }}
      className={classNames(
        "flex flex-col justify-center rounded-md border px-2 text-xs",
        look?.soft ?? "bg-sunken",
        node.look === "usual" && "border-line-strong",
        node.look === "absent" && "border-control border-dashed opacity-60",
        node.look === "disturbed" && "border-2 border-danger",
      )}
    >
      <span className={classNames("flex items-center gap-1.5 font-medium", look?.ink ?? "text-ink")}>
        {Icon === undefined ? null : <Icon aria-hidden className="size-3.5 shrink-0" />}
        <span className="truncate">{node.label}</span>
      </span>
      {node.note === null ? null : <span className="truncate text-2xs text-ink-muted">{node.note}</span>}
      <Handle id="left" type="target" position={Position.Left} className="opacity-0" />
      <Handle id="right" type="source" position={Position.Right} className="opacity-0" />
      <Handle id="below" type="source" position={Position.Bottom} className="opacity-0" />
      <Handle id="below-in" type="target" position={Position.Bottom} className="opacity-0" />
    </div>
  );
}
