import { makeHatch } from "./hatch.ts";
import { paintOverview } from "./paint-overview.ts";
import { paintAxis, paintTimeline } from "./paint-timeline.ts";
import { type Arrow, findArrows, findUnseenArrows } from "./timeline-arrows.ts";
import {
  isWhole,
  keepSight,
  panSight,
  revealInSight,
  type Sight,
  wholeSight,
  zoomSight,
} from "./timeline-axis.ts";
import { readColours, type TimelineColours } from "./timeline-colours.ts";
import { findAt, type Hit, toPlace, toX } from "./timeline-hit.ts";
import type { TimelineScene } from "./timeline-scene.ts";
import type { TickWriter } from "./timeline-ticks.ts";
import { findLinked, type Linked, NOTHING_LINKED, type TraceSelection } from "./trace-selection.ts";

export type StageParts = {
  canvas: HTMLCanvasElement;
  axis: HTMLCanvasElement;
  overview: HTMLCanvasElement;
  /** What is in sight, on the overview. */
  frame: HTMLElement;
  scroller: HTMLElement;
};

/** What is marked in the picture, beside what there is. */
export type StageLook = { selection: TraceSelection | null; isCriticalShown: boolean; atUs: number | null };

const MAX_PIXEL_RATIO = 2;
const LEAST_FRAME_PX = 6;

/**
 * Draws a timeline and moves in it. Nothing is rendered anew by React while it moves: a move asks for one frame, and a
 * frame draws what is in sight.
 */
export class TimelineStage {
  readonly #parts: StageParts;
  readonly #writer: TickWriter;
  readonly #onSight: (isWhole: boolean) => void;
  #scene: TimelineScene | null = null;
  #sight: Sight = { from: 0, to: 1 };
  #look: StageLook = { selection: null, isCriticalShown: false, atUs: null };
  #linked: Linked = NOTHING_LINKED;
  #arrows: readonly Arrow[] = [];
  #hovered: readonly Arrow[] = [];
  #unseen: readonly Arrow[] = [];
  #colours: TimelineColours;
  #hatch: CanvasPattern | null = null;
  #size = { width: 0, height: 0 };
  #frame: number | null = null;
  #isOverviewStale = true;
  #isDrawn = false;

  constructor(
    parts: StageParts,
    { writer, onSight }: { writer: TickWriter; onSight: (isWhole: boolean) => void },
  ) {
    this.#parts = parts;
    this.#writer = writer;
    this.#onSight = onSight;
    this.#colours = readColours(parts.canvas);
  }

  stop(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
  }

