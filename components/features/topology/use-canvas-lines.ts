"use client";

import { type MouseEvent, type RefObject, useEffect, useRef } from "react";
import { useReactFlow } from "reactflow";
import { type CanvasLine, lineAt } from "./canvas-lines.ts";

/** A pointer this near to a line is on it. */
const REACH_PX = 8;

type Options = {
  /** Bears `data-on-line` while the pointer is on a line. */
  box: RefObject<HTMLElement | null>;
  onHover: (id: string | null) => void;
};

/** What elements do by themselves, for lines that are only pixels: which one the pointer is on. */
export function useCanvasLines(lines: readonly CanvasLine[], { box, onHover }: Options) {
  const flow = useReactFlow();
  const hovered = useRef<string | null>(null);
  const frame = useRef(0);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  const at = ({ clientX, clientY }: Pick<MouseEvent, "clientX" | "clientY">) => {
    const point = flow.screenToFlowPosition({ x: clientX, y: clientY });
    return lineAt(lines, point, REACH_PX / flow.getZoom())?.id ?? null;
  };
  const hover = (id: string | null) => {
    if (hovered.current === id) return;
    hovered.current = id;
    box.current?.toggleAttribute("data-on-line", id !== null);
    onHover(id);
  };
  return {
    at,
    onPointerMove: (event: MouseEvent) => {
      if (lines.length === 0) return;
      const { clientX, clientY, buttons } = event;
      cancelAnimationFrame(frame.current);
      if (buttons === 0) frame.current = requestAnimationFrame(() => hover(at({ clientX, clientY })));
    },
    onPointerLeave: () => {
      cancelAnimationFrame(frame.current);
      hover(null);
    },
  };
}
