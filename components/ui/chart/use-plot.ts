"use client";

import { type RefObject, useEffect, useEffectEvent, useRef, useState } from "react";
import uPlot from "uplot";
import { onOtherColours } from "../canvas-colour.ts";

/** What a chart looks like, made anew whenever the colours are others. */
export type PlotLook = (style: CSSStyleDeclaration) => Omit<uPlot.Options, "width" | "height">;

type PlotInput = {
  data: uPlot.AlignedData;
  height: number;
  look: PlotLook;
  /** The chart is built anew when this is another one: what lines there are and how they look. */
  structure: string;
};

/** A uPlot in an element, as wide as that is. */
export function usePlot(
  element: RefObject<HTMLElement | null>,
  { data, height, look, structure }: PlotInput,
): RefObject<uPlot | null> {
  const plot = useRef<uPlot | null>(null);
  const [colours, setColours] = useState(0);
  useEffect(() => onOtherColours(() => setColours((times) => times + 1)), []);
  const build = useEffectEvent((target: HTMLElement) => {
    const options = look(getComputedStyle(target));
    return new uPlot({ ...options, width: target.clientWidth, height }, data, target);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart is built anew for what it can't change itself
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const built = build(target);
    plot.current = built;
    const observer = new ResizeObserver(() => {
      if (target.clientWidth > 0) built.setSize({ width: target.clientWidth, height });
    });
    observer.observe(target);
    return () => {
      observer.disconnect();
      built.destroy();
      plot.current = null;
    };
  }, [element, height, structure, colours]);
  useEffect(() => {
    plot.current?.setData(data);
  }, [data]);
  return plot;
}
