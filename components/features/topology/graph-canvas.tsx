"use client";

import "reactflow/dist/base.css";
import "./picture.css";
import { type KeyboardEvent, type ReactNode, useEffect, useEffectEvent, useMemo, useRef } from "react";
import { Background, ReactFlow, useReactFlow } from "reactflow";
import type { Layout } from "#components/ui/graph/layered-layout.ts";
import { LOOK_ONLY } from "#components/ui/graph/look-only.ts";
import { type Direction, nextInDirection } from "#components/ui/graph/neighbours.ts";
import { dimStyle, useHover } from "#components/ui/graph/use-hover.ts";
import { EdgeCanvas } from "./edge-canvas.tsx";
import { LitLines } from "./lit-lines.tsx";
import { OverviewMap } from "./overview-map.tsx";
import { drawPicture, type PictureInput } from "./picture.ts";
import { NODE_HEIGHT, NODE_WIDTH } from "./placement.ts";
import { TopologyEdge } from "./topology-edge.tsx";
import { TopologyNode } from "./topology-node.tsx";
import { useCanvasLines } from "./use-canvas-lines.ts";
import { usePanning } from "./use-panning.ts";

const NODE_TYPES = { box: TopologyNode };
const EDGE_TYPES = { line: TopologyEdge };
const MIN_ZOOM = 0.05;
/** On a phone a picture that is whole would be too small to read: it is panned. */
const LEAST_READABLE_ZOOM = 0.5;
const PHONE_PX = 560;

/** How a picture is brought into sight. */
export function fitOptions() {
  const isNarrow = window.innerWidth < PHONE_PX;
  return {
    padding: isNarrow ? 0.04 : 0.1,
    maxZoom: 1.15,
    minZoom: isNarrow ? LEAST_READABLE_ZOOM : MIN_ZOOM,
  };
}

const DIRECTIONS: Partial<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

type GraphCanvasProps = Omit<PictureInput, "scene" | "layout"> & {
  /** Unique on the page. */
  id: string;
  label: string;
  scene: PictureInput["scene"];
  layout: Layout;
  hasMinimap: boolean;
  /** Ids to bring out, such as those found by a search; null for all. */
  found: readonly string[] | null;
  onSelect: (id: string | null) => void;
  onCursor: (id: string) => void;
  /** While a person moves the picture, nothing else of it should change. */
  onMoving: (isMoving: boolean) => void;
  children?: ReactNode;
};

