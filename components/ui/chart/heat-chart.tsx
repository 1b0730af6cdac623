"use client";

import "uplot/dist/uPlot.min.css";
import "./chart.css";
import { useEffectEvent, useMemo, useRef, useState } from "react";
import type uPlot from "uplot";
import { useFormat } from "../format-context.tsx";
import { MarkFlags } from "./mark-flags.tsx";
import { type ChartMark, type PlotArea, sameArea, timePlot } from "./time-plot.ts";
import { usePlot } from "./use-plot.ts";

/** Column, row and how many. */
export type HeatCell = readonly [column: number, row: number, count: number];

type HeatChartProps = {
  label: string;
  /** Milliseconds since 1970 at which the first column begins, how long each is, and how many there are. */
  startMs: number;
  stepMs: number;
  columns: number;
  /** Ends of the rows: row i holds what is above bounds[i], up to bounds[i + 1]. */
  bounds: readonly number[];
  cells: readonly HeatCell[];
  highest: number;
  /** Columns of which nothing is known. */
  gaps: readonly number[];
  marks?: readonly ChartMark[];
  height: number;
  write: (value: number) => string;
  onCursor?: (at: { column: number; row: number | null } | null) => void;
  onZoom?: (fromMs: number, toMs: number) => void;
};

const NO_MARKS: readonly ChartMark[] = [];
/** The faintest cell that holds something can still be seen. */
const FAINTEST = 0.14;

/** How many fell into which row at which time: the darker, the more. */
export function HeatChart(props: HeatChartProps) {
  const { label, startMs, stepMs, columns, bounds, height, write } = props;
  const box = useRef<HTMLDivElement>(null);
  const format = useFormat();
  const rows = Math.max(1, bounds.length - 1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is painted are the cells: it is drawn again with them
  const data = useMemo<uPlot.AlignedData>(
    () => [
      Array.from({ length: columns }, (_, index) => startMs + index * stepMs),
      Array.from({ length: columns }, () => null),
    ],
    [startMs, stepMs, columns, props.cells],
  );
  const tellCursor = useEffectEvent((plot: uPlot, column: number | null) => {
    const { top } = plot.cursor;
    const row = top === undefined || top < 0 ? null : Math.floor(plot.posToVal(top, "y"));
    props.onCursor?.(column === null ? null : { column, row });
  });
  const tellZoom = useEffectEvent((fromMs: number, toMs: number) => props.onZoom?.(fromMs, toMs));
  const [area, setArea] = useState<PlotArea | null>(null);
  const now = useRef(props);
  now.current = props;
  usePlot(box, {
    data,
    height,
    structure: `${bounds.join(",")}|${format.timeZone}`,
    look: (style) => {
      const base = timePlot({
        style,
        format,
        write,
        bounds: () => ({
          fromMs: now.current.startMs,
          toMs: now.current.startMs + now.current.columns * now.current.stepMs,
        }),
        onCursor: () => {},
        onZoom: props.onZoom === undefined ? undefined : tellZoom,
        marks: () => now.current.marks ?? NO_MARKS,
        onArea: (next) => setArea((known) => sameArea(known, next)),
      });
      const [time, rowAxis] = base.axes;
      return {
        ...base,
        axes: [
          time ?? {},
          {
            ...rowAxis,
            grid: { show: false },
            splits: () => evenly(rows),
            values: (_plot, splits) => splits.map((row) => write(bounds[row] ?? 0)),
          },
        ],
        scales: { x: base.x, y: { range: [0, rows] } },
        series: [{}, { stroke: "transparent", points: { show: false } }],
        hooks: {
          drawClear: [(plot) => paint(plot, now.current, style)],
          draw: [base.hooks.draw],
          setCursor: [(plot) => tellCursor(plot, plot.cursor.idx ?? null)],
          setSelect: [base.hooks.setSelect],
        },
      };
    },
  });
  return (
    <div className="relative">
      <div ref={box} role="img" aria-label={label} className="chart w-full" style={{ height }} />
      <MarkFlags
        marks={props.marks ?? NO_MARKS}
        area={area}
        fromMs={startMs}
        toMs={startMs + columns * stepMs}
      />
    </div>
  );
}

/** About six of the rows, for the marks of the axis. */
function evenly(rows: number): number[] {
  const apart = Math.max(1, Math.round(rows / 6));
  return Array.from({ length: Math.floor(rows / apart) + 1 }, (_, index) => index * apart);
}

function paint(
  plot: uPlot,
  { startMs, stepMs, cells, highest, gaps }: HeatChartProps,
  style: CSSStyleDeclaration,
) {
  const { ctx, bbox } = plot;
  const left = (column: number) => plot.valToPos(startMs + column * stepMs, "x", true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = style.getPropertyValue("--sunken");
  for (const column of gaps) {
    ctx.fillRect(left(column), bbox.top, left(column + 1) - left(column), bbox.height);
  }
  ctx.fillStyle = style.getPropertyValue("--accent");
  for (const [column, row, count] of cells) {
    const [bottom, top] = [plot.valToPos(row, "y", true), plot.valToPos(row + 1, "y", true)];
    // One among thousands is what one looks for: depth grows with the logarithm.
    ctx.globalAlpha = FAINTEST + (1 - FAINTEST) * (Math.log1p(count) / Math.log1p(Math.max(1, highest)));
    ctx.fillRect(left(column), top, Math.max(1, left(column + 1) - left(column)), Math.max(1, bottom - top));
  }
  ctx.restore();
}
