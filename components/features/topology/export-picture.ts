import { toPng, toSvg } from "html-to-image";
import { NODE_HEIGHT, NODE_WIDTH } from "./placement.ts";

const MARGIN = 32;
/** Browsers draw no larger canvas than about this. */
const MAX_PIXELS = 12_000;

type Place = { x: number; y: number };

/** Saves the whole picture as a file, at its own size and not as it is zoomed. */
export async function savePicture(
  box: HTMLElement,
  places: readonly Place[],
  { name, format }: { name: string; format: "svg" | "png" },
): Promise<void> {
  const viewport = box.querySelector<HTMLElement>(".react-flow__viewport");
  if (viewport === null || places.length === 0) throw new Error("There is no picture to save.");
  const left = Math.min(...places.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...places.map(({ y }) => y)) - MARGIN;
  // Loops run below the last row.
  const width = Math.ceil(Math.max(...places.map(({ x }) => x)) + NODE_WIDTH + MARGIN - left);
  const height = Math.ceil(Math.max(...places.map(({ y }) => y)) + NODE_HEIGHT + 3 * MARGIN - top);
  const options = {
    width,
    height,
    backgroundColor: getComputedStyle(box).getPropertyValue("--canvas"),
    style: { width: `${width}px`, height: `${height}px`, transform: `translate(${-left}px, ${-top}px)` },
    pixelRatio: Math.min(2, MAX_PIXELS / Math.max(width, height)),
  };
  saveFile(format === "svg" ? await toSvg(viewport, options) : await toPng(viewport, options), name);
}

/** Has the browser save what is behind an address. */
export function saveFile(href: string, name: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = name;
  link.click();
}
