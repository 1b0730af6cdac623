"use client";

import "reactflow/dist/base.css";
import { useTranslations } from "next-intl";
import { type RefObject, useEffect, useEffectEvent, useId, useMemo } from "react";
import {
  Background,
  MarkerType,
  type Node,
  ReactFlow,
  type ReactFlowInstance,
  useReactFlow,
} from "reactflow";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import type { Layout } from "#components/ui/graph/layered-layout.ts";
import { LOOK_ONLY } from "#components/ui/graph/look-only.ts";
import { dimStyle, useHover } from "#components/ui/graph/use-hover.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { MapBranchLine, type MapLine } from "./map-branch.tsx";
import { isCompensation, type MapEdge, type MapGraph, type MapNode, START, type Way } from "./map-graph.ts";
import { cornersOf, sizeOf } from "./map-layout.ts";
import { type MapBox, MapNodeBox } from "./map-node.tsx";
import { useMapLayout } from "./use-map-layout.ts";

const NODE_TYPES = { map: MapNodeBox, corner: Corner };
const EDGE_TYPES = { branch: MapBranchLine };
const FIT = { padding: 0.06, maxZoom: 1.1, minZoom: 0.3 };
const NARROW_PX = 640;
/** Words of a box can just be read. */
const READABLE_ZOOM = 0.6;
const EDGE_PX = 24;

type MapPictureProps = {
  label: string;
  type: string;
  graph: MapGraph;
  /** What is lit; null for all. */
  way: Way | null;
  box: RefObject<HTMLDivElement | null>;
};

/** The map as a picture: from the start to the ends, moved and zoomed. Tables say the same without one. */
export function MapPicture({ label, type, graph, way, box }: MapPictureProps) {
  const t = useTranslations("sagas.map");
  const layout = useMapLayout(graph);
  const id = useId();
  const { setHovered, lit: related } = useHover(graph);
  const lines = useMemo(
    () => (layout.data === undefined ? null : drawMap(graph, layout.data, type)),
    [graph, layout.data, type],
  );
  const showAll = useFit(layout.data?.key, box);
  if (layout.isError) return <ErrorNotice title={t("layoutFailed")} error={layout.error} />;
  if (lines === null) {
    return (
      <div role="status" aria-busy aria-label={t("layingOut")} className="grid h-full place-items-center">
        <Skeleton className="h-24 w-56" />
      </div>
    );
  }
  const lit = related ?? (way === null ? null : [...way.nodes, ...way.edges]);
  return (
    <div ref={box} data-picture={id} className="absolute inset-0 bg-canvas">
      {lit === null ? null : <style>{dimStyle(id, lit)}</style>}
      <ReactFlow
        aria-label={label}
        nodes={lines.nodes}
        edges={lines.edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onInit={showAll}
        minZoom={0.1}
        maxZoom={2.5}
        // The ends lie at the bottom.
        attributionPosition="top-right"
        {...LOOK_ONLY}
        onNodeMouseEnter={(_event, node) => setHovered(node.id)}
        onNodeMouseLeave={() => setHovered(null)}
        onEdgeMouseEnter={(_event, edge) => setHovered(edge.id)}
        onEdgeMouseLeave={() => setHovered(null)}
      >
        <Background color="var(--line-strong)" gap={22} size={1} />
      </ReactFlow>
    </div>
  );
}

/** Brings the picture into sight whenever it was laid out anew, and when it is asked to. */
function useFit(key: string | undefined, box: RefObject<HTMLDivElement | null>): () => void {
  const flow = useReactFlow();
  const showAll = () => void show(flow, box.current);
  const showAnew = useEffectEvent(showAll);
  useEffect(() => {
    if (key !== undefined) showAnew();
  }, [key]);
  return showAll;
}

/** Shows everything; on a narrow screen on which nothing could be read then, the start. */
async function show(flow: ReactFlowInstance, box: HTMLDivElement | null): Promise<void> {
  await flow.fitView(FIT);
  const start = flow.getNode(START);
  const width = box?.clientWidth ?? NARROW_PX;
  if (width >= NARROW_PX || flow.getZoom() >= READABLE_ZOOM || start === undefined) return;
  const middle = start.position.x + sizeOf({ kind: "start" }).width / 2;
  await flow.setViewport({
    x: width / 2 - middle * READABLE_ZOOM,
    y: EDGE_PX - start.position.y * READABLE_ZOOM,
    zoom: READABLE_ZOOM,
  });
}

type Drawn = { nodes: (MapBox | CornerBox)[]; edges: MapLine[] };

function drawMap(graph: MapGraph, layout: Layout, type: string): Drawn {
  const placed = new Map(graph.nodes.map((node) => [node.id, node]));
  const flows = graph.nodes.find(({ kind }) => kind === "start");
  const all = flows?.kind === "start" ? flows.flows : 0;
  return {
    nodes: [
      ...graph.nodes.flatMap((node) => {
        const position = layout.places.get(node.id);
        return position === undefined ? [] : [toBox(node, position, type)];
      }),
      ...(cornersOf(layout) ?? []).map(toCorner),
    ],
    edges: graph.edges.flatMap((edge) => {
      const route = layout.routes.get(edge.id);
      if (route === undefined) return [];
      return [
        {
          id: edge.id,
          type: "branch" as const,
          source: edge.from,
          target: edge.to,
          markerEnd: { ...ARROW, color: isBad(edge, placed) ? "var(--warn)" : "var(--control)" },
          data: {
            edge,
            route,
            label: layout.labels.get(edge.id) ?? null,
            flows: all,
            isBad: isBad(edge, placed),
          },
        },
      ];
    }),
  };
}

type CornerBox = Node<Record<string, never>, "corner">;

/** Nothing to be seen: the library brings boxes into sight, and lines only between them. */
function Corner() {
  return <div className="size-px" />;
}

function toCorner(position: { x: number; y: number }, index: number): CornerBox {
  const size = { width: 1, height: 1 };
  return { id: `corner ${index}`, type: "corner", position, data: {}, ...size, measured: size };
}

const ARROW = { type: MarkerType.ArrowClosed, markerUnits: "userSpaceOnUse", width: 24, height: 24 };

function toBox(node: MapNode, position: { x: number; y: number }, type: string): MapBox {
  const { width, height } = sizeOf(node);
  return {
    id: node.id,
    type: "map",
    position,
    width,
    height,
    measured: { width, height },
    data: { node, type },
  };
}

/** It leads to a step that takes others back, or to an end that nobody wanted. */
function isBad({ to, branch }: MapEdge, nodes: ReadonlyMap<string, MapNode>): boolean {
  if (branch.end !== null) return branch.end !== "completed";
  const node = nodes.get(to);
  return node?.kind === "step" && isCompensation(node.step);
}
