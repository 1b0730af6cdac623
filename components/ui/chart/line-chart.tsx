"use client";

import "uplot/dist/uPlot.min.css";
import "./chart.css";
import { useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import type uPlot from "uplot";
import { colourOf } from "../canvas-colour.ts";
import { useFormat } from "../format-context.tsx";
import { gapsOf, lonelyPoints } from "./gaps.ts";
import { MarkFlags } from "./mark-flags.tsx";
import { type ChartMark, type PlotArea, sameArea, timePlot } from "./time-plot.ts";
import { usePlot } from "./use-plot.ts";

export type ChartLine = {
  key: string;
  /** A custom property, such as `var(--chart-1)`. */
  colour: string;
  /** One for each step; null where nothing is known. */
  values: readonly (number | null)[];
  isDashed?: boolean;
};

type LineChartProps = {
  /** What it shows, for those who do not see it. */
  label: string;
  /** Milliseconds since 1970 at which the first step begins, and how long each is. */
  startMs: number;
  stepMs: number;
  /** How many steps there are; by default as many as the lines have values. */
  steps?: number;
  lines: readonly ChartLine[];
  marks?: readonly ChartMark[];
  height: number;
  write: (value: number) => string;
  /** The line that stands out; null for all alike. */
  highlighted?: string | null;
  onCursor?: (index: number | null) => void;
  onZoom?: (fromMs: number, toMs: number) => void;
  /** Told of a click: the step, and the line that is closest there; null where none knows anything. */
  onPick?: (index: number, key: string | null) => void;
};

const NO_MARKS: readonly ChartMark[] = [];
const FADED = "30";

/** Lines over time. What nobody knows is left open and shaded; it is never drawn as zero. */
export function LineChart(props: LineChartProps) {
  const { label, startMs, stepMs, lines, marks = NO_MARKS, height, write, highlighted = null } = props;
  const box = useRef<HTMLDivElement>(null);
  const format = useFormat();
  const steps = props.steps ?? lines[0]?.values.length ?? 0;
  const data = useMemo<uPlot.AlignedData>(
    () => [
      Array.from({ length: steps }, (_, index) => startMs + index * stepMs),
      ...lines.map(({ values }) => [...values]),
    ],
    [lines, startMs, stepMs, steps],
  );
  const tellCursor = useEffectEvent((index: number | null) => props.onCursor?.(index));
  const tellZoom = useEffectEvent((fromMs: number, toMs: number) => props.onZoom?.(fromMs, toMs));
  const tellPick = useEffectEvent((each: uPlot, at: { index: number; top: number }) =>
    props.onPick?.(at.index, closestLine(each, lines, at)),
  );
  const [area, setArea] = useState<PlotArea | null>(null);
  const now = useRef({ startMs, endMs: 0, marks, lines });
  now.current = { startMs, endMs: startMs + Math.max(1, steps - 1) * stepMs, marks, lines };
  const plot = usePlot(box, {
    data,
    height,
    structure: `${lines.map(({ key, colour, isDashed }) => `${key}/${colour}/${isDashed}`).join("|")}|${format.timeZone}`,
    look: (style) => {
      const base = timePlot({
        style,
        format,
        write,
        bounds: () => ({ fromMs: now.current.startMs, toMs: now.current.endMs }),
        onCursor: tellCursor,
        onZoom: props.onZoom === undefined ? undefined : tellZoom,
        marks: () => now.current.marks,
        onPick: props.onPick === undefined ? undefined : tellPick,
        onArea: (next) => setArea((known) => sameArea(known, next)),
      });
      return {
        ...base,
        scales: { x: base.x, y: { range: fromZero } },
        series: [{}, ...lines.map((line) => lineSeries(line, style))],
        hooks: {
          drawClear: [(each) => shadeGaps(each, now.current.lines, style.getPropertyValue("--sunken"))],
          ready: [base.hooks.ready],
          draw: [base.hooks.draw],
          setCursor: [base.hooks.setCursor],
          setSelect: [base.hooks.setSelect],
        },
      };
    },
  });
  useEffect(() => {
    const drawn = plot.current;
    if (drawn === null || box.current === null) return;
    const style = getComputedStyle(box.current);
    lines.forEach((line, index) => {
      const series = drawn.series[index + 1];
      if (series === undefined) return;
      const colour = colourOf(line.colour, style);
      series.stroke = () => (highlighted === null || highlighted === line.key ? colour : `${colour}${FADED}`);
    });
    drawn.redraw(false);
  }, [highlighted, lines, plot]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: marks are read while it is drawn
  useEffect(() => {
    plot.current?.redraw(false);
  }, [marks, plot]);
  return (
    <div className="relative">
      <div ref={box} role="img" aria-label={label} className="chart w-full" style={{ height }} />
      <MarkFlags marks={marks} area={area} fromMs={now.current.startMs} toMs={now.current.endMs} />
    </div>
  );
}

/** Of the lines that are drawn, the one that is closest to a place at its step. */
function closestLine(
  plot: uPlot,
  lines: readonly ChartLine[],
  { index, top }: { index: number; top: number },
): string | null {
  let closest: { key: string; px: number } | null = null;
  for (const { key, values, isDashed } of lines) {
    const value = isDashed ? null : values[index];
    if (value == null) continue;
    const px = Math.abs(plot.valToPos(value, "y") - top);
    if (closest === null || px < closest.px) closest = { key, px };
  }
  return closest?.key ?? null;
}

function lineSeries({ colour, isDashed }: ChartLine, style: CSSStyleDeclaration): uPlot.Series {
  return {
    stroke: colourOf(colour, style),
    width: isDashed ? 1 : 1.5,
    ...(isDashed && { dash: [4, 4] }),
    spanGaps: false,
    points: {
      size: 5,
      show: true,
      filter: (plot, index) => lonelyPoints(plot.data[index] ?? []),
    },
  };
}

/** Every axis of a count, a time or a share begins at nothing; one that only knows nothing reaches up to one. */
function fromZero(_plot: uPlot, low: number | null, high: number | null): [number, number] {
  const top = high === null || high <= 0 ? 1 : high * 1.08;
  return [Math.min(0, low ?? 0), top];
}

function shadeGaps(plot: uPlot, lines: readonly ChartLine[], colour: string): void {
  const [times] = plot.data;
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = colour;
  for (const { from, to } of gapsOf(lines.map(({ values }) => values))) {
    // From the last known step to the next one: the line is open there.
    const [start, end] = [times[Math.max(0, from - 1)], times[Math.min(times.length - 1, to + 1)]];
    if (start === undefined || end === undefined) continue;
    const left = Math.max(bbox.left, plot.valToPos(start, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(end, "x", true));
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}
