"use client";

import { memo } from "react";
import type { Edge, EdgeProps } from "reactflow";
import { useFormat } from "#components/ui/format-context.tsx";
import type { Place } from "#components/ui/graph/neighbours.ts";
import { routedPath } from "#components/ui/graph/routed-path.ts";
import type { MapEdge } from "./map-graph.ts";
import { branchWidth, LABEL_SIZE } from "./map-layout.ts";

export type MapLineData = {
  edge: MapEdge;
  route: readonly Place[];
  label: Place | null;
  /** Flows of the whole map. */
  flows: number;
  /** It leads to a step that takes others back, or to a bad end. */
  isBad: boolean;
};
export type MapLine = Edge<MapLineData, "branch">;

/** A branch: as wide as it was often taken, with how many flows took it and which share of them. */
export const MapBranchLine = memo(function MapBranchLine({ data, markerEnd }: EdgeProps<MapLine>) {
  const format = useFormat();
  if (data === undefined) return null;
  const { edge, route, label, flows, isBad } = data;
  const path = routedPath(route);
  const at =
    label === null
      ? { x: path.middle.x, y: path.middle.y }
      : { x: label.x + LABEL_SIZE.width / 2, y: label.y + LABEL_SIZE.height / 2 };
  return (
    <>
      <path
        d={path.d}
        fill="none"
        // As a style: the style sheet of the library has the last word over attributes.
        style={{
          stroke: isBad ? "var(--warn)" : "var(--control)",
          strokeWidth: branchWidth(edge.branch.flows, flows),
          strokeDasharray: isBad ? "10 4" : undefined,
        }}
        markerEnd={markerEnd}
        className="react-flow__edge-path"
      />
      <path
        d={path.d}
        fill="none"
        stroke="transparent"
        strokeWidth={16}
        className="react-flow__edge-interaction"
      />
      <text
        x={at.x}
        y={at.y}
        dominantBaseline="central"
        textAnchor="middle"
        // As a style: a picture that is saved takes no classes along.
        style={{
          fill: "var(--ink-muted)",
          stroke: "var(--canvas)",
          // Wide enough to hide the branch between the words, too.
          strokeWidth: 8,
          strokeLinejoin: "round",
          paintOrder: "stroke",
          fontSize: 10,
        }}
        className="pointer-events-none tabular-nums"
      >
        {`${format.compact(edge.branch.flows)} · ${format.percent(edge.branch.share)}`}
      </text>
    </>
  );
});
