import { isThere, type TimelineScene } from "./timeline-scene.ts";
import type { TimelineStage } from "./timeline-stage.ts";
import type { TraceSelection } from "./trace-selection.ts";

export const ZOOM_STEP = 1.5;
const PAN_SHARE = 0.2;
const SCROLL_PX = 48;

/** Moves in the picture by a key; false for a key that means nothing there. */
export function moveByKey(key: string, stage: TimelineStage | null, scroller: HTMLElement | null): boolean {
  switch (key) {
    case "+":
    case "=":
      stage?.zoom(ZOOM_STEP);
      return true;
    case "-":
      stage?.zoom(1 / ZOOM_STEP);
      return true;
    case "0":
      stage?.fit();
      return true;
    case "ArrowLeft":
    case "ArrowRight":
      stage?.pan((key === "ArrowLeft" ? -1 : 1) * PAN_SHARE * (scroller?.clientWidth ?? 0));
      return true;
    case "ArrowUp":
    case "ArrowDown":
      scroller?.scrollBy(0, key === "ArrowUp" ? -SCROLL_PX : SCROLL_PX);
      return true;
    default:
      return false;
  }
}

/** The event before or after the one that is selected, as they were recorded. */
export function stepEvent(
  scene: Pick<TimelineScene, "trace" | "untilUs">,
  selection: TraceSelection | null,
  by: 1 | -1,
): TraceSelection | null {
  const { events } = scene.trace;
  const timeOf = (event: number) => events[event]?.atUs ?? 0;
  const order = [...events.keys()]
    .filter((event) => isThere(scene, event))
    .sort((a, b) => timeOf(a) - timeOf(b));
  const at = selection?.kind === "event" ? order.indexOf(selection.event) : -1;
  const event = order[Math.min(Math.max(at + by, 0), order.length - 1)];
  return event === undefined ? null : { kind: "event", event };
}
