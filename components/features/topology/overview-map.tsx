"use client";

import { memo, type PointerEvent, useEffect, useRef } from "react";
import { Panel, useReactFlow, useStoreApi } from "reactflow";
import { colourOf, onOtherColours } from "#components/ui/canvas-colour.ts";
import { lookOf } from "./node-look.tsx";
import { NODE_HEIGHT, NODE_WIDTH } from "./placement.ts";
import type { BoxNode } from "./topology-node.tsx";

const WIDTH = 200;
const HEIGHT = 150;
const PADDING = 8;
const PIXEL_RATIO = 2;
/** Boxes stay visible, however many there are. */
const MIN_BOX_PX = 1;
const ZOOM_STEP = 1.2;

type OverviewMapProps = { boxes: readonly BoxNode[] };

/**
 * All boxes in small, and a frame around what is in sight. The boxes are drawn when they change; a move of the picture
 * only shifts the frame. A pointer alone uses it: keys have the boxes themselves.
 */
export const OverviewMap = memo(function OverviewMap({ boxes }: OverviewMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const store = useStoreApi();
  const flow = useReactFlow();
  useEffect(() => {
    const draw = () => {
      if (canvas.current !== null) drawBoxes(canvas.current, boxes);
    };
    draw();
    return onOtherColours(draw);
  }, [boxes]);
  useEffect(() => {
    const { left, top, scale } = fitInto(boxes);
    const follow = () => {
      if (frame.current === null) return;
      const { transform, width, height } = store.getState();
      const [x, y, zoom] = transform;
      const { style } = frame.current;
      style.transform = `translate(${left + (-x / zoom) * scale}px, ${top + (-y / zoom) * scale}px)`;
      style.width = `${(width / zoom) * scale}px`;
      style.height = `${(height / zoom) * scale}px`;
    };
    follow();
    return store.subscribe(follow);
  }, [store, boxes]);
  const moveTo = ({ buttons, clientX, clientY, currentTarget }: PointerEvent<HTMLElement>) => {
    if (buttons === 0) return;
    const at = currentTarget.getBoundingClientRect();
    const { left, top, scale } = fitInto(boxes);
    const x = (clientX - at.left - left) / scale;
    const y = (clientY - at.top - top) / scale;
    void flow.setCenter(x, y, { zoom: flow.getZoom() });
  };
  return (
    <Panel
      position="bottom-right"
      aria-hidden
      data-overview
      className="touch-none overflow-hidden rounded-md border border-line-strong bg-surface max-md:hidden"
      style={{ width: WIDTH, height: HEIGHT }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        moveTo(event);
      }}
      onPointerMove={moveTo}
      onWheel={({ deltaY }) => void flow.zoomTo(flow.getZoom() * (deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP))}
    >
      <canvas ref={canvas} width={WIDTH * PIXEL_RATIO} height={HEIGHT * PIXEL_RATIO} className="size-full" />
      <div
        ref={frame}
        className="pointer-events-none absolute top-0 left-0 shadow-[0_0_0_400px_var(--scrim)] will-change-transform"
      />
    </Panel>
  );
});

/** How places of the picture become places on the map. */
function fitInto(boxes: readonly BoxNode[]): { left: number; top: number; scale: number } {
  const xs = boxes.map(({ position }) => position.x);
  const ys = boxes.map(({ position }) => position.y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const width = Math.max(...xs) + NODE_WIDTH - x;
  const height = Math.max(...ys) + NODE_HEIGHT - y;
  const scale = Math.min((WIDTH - 2 * PADDING) / width, (HEIGHT - 2 * PADDING) / height);
  return {
    left: (WIDTH - width * scale) / 2 - x * scale,
    top: (HEIGHT - height * scale) / 2 - y * scale,
    scale,
  };
}

function drawBoxes(canvas: HTMLCanvasElement, boxes: readonly BoxNode[]): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const { left, top, scale } = fitInto(boxes);
  const style = getComputedStyle(canvas);
  context.setTransform(PIXEL_RATIO, 0, 0, PIXEL_RATIO, 0, 0);
  context.clearRect(0, 0, WIDTH, HEIGHT);
  const width = Math.max(MIN_BOX_PX, NODE_WIDTH * scale);
  const height = Math.max(MIN_BOX_PX, NODE_HEIGHT * scale);
  for (const { position, data } of boxes) {
    const { state, kind } = data.node;
    context.fillStyle = colourOf(state === "failing" ? "var(--danger)" : lookOf(kind).cssColor, style);
    context.fillRect(left + position.x * scale, top + position.y * scale, width, height);
  }
}
