import { placeOf, wholeSight } from "./timeline-axis.ts";
import type { TimelineColours } from "./timeline-colours.ts";
import { toX } from "./timeline-hit.ts";
import { isRefusal, type TimelineScene } from "./timeline-scene.ts";

const PADDING_PX = 3;

type Overview = {
  context: CanvasRenderingContext2D;
  scene: TimelineScene;
  colours: TimelineColours;
  widthPx: number;
  heightPx: number;
};

/** All of a timeline in a strip: a line for each lane, with what failed and what lay dead on top. */
export function paintOverview({ context, scene, colours, widthPx, heightPx }: Overview): void {
  const { timeline, axis, undoing, untilUs } = scene;
  const window = { sight: wholeSight(axis), widthPx };
  const room = (heightPx - 2 * PADDING_PX) / Math.max(1, timeline.lanes.length);
  const height = Math.max(1, Math.min(5, room - 0.5));
  context.clearRect(0, 0, widthPx, heightPx);
  for (const isAlarming of [false, true]) {
    const drawn = new Set<string>();
    for (const bar of timeline.bars) {
      const isFailed =
        bar.kind === "wait"
          ? bar.reason === "dead"
          : bar.outcome === "failed" || bar.outcome === "timed-out" || isRefusal(scene, bar);
      const isLater = untilUs !== null && bar.start.us > untilUs;
      if (isLater || isFailed !== isAlarming) continue;
      const left = toX(window, placeOf(axis, bar.start));
      const right = bar.end === null ? widthPx : toX(window, placeOf(axis, bar.end));
      const key = `${bar.lane} ${Math.round(left)} ${bar.kind}`;
      if (right - left < 1 && drawn.has(key)) continue;
      drawn.add(key);
      const isUndoing = bar.step !== null && undoing.has(bar.step);
      const forward = isUndoing ? colours.undo : colours.work;
      const quiet = bar.kind === "wait" ? colours.lineStrong : forward;
      context.fillStyle = isFailed ? colours.failed : quiet;
      const thickness = bar.kind === "wait" && !isFailed ? Math.max(0.5, height / 3) : height;
      const top = PADDING_PX + bar.lane * room + (height - thickness) / 2;
      context.fillRect(left, top, Math.max(1, right - left), thickness);
    }
  }
}
