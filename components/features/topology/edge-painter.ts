import { colourOf } from "#components/ui/canvas-colour.ts";
import { type Area, boundsOf, type CanvasLine, toDrawnLine } from "./canvas-lines.ts";
import { bitmapFor, isUsedUp, type Sight } from "./canvas-sight.ts";
import type { BitmapView, LineAnswer, LineRequest } from "./line-worker.ts";

/** After this long without a move, lines are drawn as sharp as the screen is. */
const REST_MS = 140;
const MAX_PIXEL_RATIO = 2;

/**
 * Shows lines on a canvas that reaches beyond what is seen. A move only shifts the canvas, a little zooming only
 * stretches it. What comes into sight next is drawn by a worker meanwhile, one bitmap at a time: moving never waits for
 * drawing.
 */
export class EdgePainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #worker = new Worker(new URL("./line-worker.ts", import.meta.url), { type: "module" });
  #strokes: readonly string[] = [];
  #bounds: Area = boundsOf([]);
  #sight: Sight | null = null;
  #shown: BitmapView | null = null;
  #isStale = true;
  #isDrawing = false;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#worker.addEventListener("message", ({ data }: MessageEvent<LineAnswer>) => this.#take(data));
  }

  /** Takes other lines. */
  show(lines: readonly CanvasLine[]): void {
    this.#bounds = boundsOf(lines);
    this.#strokes = [...new Set(lines.map(({ stroke }) => stroke))];
    this.#send({ kind: "lines", lines: lines.map(toDrawnLine) });
    this.repaint();
  }

  /** Follows the picture. */
  moveTo(sight: Sight): void {
    if (this.#sight !== null && isSame(this.#sight, sight)) return;
    this.#sight = sight;
    this.#place();
    if (this.#shown !== null && isUsedUp(this.#shown, sight, this.#bounds, pixelRatio())) this.repaint();
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#sharpen(), REST_MS);
  }

  /** Draws the same lines again, such as in other colours. */
  repaint(): void {
    this.#isStale = true;
    this.#draw();
  }

  stop(): void {
    clearTimeout(this.#rest);
    this.#worker.terminate();
  }

  #sharpen(): void {
    if (this.#sight !== null && this.#shown?.scale !== this.#sight.zoom * pixelRatio()) this.repaint();
  }

  #draw(): void {
    if (this.#isDrawing || this.#sight === null || this.#sight.width === 0) return;
    this.#isStale = false;
    this.#isDrawing = true;
    const style = getComputedStyle(this.#canvas);
    const colours = Object.fromEntries(this.#strokes.map((stroke) => [stroke, colourOf(stroke, style)]));
    this.#send({ kind: "paint", view: bitmapFor(this.#sight, this.#bounds, pixelRatio()), colours });
  }

  #take({ view, bitmap }: LineAnswer): void {
    this.#isDrawing = false;
    this.#canvas.width = bitmap.width;
    this.#canvas.height = bitmap.height;
    this.#canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(bitmap);
    this.#shown = view;
    this.#place();
    // The hand may have gone on while this was drawn.
    const isPassed = this.#sight !== null && isUsedUp(view, this.#sight, this.#bounds, pixelRatio());
    if (this.#isStale || isPassed) this.#draw();
  }

  /** Shifts what was drawn to where it belongs now: to whole pixels, so that nothing has to be blended. */
  #place(): void {
    if (this.#sight === null || this.#shown === null) return;
    const { x, y, zoom } = this.#sight;
    const { area, scale } = this.#shown;
    const ratio = pixelRatio();
    const [left, top] = [area.left * zoom + x, area.top * zoom + y].map(
      (at) => Math.round(at * ratio) / ratio,
    );
    this.#canvas.style.transform = `translate(${left}px, ${top}px) scale(${zoom / scale})`;
  }

  #send(request: LineRequest): void {
    this.#worker.postMessage(request);
  }
}

function pixelRatio(): number {
  return Math.min(MAX_PIXEL_RATIO, window.devicePixelRatio);
}

function isSame(one: Sight, other: Sight): boolean {
  return (
    one.x === other.x &&
    one.y === other.y &&
    one.zoom === other.zoom &&
    one.width === other.width &&
    one.height === other.height
  );
}
