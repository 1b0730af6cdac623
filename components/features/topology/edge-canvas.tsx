"use client";

import { memo, useEffect, useRef } from "react";
import { useStoreApi } from "reactflow";
import { onOtherColours } from "#components/ui/canvas-colour.ts";
import type { CanvasLine } from "./canvas-lines.ts";
import { EdgePainter } from "./edge-painter.ts";

/** Many lines on one canvas below the boxes. Nothing is rendered anew while the picture moves. */
export const EdgeCanvas = memo(function EdgeCanvas({ lines }: { lines: readonly CanvasLine[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<EdgePainter | null>(null);
  const store = useStoreApi();
  useEffect(() => {
    if (canvas.current === null) return;
    const made = new EdgePainter(canvas.current);
    painter.current = made;
    const follow = () => {
      const { transform, width, height } = store.getState();
      made.moveTo({ x: transform[0], y: transform[1], zoom: transform[2], width, height });
    };
    follow();
    const unsubscribe = store.subscribe(follow);
    const forget = onOtherColours(() => made.repaint());
    return () => {
      unsubscribe();
      forget();
      made.stop();
      painter.current = null;
    };
  }, [store]);
  useEffect(() => painter.current?.show(lines), [lines]);
  return (
    <canvas
      ref={canvas}
      aria-hidden
      data-lines
      className="pointer-events-none absolute top-0 left-0 origin-top-left will-change-transform"
    />
  );
});