  /** Takes another trace, or the same one with more recorded: what is looked at stays in sight. */
  show(scene: TimelineScene): void {
    this.#sight = keepSight(this.#scene?.axis ?? null, scene.axis, this.#sight);
    this.#scene = scene;
    this.#unseen = findUnseenArrows(scene);
    this.#isOverviewStale = true;
    this.mark(this.#look);
    this.#onSight(isWhole(scene.axis, this.#sight));
  }

  mark(look: StageLook): void {
    this.#look = look;
    if (this.#scene !== null) {
      this.#linked = findLinked(this.#scene.trace, look.selection);
      this.#arrows = look.selection === null ? [] : findArrows(this.#scene, this.#linked);
    }
    this.#ask();
  }

  hover(hit: Hit | null): void {
    const selection = hit === null ? null : this.selectionOf(hit);
    const scene = this.#scene;
    this.#hovered =
      selection === null || scene === null ? [] : findArrows(scene, findLinked(scene.trace, selection));
    this.#ask();
  }

  resize(width: number, height: number): void {
    this.#size = { width, height };
    this.#isOverviewStale = true;
    this.#ask();
  }

  repaint(): void {
    this.#colours = readColours(this.#parts.canvas);
    this.#hatch = null;
    this.#isOverviewStale = true;
    this.#ask();
  }

  scrolled(): void {
    this.#ask();
  }

  /** @param x in pixels from the left of the picture; the middle where it is left out. */
  zoom(factor: number, x = this.#size.width / 2): void {
    const scene = this.#scene;
    if (scene === null) return;
    const at = toPlace(this.#window, x);
    this.#moveTo(zoomSight(scene.axis, this.#sight, { factor, at }));
  }

  pan(px: number): void {
    if (this.#scene === null) return;
    const by = (px / Math.max(1, this.#size.width)) * (this.#sight.to - this.#sight.from);
    this.#moveTo(panSight(this.#scene.axis, this.#sight, by));
  }

  fit(): void {
    if (this.#scene !== null) this.#moveTo(wholeSight(this.#scene.axis));
  }

  /** Brings a place of the overview, from 0 to 1, into the middle. */
  centre(share: number): void {
    if (this.#scene === null) return;
    const whole = wholeSight(this.#scene.axis);
    const middle = whole.from + share * (whole.to - whole.from);
    const by = middle - (this.#sight.from + this.#sight.to) / 2;
    this.#moveTo(panSight(this.#scene.axis, this.#sight, by));
  }

  /** Brings a stretch of the axis, and a height of the picture, into sight. */
  reveal(stretch: Sight, y: number): void {
    if (this.#scene === null) return;
    this.#moveTo(revealInSight(this.#scene.axis, this.#sight, stretch));
    const { scroller } = this.#parts;
    const { rowHeight } = this.#scene.plan;
    const isSeen =
      y - rowHeight >= scroller.scrollTop && y + rowHeight <= scroller.scrollTop + this.#size.height;
    if (!isSeen) scroller.scrollTop = y - this.#size.height / 2;
  }

  /** What lies under a point of the canvas. */
  hitAt(point: { x: number; y: number }): Hit | null {
    if (this.#scene === null) return null;
    const y = point.y + this.#parts.scroller.scrollTop;
    return findAt(this.#scene, this.#window, { x: point.x, y });
  }

  selectionOf(hit: Hit): TraceSelection | null {
    const { timeline } = this.#scene ?? {};
    if (hit.kind === "bar") {
      const span = timeline?.bars[hit.bar]?.span;
      return span === undefined ? null : { kind: "span", span };
    }
    const event = timeline?.marks[hit.mark]?.event;
    return event === undefined ? null : { kind: "event", event };
  }

  get #window() {
    return { sight: this.#sight, widthPx: this.#size.width };
  }

  #moveTo(sight: Sight): void {
    this.#sight = sight;
    if (this.#scene !== null) this.#onSight(isWhole(this.#scene.axis, sight));
    this.#ask();
  }

  #ask(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#paint();
    });
  }

  #paint(): void {
    const scene = this.#scene;
    const { width, height } = this.#size;
    if (scene === null || width <= 0 || height <= 0) return;
    const { canvas, axis, overview, scroller } = this.#parts;
    const context = sizeCanvas(canvas, width, height);
    const axisContext = sizeCanvas(axis, width, axis.clientHeight);
    if (context === null || axisContext === null) return;
    this.#hatch ??= makeHatch(context, this.#colours.failed);
    const base = { scene, window: this.#window, colours: this.#colours };
    paintTimeline({
      ...base,
      context,
      hatch: this.#hatch,
      heightPx: height,
      scrollTop: scroller.scrollTop,
      lit: this.#linked.spans,
      litEvents: this.#linked.events,
      arrows: this.#hovered.length > 0 ? this.#hovered : this.#arrows,
      unseen: this.#unseen,
      isCriticalShown: this.#look.isCriticalShown,
      atUs: this.#look.atUs,
    });
    paintAxis({ ...base, context: axisContext, heightPx: axis.clientHeight }, this.#writer);
    if (this.#isOverviewStale) {
      const overviewContext = sizeCanvas(overview, width, overview.clientHeight);
      this.#isOverviewStale = false;
      if (overviewContext !== null) {
        paintOverview({ ...base, context: overviewContext, widthPx: width, heightPx: overview.clientHeight });
      }
    }
    this.#placeFrame(scene, width);
    // How long it takes until a trace is seen can be read off in any browser: a task comes after the frame.
    if (!this.#isDrawn) setTimeout(() => performance.mark("timeline.drawn"));
    this.#isDrawn = true;
  }

  #placeFrame({ axis }: TimelineScene, width: number): void {
    const window = { sight: wholeSight(axis), widthPx: width };
    const [left, right] = [toX(window, this.#sight.from), toX(window, this.#sight.to)];
    const { style } = this.#parts.frame;
    style.transform = `translateX(${left}px)`;
    style.width = `${Math.max(LEAST_FRAME_PX, right - left)}px`;
  }
}

/** A canvas as sharp as the screen is; its size is set only when it is another one, since that empties it. */
function sizeCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const ratio = Math.min(MAX_PIXEL_RATIO, window.devicePixelRatio);
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
    canvas.style.width = `${width}px`;
    if (canvas.dataset.sized !== undefined) canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
