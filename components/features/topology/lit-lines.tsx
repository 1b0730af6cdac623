"use client";

import { memo } from "react";
import { ViewportPortal } from "reactflow";
import type { CanvasLine } from "./canvas-lines.ts";
import { MAX_MOVING_EDGES } from "./edge-look.ts";
import { Stroke } from "./topology-edge.tsx";

type LitLinesProps = { lines: readonly CanvasLine[]; lit: readonly string[] };

/** Of the lines of a canvas those that are brought out, above all others, with the marks that move along them. */
export const LitLines = memo(function LitLines({ lines, lit }: LitLinesProps) {
  const ids = new Set(lit);
  const shown = lines.filter(({ id }) => ids.has(id));
  const isMoving = shown.length <= MAX_MOVING_EDGES;
  return (
    <ViewportPortal>
      <svg aria-hidden className="pointer-events-none absolute top-0 left-0 -z-1 size-px overflow-visible">
        {shown.map(({ id, path, seconds, ...look }) => (
          <Stroke key={id} d={path.d} look={look} seconds={isMoving ? seconds : null} markerEnd={undefined} />
        ))}
      </svg>
    </ViewportPortal>
  );
});
