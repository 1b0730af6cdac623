import { type Area, isWithin } from "./canvas-lines.ts";
import type { BitmapView } from "./line-worker.ts";

/** Where the picture is moved to, and how much of it is seen. */
export type Sight = { x: number; y: number; zoom: number; width: number; height: number };

/** Drawn beyond each side of what is seen, so that panning only moves what is there already. */
const MARGIN_PX = 560;
/** With less than this left of it, the next part is drawn, in time for a hand that goes on that way. */
const RESERVE_PX = 320;
/** Zoomed further in or out than this, lines are drawn anew before the picture rests. */
const MAX_STRETCH = 1.6;

/** What to draw for a sight: all that is seen of the picture and around it. */
export function bitmapFor(sight: Sight, bounds: Area, pixelRatio: number): BitmapView {
  return { area: common(areaSeen(sight, MARGIN_PX), bounds), scale: sight.zoom * pixelRatio };
}

/** Whether what was drawn does no longer, or soon will not, show all that is seen. */
export function isUsedUp(drawn: BitmapView, sight: Sight, bounds: Area, pixelRatio: number): boolean {
  const stretch = (sight.zoom * pixelRatio) / drawn.scale;
  if (Math.max(stretch, 1 / stretch) > MAX_STRETCH) return true;
  const wanted = common(areaSeen(sight, RESERVE_PX), bounds);
  return !isEmpty(wanted) && !isWithin(wanted, drawn.area);
}

function areaSeen({ x, y, zoom, width, height }: Sight, margin: number): Area {
  return {
    left: (-x - margin) / zoom,
    top: (-y - margin) / zoom,
    right: (width + margin - x) / zoom,
    bottom: (height + margin - y) / zoom,
  };
}

function common(one: Area, other: Area): Area {
  return {
    left: Math.max(one.left, other.left),
    top: Math.max(one.top, other.top),
    right: Math.min(one.right, other.right),
    bottom: Math.min(one.bottom, other.bottom),
  };
}

function isEmpty({ left, top, right, bottom }: Area): boolean {
  return right <= left || bottom <= top;
}
