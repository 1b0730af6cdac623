import { toPng, toSvg } from "html-to-image";
import { saveFile } from "../save-file.ts";
import type { Place } from "./neighbours.ts";

const MARGIN = 32;
/** Browsers draw no larger canvas than about this. */
const MAX_PIXELS = 12_000;

/** Saves the whole picture as a file, at its own size and not as it is zoomed. */
export async function savePicture(
  box: HTMLElement,
  boxes: readonly (Place & { width: number; height: number })[],
  { name, format }: { name: string; format: "svg" | "png" },
): Promise<void> {
  const viewport = box.querySelector<HTMLElement>(".react-flow__viewport");
  if (viewport === null || boxes.length === 0) throw new Error("There is no picture to save.");
  const left = Math.min(...boxes.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN;
  // Loops run below the last row.
  const fullWidth = Math.ceil(Math.max(...boxes.map(({ x, width }) => x + width)) + MARGIN - left);
  const fullHeight = Math.ceil(Math.max(...boxes.map(({ y, height }) => y + height)) + 3 * MARGIN - top);
  const options = {
    width: fullWidth,
    height: fullHeight,
    backgroundColor: getComputedStyle(box).getPropertyValue("--canvas"),
    style: {
      width: `${fullWidth}px`,
      height: `${fullHeight}px`,
      transform: `translate(${-left}px, ${-top}px)`,
    },
    pixelRatio: Math.min(2, MAX_PIXELS / Math.max(fullWidth, fullHeight)),
  };
  saveFile(format === "svg" ? await toSvg(viewport, options) : await toPng(viewport, options), name);
}

/** Lines come once their boxes have been measured: waits until nothing more comes. */
export async function everythingDrawn(box: HTMLElement): Promise<void> {
  const count = () => box.querySelectorAll(".react-flow__node, .react-flow__edge").length;
  let before: number;
  await twoFrames();
  do {
    before = count();
    await twoFrames();
  } while (count() !== before);
}

/** What was rendered just now has been drawn by then. */
function twoFrames(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
}
