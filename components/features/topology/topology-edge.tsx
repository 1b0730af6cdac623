"use client";

import { useTranslations } from "next-intl";
import { memo } from "react";
import type { Edge, EdgeProps } from "reactflow";
import { useRate } from "#components/lib/use-rate.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { EdgePath } from "#components/ui/graph/routed-path.ts";
import { type EdgeStroke, edgeWidth, isCompensation, markSeconds, strokeOf } from "./edge-look.ts";
import { isStepEdge, type StepEdge } from "./mediator-layout.ts";
import type { SceneEdge } from "./scene.ts";
import type { Change } from "./topology-node.tsx";

export type TopologyEdgeData = {
  edge: SceneEdge | StepEdge;
  path: EdgePath;
  change: Change | null;
  isNamed: boolean;
  isMoving: boolean;
  /** Few enough for a wide stroke around each line that takes clicks. */
  isRich: boolean;
  isSelected: boolean;
};
export type LineEdge = Edge<TopologyEdgeData, "line">;

/** Between two marks on a line. */
const MARK_GAP = 72;

/** A line of the picture: as wide as its rate, with marks that move along, failures in colour and pattern. */
export const TopologyEdge = memo(function TopologyEdge({ data, markerEnd }: EdgeProps<LineEdge>) {
  if (data === undefined) return null;
  return <Line data={data} markerEnd={markerEnd} />;
});

function Line({ data, markerEnd }: { data: TopologyEdgeData; markerEnd: string | undefined }) {
  const { edge, path, isNamed, isMoving, isRich } = data;
  const words = useEdgeWords(data);
  const width = edgeWidth(edge.traffic.perSecond);
  const { stroke, dash } = strokeOf(edge, data.change, data.isSelected);
  const seconds = isMoving && !isCompensation(edge) ? markSeconds(edge.traffic.perSecond) : null;
  return (
    <>
      <Stroke d={path.d} look={{ stroke, dash, width }} seconds={seconds} markerEnd={markerEnd} />
      {isRich ? (
        <path
          d={path.d}
          fill="none"
          stroke="transparent"
          strokeWidth={16}
          className="react-flow__edge-interaction"
        />
      ) : null}
      {isNamed && words !== "" ? (
        <text
          x={path.middle.x}
          y={path.middle.y - 6}
          textAnchor="middle"
          className="pointer-events-none fill-ink-muted stroke-canvas text-[10px]"
          strokeWidth={4}
          paintOrder="stroke"
        >
          {words}
        </text>
      ) : null}
    </>
  );
}

type StrokeProps = {
  d: string;
  look: EdgeStroke & { width: number };
  /** How long a mark takes to the next one's place; null for no marks. */
  seconds: number | null;
  markerEnd: string | undefined;
};

/** A line, and the marks that move along it. */
export function Stroke({ d, look: { stroke, dash, width }, seconds, markerEnd }: StrokeProps) {
  return (
    <>
      <path
        d={d}
        fill="none"
        // As a style: the style sheet of the library has the last word over attributes.
        style={{ stroke, strokeWidth: width, strokeDasharray: dash }}
        markerEnd={markerEnd}
        className="react-flow__edge-path"
      />
      {seconds === null ? null : (
        <path
          d={d}
          fill="none"
          stroke={stroke}
          strokeWidth={width + 2.5}
          strokeLinecap="round"
          strokeDasharray={`0.1 ${MARK_GAP - 0.1}`}
          style={{ "--mark-gap": -MARK_GAP, animationDuration: `${seconds}s` }}
          className="pointer-events-none motion-safe:animate-travel motion-reduce:hidden"
        />
      )}
    </>
  );
}

function useEdgeWords({ edge, change }: TopologyEdgeData): string {
  const t = useTranslations("topology");
  const rate = useRate();
  const format = useFormat();
  const { traffic } = edge;
  if (change !== null) return t(`changes.${change}`);
  const parts: string[] = [];
  if (isStepEdge(edge)) parts.push(`${edge.step.order} ${edge.step.command}`);
  // Between two boxes there is room for one of them; the rate stands in the boxes, too.
  if ((traffic.failureRate ?? 0) > 0) {
    parts.push(t("edge.fail", { rate: format.percent(traffic.failureRate ?? 0) }));
  } else if (traffic.perSecond > 0) parts.push(rate(traffic.perSecond));
  return parts.join(" · ");
}
