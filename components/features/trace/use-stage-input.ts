"use client";

import { type RefObject, useEffect } from "react";
import type { Hit } from "./timeline-hit.ts";
import type { TimelineStage } from "./timeline-stage.ts";
import type { TraceSelection } from "./trace-selection.ts";

export type Hovered = { hit: Hit; x: number; y: number };

type Input = {
  stage: RefObject<TimelineStage | null>;
  canvas: RefObject<HTMLCanvasElement | null>;
  scroller: RefObject<HTMLElement | null>;
  onHover: (hovered: Hovered | null) => void;
  onPick: (selection: TraceSelection | null) => void;
};

/** A hand that trembles this much still clicks. */
const CLICK_PX = 4;
const WHEEL_ZOOM = 0.0025;

/** Wheel, mouse and fingers on the picture: moving, zooming, looking and picking. */
export function useStageInput({ stage, canvas, scroller, onHover, onPick }: Input): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the callbacks are stable, and refs never change
  useEffect(() => {
    const element = canvas.current;
    const box = scroller.current;
    if (element === null || box === null) return;
    const abort = new AbortController();
    const { signal } = abort;
    const pointers = new Map<number, { x: number; y: number }>();
    let moved = 0;
    let hovered: Hit | null = null;
    const pointOf = ({ clientX, clientY }: { clientX: number; clientY: number }) => {
      const { left, top } = element.getBoundingClientRect();
      return { x: clientX - left, y: clientY - top };
    };
    const look = (next: Hovered | null) => {
      const isSame = JSON.stringify(next?.hit ?? null) === JSON.stringify(hovered);
      hovered = next?.hit ?? null;
      if (isSame) return;
      stage.current?.hover(hovered);
      onHover(next);
    };
    const wheel = (event: WheelEvent) => {
      const isZoom = event.ctrlKey || event.metaKey;
      const sideways = event.shiftKey ? event.deltaY : event.deltaX;
      if (!isZoom && sideways === 0) return;
      event.preventDefault();
      if (isZoom) stage.current?.zoom(Math.exp(-event.deltaY * WHEEL_ZOOM), pointOf(event).x);
      else stage.current?.pan(sideways);
    };
    const down = (event: PointerEvent) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, pointOf(event));
      moved = pointers.size > 1 ? CLICK_PX + 1 : 0;
    };
    const move = (event: PointerEvent) => {
      const point = pointOf(event);
      const before = pointers.get(event.pointerId);
      if (before === undefined) {
        const hit = event.pointerType === "touch" ? null : (stage.current?.hitAt(point) ?? null);
        look(hit === null ? null : { hit, ...point });
        return;
      }
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      pointers.set(event.pointerId, point);
      moved += Math.abs(point.x - before.x) + Math.abs(point.y - before.y);
      if (other !== undefined) {
        const [was, is] = [Math.abs(before.x - other.x), Math.abs(point.x - other.x)];
        if (was > 10 && is > 10) stage.current?.zoom(is / was, (point.x + other.x) / 2);
        return;
      }
      if (moved <= CLICK_PX) return;
      look(null);
      stage.current?.pan(before.x - point.x);
      // A finger scrolls by itself.
      if (event.pointerType !== "touch") box.scrollTop += before.y - point.y;
    };
    const up = (event: PointerEvent) => {
      const wasDown = pointers.delete(event.pointerId);
      if (!wasDown || moved > CLICK_PX) return;
      const hit = stage.current?.hitAt(pointOf(event)) ?? null;
      onPick(hit === null ? null : (stage.current?.selectionOf(hit) ?? null));
    };
    element.addEventListener("wheel", wheel, { signal, passive: false });
    element.addEventListener("pointerdown", down, { signal });
    element.addEventListener("pointermove", move, { signal });
    element.addEventListener("pointerup", up, { signal });
    element.addEventListener("pointercancel", ({ pointerId }) => pointers.delete(pointerId), { signal });
    element.addEventListener("pointerleave", () => look(null), { signal });
    return () => abort.abort();
  }, []);
}
