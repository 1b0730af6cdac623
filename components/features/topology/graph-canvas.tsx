"use client";

import "reactflow/dist/base.css";
import { type KeyboardEvent, type ReactNode, useEffect, useEffectEvent, useMemo, useRef } from "react";
import { Background, MiniMap, ReactFlow, useReactFlow } from "reactflow";
import { lineAt } from "./canvas-lines.ts";
import { EdgeCanvas } from "./edge-canvas.tsx";
import type { Layout } from "./layered-layout.ts";
import { type Direction, nextInDirection } from "./neighbours.ts";
import { lookOf } from "./node-look.tsx";
import { drawPicture, type PictureInput } from "./picture.ts";
import { NODE_HEIGHT, NODE_WIDTH } from "./placement.ts";
import { TopologyEdge } from "./topology-edge.tsx";
import { type BoxNode, TopologyNode } from "./topology-node.tsx";
import { dimStyle, useHover } from "./use-hover.tsx";

const NODE_TYPES = { box: TopologyNode };
const EDGE_TYPES = { line: TopologyEdge };
/** Fewer boxes are all kept in the page: searching in it finds them, and pictures of it are whole. */
const MANY_NODES = 150;
const MIN_ZOOM = 0.05;
/** A click this near to a line is meant for it. */
const REACH_PX = 8;
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
  children?: ReactNode;
};

/** The picture itself: panned, zoomed, hovered, and walked through with the arrow keys. */
export function GraphCanvas(props: GraphCanvasProps) {
  const { id, label, scene, layout, cursor, selected, hasMinimap, isWhole, found, onSelect, onCursor } =
    props;
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
  const isLarge = picture.nodes.length > MANY_NODES;
  const isMoving = useRef(false);
  const setMoving = (moves: boolean) => {
    isMoving.current = moves;
    box.current?.toggleAttribute("data-moving", moves);
    if (moves) setHovered(null);
  };
  // While the picture moves, boxes pass below the pointer that nobody points at.
  const hover = (at: string) => {
    if (!isMoving.current) setHovered(at);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys lead from one box, which is a button, to the next
    <div
      ref={box}
      data-picture={id}
      className="absolute inset-0 data-moving:[&_.react-flow__viewport]:will-change-transform"
      onKeyDown={walk}
    >
      {lit === null ? null : <style>{dimStyle(id, lit)}</style>}
      <ReactFlow
        aria-label={label}
        nodes={picture.nodes}
        edges={picture.edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onlyRenderVisibleElements={!isWhole && isLarge}
        onInit={({ fitView }) => void fitView(fitOptions())}
        minZoom={MIN_ZOOM}
        maxZoom={2.5}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        zoomOnDoubleClick={false}
        deleteKeyCode={null}
        onNodeClick={(_event, node) => {
          onCursor(node.id);
          onSelect(node.id);
        }}
        onEdgeClick={(_event, edge) => onSelect(edge.id)}
        onPaneClick={({ clientX, clientY }) => {
          const point = flow.screenToFlowPosition({ x: clientX, y: clientY });
          onSelect(lineAt(picture.canvasLines, point, REACH_PX / flow.getZoom())?.id ?? null);
        }}
        onMoveStart={() => setMoving(true)}
        onMoveEnd={() => setMoving(false)}
        onNodeMouseEnter={(_event, node) => hover(node.id)}
        onNodeMouseLeave={() => setHovered(null)}
        onEdgeMouseEnter={(_event, edge) => hover(edge.id)}
        onEdgeMouseLeave={() => setHovered(null)}
        style={{ "--xy-attribution-background-color": "transparent" }}
      >
        {isLarge ? null : <Background color="var(--line-strong)" gap={22} size={1} />}
        {picture.canvasLines.length === 0 ? null : <EdgeCanvas lines={picture.canvasLines} lit={lit} />}
        {hasMinimap ? (
          <MiniMap
            pannable
            zoomable
            nodeColor={minimapColor}
            nodeStrokeWidth={0}
            bgColor="var(--surface)"
            maskColor="var(--scrim)"
            className="rounded-md border border-line-strong max-md:hidden"
          />
        ) : null}
        {props.children}
      </ReactFlow>
    </div>
  );
}

function minimapColor({ data }: BoxNode): string {
  return data.node.state === "failing" ? "var(--danger)" : lookOf(data.node.kind).cssColor;
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
      if (
        event.target instanceof Element &&
        event.target.closest(".react-flow__pane, .react-flow__minimap")
      ) {
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
