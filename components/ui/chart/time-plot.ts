import uPlot from "uplot";
import { colourOf } from "../canvas-colour.ts";
import type { Format } from "../format-context.tsx";
import { timeLabels } from "./time-axis.ts";

const FONT_PX = 11;
/** Charts that are watched together: they share the moment under the cursor. */
const SYNC_KEY = "time";
const SYNC_SCALES: [string, null] = ["x", null];
/** Fewer pixels are a click that slipped. */
const LEAST_DRAG_PX = 6;
const SLIM_PX = 3;

/** A moment, or what lasts from one to another, that is drawn across a chart. Milliseconds since 1970. */
export type ChartMark = {
  key: string;
  atMs: number;
  endMs: number | null;
  colour: string;
  /** What lasts is drawn as a bar at the upper edge, not over the whole height: much may last at once. */
  isSlim?: boolean;
  /** Said on hover, at a flag above the mark; without it there is none. */
  title?: string;
  /** The page that the flag leads to. */
  href?: string | null;
};

/** Where the curves are drawn within a chart, CSS pixels from its left. */
export type PlotArea = { left: number; width: number };

/** The area that is known, where it is the same one. */
export function sameArea(known: PlotArea | null, next: PlotArea): PlotArea {
  return known?.left === next.left && known.width === next.width ? known : next;
}

type TimePlotInput = {
  style: CSSStyleDeclaration;
  format: Format;
  /** Writes a value of the vertical axis. */
  write: (value: number) => string;
  bounds: () => { fromMs: number; toMs: number };
  onCursor: (index: number | null) => void;
  onZoom: ((fromMs: number, toMs: number) => void) | undefined;
  marks: () => readonly ChartMark[];
  onArea: (area: PlotArea) => void;
  /** Told of a click that drags nothing: the step, and how far down the curves, CSS pixels. */
  onPick?: ((plot: uPlot, at: { index: number; top: number }) => void) | undefined;
};

/** What every chart over time has: its axes, the shared cursor, a zoom by dragging, and marks across it. */
export function timePlot(input: TimePlotInput): Pick<
  uPlot.Options,
  "ms" | "legend" | "cursor" | "padding"
> & {
  axes: uPlot.Axis[];
  x: uPlot.Scale;
  hooks: Record<"ready" | "setCursor" | "setSelect" | "draw", (plot: uPlot) => void>;
} {
  const { style, format, write, bounds, onCursor, onZoom, marks, onArea, onPick } = input;
  const ink = style.getPropertyValue("--ink-faint");
  const grid = style.getPropertyValue("--line");
  const font = `${FONT_PX}px ${style.fontFamily}`;
  const axis = { stroke: ink, font, ticks: { show: false }, grid: { stroke: grid, width: 1 } };
  return {
    ms: 1,
    legend: { show: false },
    // On the right, half of a time at the end of the axis has room.
    padding: [8, 24, 0, 0],
    cursor: {
      y: false,
      drag: { x: onZoom !== undefined, y: false, setScale: false, dist: LEAST_DRAG_PX },
      points: { size: 6 },
      sync: {
        key: SYNC_KEY,
        scales: SYNC_SCALES,
        // Each chart says itself when it is dragged.
        filters: { pub: (type) => type === "mousemove" || type === "mouseleave" },
      },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        gap: 4,
        space: 70,
        values: (_plot, splits, _axis, _space, incr) => timeLabels(splits, incr, format),
      },
      { ...axis, size: widthOf, gap: 6, space: 28, values: (_plot, splits) => splits.map(write) },
    ],
    x: {
      time: true,
      range: () => {
        const { fromMs, toMs } = bounds();
        return [fromMs, toMs];
      },
    },
    hooks: {
      ready: (plot) => {
        if (onPick === undefined) return;
        // The cursor follows a frame later: what counts is where the click was.
        plot.over.addEventListener("click", ({ offsetX, offsetY }) =>
          onPick(plot, { index: plot.posToIdx(offsetX), top: offsetY }),
        );
      },
      setCursor: ({ cursor }) => onCursor(cursor.idx ?? null),
      setSelect: (plot) => {
        const { left, width } = plot.select;
        if (width < LEAST_DRAG_PX) return;
        const [fromMs, toMs] = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        onZoom?.(Math.floor(fromMs), Math.ceil(toMs));
      },
      draw: (plot) => {
        drawMarks(plot, marks(), style);
        const { left, width } = plot.bbox;
        onArea({ left: left / uPlot.pxRatio, width: width / uPlot.pxRatio });
      },
    },
  };
}

/** As wide as the longest value on it. */
function widthOf(plot: uPlot, values: string[] | null, axisIndex: number): number {
  const axis = plot.axes[axisIndex];
  if (values === null || axis === undefined) return 40;
  plot.ctx.font = String(axis.font?.[0] ?? "");
  const widest = Math.max(0, ...values.map((value) => plot.ctx.measureText(value).width));
  return Math.max(32, Math.ceil(widest / uPlot.pxRatio) + 10);
}

function drawMarks(plot: uPlot, marks: readonly ChartMark[], style: CSSStyleDeclaration): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { atMs, endMs, colour, isSlim = false } of marks) {
    ctx.fillStyle = colourOf(colour, style);
    const left = Math.round(plot.valToPos(atMs, "x", true));
    if (endMs !== null) {
      ctx.globalAlpha = isSlim ? 0.6 : 0.1;
      const height = isSlim ? SLIM_PX * uPlot.pxRatio : bbox.height;
      ctx.fillRect(left, bbox.top, plot.valToPos(endMs, "x", true) - left, height);
    }
    ctx.globalAlpha = 0.8;
    ctx.fillRect(left, bbox.top, uPlot.pxRatio, bbox.height);
  }
  ctx.restore();
}
