"use client";

import { memo, useEffect, useRef } from "react";
import { useStoreApi } from "reactflow";
import type { CanvasLine } from "./canvas-lines.ts";
import { EdgePainter } from "./edge-painter.ts";

type EdgeCanvasProps = {
  lines: readonly CanvasLine[];
  /** Ids of what is brought out; null for all. */
  lit: readonly string[] | null;
};

/** Many lines on one canvas below the boxes. Nothing is rendered anew while the picture moves. */
export const EdgeCanvas = memo(function EdgeCanvas({ lines, lit }: EdgeCanvasProps) {
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
    // The colours of the theme are attributes of the document.
    const themes = new MutationObserver(() => made.repaint());
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => {
      unsubscribe();
      themes.disconnect();
      made.stop();
      painter.current = null;
    };
  }, [store]);
  useEffect(() => painter.current?.show(lines, lit), [lines, lit]);
  return (
    <canvas
      ref={canvas}
      aria-hidden
      className="pointer-events-none absolute top-0 left-0 origin-top-left will-change-transform"
    />
  );
});