/** The picture itself: panned, zoomed, hovered, and walked through with the arrow keys. */
export function GraphCanvas(props: GraphCanvasProps) {
  const { id, label, scene, layout, cursor, selected, hasMinimap, isWhole, found, onSelect, onCursor } =
    props;
  const { onMoving } = props;
  const box = useRef<HTMLDivElement>(null);
  const flow = useReactFlow();
  const { setHovered, lit: related } = useHover(scene);
  const { isCircle, changes, findings, windowSeconds } = props;
  const picture = useMemo(
    () =>
      drawPicture({ scene, layout, isCircle, changes, findings, selected, cursor, windowSeconds, isWhole }),
    [scene, layout, isCircle, changes, findings, selected, cursor, windowSeconds, isWhole],
  );
  useFitWhileUntouched(picture.nodes.length, box);

  const walk = (event: KeyboardEvent) => {
    const direction = DIRECTIONS[event.key];
    if (direction === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target instanceof Element ? nodeIdOf(event.target) : null;
    const next = at === null ? null : nextInDirection(scene, layout.places, at, direction);
    if (next === null) return;
    event.preventDefault();
    onCursor(next);
    const place = layout.places.get(next);
    if (place === undefined) return;
    showPlace(flow, place, box.current);
    // With many boxes, one that was out of sight is in the page only once it has been moved into it.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const node = box.current?.querySelector(`[data-id="${CSS.escape(next)}"] button`);
        if (node instanceof HTMLElement) node.focus({ preventScroll: true });
      }),
    );
  };

  const lit = related ?? found;
  const { isLarge } = picture;
  const panning = usePanning(box, (moves) => {
    onMoving(moves);
    if (moves) setHovered(null);
  });
  // While the picture moves, boxes pass below the pointer that nobody points at.
  const hover = (at: string | null) => {
    if (!panning.isMoving()) setHovered(at);
  };
  const lines = useCanvasLines(picture.canvasLines, { box, onHover: hover });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys lead from one box, which is a button, to the next
    <div
      ref={box}
      data-picture={id}
      data-large={isLarge ? "" : undefined}
      className="absolute inset-0"
      onKeyDown={walk}
    >
      {lit === null ? null : <style>{dimStyle(id, lit)}</style>}
      <ReactFlow
        aria-label={label}
        nodes={picture.nodes}
        edges={picture.edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onInit={({ fitView }) => void fitView(fitOptions())}
        minZoom={MIN_ZOOM}
        maxZoom={2.5}
        {...LOOK_ONLY}
        onNodeClick={(_event, node) => {
          onCursor(node.id);
          onSelect(node.id);
        }}
        onEdgeClick={(_event, edge) => onSelect(edge.id)}
        onPaneClick={(event) => onSelect(lines.at(event))}
        onPaneMouseMove={lines.onPointerMove}
        onPaneMouseLeave={lines.onPointerLeave}
        onMove={panning.onMove}
        onMoveEnd={panning.onMoveEnd}
        onNodeMouseEnter={(_event, node) => hover(node.id)}
        onNodeMouseLeave={() => hover(null)}
        onEdgeMouseEnter={(_event, edge) => hover(edge.id)}
        onEdgeMouseLeave={() => hover(null)}
      >
        {isLarge ? null : <Background color="var(--line-strong)" gap={22} size={1} />}
        {picture.canvasLines.length === 0 ? null : (
          <>
            <EdgeCanvas lines={picture.canvasLines} />
            {lit === null ? null : <LitLines lines={picture.canvasLines} lit={lit} />}
          </>
        )}
        {hasMinimap ? <OverviewMap boxes={picture.nodes} /> : null}
        {props.children}
      </ReactFlow>
    </div>
  );
}

function nodeIdOf(element: Element): string | null {
  return element.closest(".react-flow__node")?.getAttribute("data-id") ?? null;
}

type Flow = ReturnType<typeof useReactFlow>;

/** Moves the picture only when the place is out of sight or at the rim. */
export function showPlace(flow: Flow, { x, y }: { x: number; y: number }, box: HTMLElement | null): void {
  if (box === null) return;
  const middle = { x: x + NODE_WIDTH / 2, y: y + NODE_HEIGHT / 2 };
  const { left, top, width, height } = box.getBoundingClientRect();
  const at = flow.flowToScreenPosition(middle);
  const isInside =
    at.x > left + width * 0.1 &&
    at.x < left + width * 0.9 &&
    at.y > top + height * 0.1 &&
    at.y < top + height * 0.9;
  if (!isInside) void flow.setCenter(middle.x, middle.y, { zoom: flow.getZoom(), duration: 0 });
}

/** Keeps everything in sight while nodes come, until a person moves the picture. */
function useFitWhileUntouched(count: number, box: { current: HTMLElement | null }): void {
  const flow = useReactFlow();
  const isTouched = useRef(false);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const touch = (event: Event) => {
      if (event.target instanceof Element && event.target.closest(".react-flow__pane, [data-overview]")) {
        isTouched.current = true;
      }
    };
    element.addEventListener("wheel", touch, { passive: true });
    element.addEventListener("pointerdown", touch);
    return () => {
      element.removeEventListener("wheel", touch);
      element.removeEventListener("pointerdown", touch);
    };
  }, [box]);
  const showAll = useEffectEvent(() => {
    if (!isTouched.current) void flow.fitView({ ...fitOptions(), duration: 200 });
  });
  useEffect(() => {
    if (count > 0) showAll();
  }, [count]);
}
