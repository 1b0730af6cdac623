import { type Area, batchLines, type CanvasLine, isWithin } from "./canvas-lines.ts";

/** Where the picture is moved to, and how much of it is seen. */
type Sight = { x: number; y: number; zoom: number; width: number; height: number };

/** Drawn beyond each side of what is seen, so that panning only moves what is there already. */
const MARGIN_PX = 360;
/** After this long without a move, lines are drawn as sharp as the screen is. */
const REST_MS = 140;
const MAX_PIXEL_RATIO = 2;
/** Zoomed further in or out than this, lines are drawn anew before the picture rests. */
const MAX_STRETCH = 1.6;
const DIM = 0.18;

/**
 * Draws lines onto a canvas that is larger than what is seen of it. A move within the margin only shifts the canvas, a
 * little zooming only stretches it; beyond that, lines are drawn anew, at most once a frame.
 */
export class EdgePainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #shapes = new WeakMap<CanvasLine, Path2D>();
  #lines: readonly CanvasLine[] = [];
  #lit: ReadonlySet<string> | null = null;
  #sight: Sight | null = null;
  #painted: { area: Area; zoom: number; ratio: number } | null = null;
  #frame: number | null = null;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** Takes other lines; those whose ids are not `lit` are dimmed. */
  show(lines: readonly CanvasLine[], lit: readonly string[] | null): void {
    this.#lines = lines;
    this.#lit = lit === null ? null : new Set(lit);
    this.repaint();
  }

  /** Follows the picture. */
  moveTo(sight: Sight): void {
    const was = this.#sight;
    if (
      was !== null &&
      was.x === sight.x &&
      was.y === sight.y &&
      was.zoom === sight.zoom &&
      was.width === sight.width &&
      was.height === sight.height
    ) {
      return;
    }
    this.#sight = sight;
    const painted = this.#painted;
    const isCovered =
      painted !== null &&
      isWithin(areaSeen(sight, 0), painted.area) &&
      Math.max(painted.zoom / sight.zoom, sight.zoom / painted.zoom) <= MAX_STRETCH;
    if (!isCovered) this.#requestPaint();
    this.#place();
    this.#awaitRest();
  }

  /** Draws the same lines again, such as in other colours. */
  repaint(): void {
    this.#painted = null;
    this.#requestPaint();
  }

  stop(): void {
    clearTimeout(this.#rest);
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
  }

  #requestPaint(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#paint(1);
      this.#awaitRest();
    });
  }

  #awaitRest(): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#sharpen(), REST_MS);
  }

  #sharpen(): void {
    const ratio = Math.min(MAX_PIXEL_RATIO, window.devicePixelRatio);
    const painted = this.#painted;
    if (painted === null) return;
    if (painted.ratio < ratio || painted.zoom !== this.#sight?.zoom) this.#paint(ratio);
  }

  /** Shifts what was painted to where it belongs now. */
  #place(): void {
    if (this.#sight === null || this.#painted === null) return;
    const { x, y, zoom } = this.#sight;
    const { area, zoom: paintedZoom } = this.#painted;
    const scale = zoom / paintedZoom;
    this.#canvas.style.transform = `translate(${area.left * zoom + x}px, ${area.top * zoom + y}px) scale(${scale})`;
  }

  #paint(ratio: number): void {
    const sight = this.#sight;
    const context = this.#canvas.getContext("2d");
    if (sight === null || context === null) return;
    const area = areaSeen(sight, MARGIN_PX);
    const { zoom } = sight;
    const [width, height] = [sight.width + 2 * MARGIN_PX, sight.height + 2 * MARGIN_PX];
    this.#resize(width, height, ratio);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    const scale = zoom * ratio;
    context.setTransform(scale, 0, 0, scale, -area.left * scale, -area.top * scale);
    const style = getComputedStyle(this.#canvas);
    for (const batch of batchLines(this.#lines, area, this.#lit)) {
      context.globalAlpha = batch.isDim ? DIM : 1;
      context.strokeStyle = colourOf(batch.stroke, style);
      context.lineWidth = batch.width;
      context.setLineDash(batch.dash?.split(" ").map(Number) ?? []);
      for (const line of batch.lines) context.stroke(this.#shapeOf(line));
    }
    this.#painted = { area, zoom, ratio };
    this.#place();
  }

  #resize(width: number, height: number, ratio: number): void {
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== across) this.#canvas.width = across;
    if (this.#canvas.height !== down) this.#canvas.height = down;
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
  }

  #shapeOf(line: CanvasLine): Path2D {
    const known = this.#shapes.get(line);
    if (known !== undefined) return known;
    const shape = new Path2D(line.path.d);
    this.#shapes.set(line, shape);
    return shape;
  }
}

function areaSeen({ x, y, zoom, width, height }: Sight, margin: number): Area {
  return {
    left: (-x - margin) / zoom,
    top: (-y - margin) / zoom,
    right: (width + margin - x) / zoom,
    bottom: (height + margin - y) / zoom,
  };
}

/** A canvas knows no custom properties. */
function colourOf(stroke: string, style: CSSStyleDeclaration): string {
  const name = /^var\((--[\w-]+)\)$/.exec(stroke)?.[1];
  return name === undefined ? stroke : style.getPropertyValue(name);
}
