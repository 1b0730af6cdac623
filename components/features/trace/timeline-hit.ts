import type { Timeline } from "#server/domain/sagas/timeline.ts";
import { type Axis, placeOf, type Sight } from "./timeline-axis.ts";
import { lanesBetween, type TimelinePlan } from "./timeline-plan.ts";

export type Hit = { kind: "bar"; bar: number } | { kind: "mark"; mark: number };

/** A timeline as it is seen: what there is, where it lies, and which part of it is in sight. */
export type Scene = { timeline: Timeline; plan: TimelinePlan; axis: Axis };
export type Window = { sight: Sight; widthPx: number };

/** A finger and a trembling hand still hit what is a pixel wide. */
const REACH_PX = 5;
const MARK_REACH_PX = 8;

export function toX({ sight, widthPx }: Window, place: number): number {
  return ((place - sight.from) / (sight.to - sight.from)) * widthPx;
}

export function toPlace({ sight, widthPx }: Window, x: number): number {
  return sight.from + (x / Math.max(1, widthPx)) * (sight.to - sight.from);
}

/** What lies at a point of the picture, `y` from its top; null where nothing does. */
export function findAt(scene: Scene, window: Window, { x, y }: { x: number; y: number }): Hit | null {
  const [lane] = lanesBetween(scene.plan, y, y);
  if (lane === undefined) return null;
  if (y < lane.rowsTop) {
    const mark = nearestMark(scene, window, { marks: lane.marks, x });
    return mark === null ? null : { kind: "mark", mark };
  }
  const row = lane.bars[Math.floor((y - lane.rowsTop) / scene.plan.rowHeight)];
  const bar = row === undefined ? null : nearestBar(scene, window, { row, x });
  return bar === null ? null : { kind: "bar", bar };
}

/** The index, in a row, of the first bar that ends at or behind a place. */
export function firstEndingFrom({ timeline, axis }: Scene, row: readonly number[], place: number): number {
  let [low, high] = [0, row.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const bar = timeline.bars[row[middle] ?? -1];
    if (bar !== undefined && bar.end !== null && placeOf(axis, bar.end) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index, among marks, of the first one at or behind a place. */
export function firstMarkFrom({ timeline, axis }: Scene, marks: readonly number[], place: number): number {
  let [low, high] = [0, marks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const mark = timeline.marks[marks[middle] ?? -1];
    if (mark !== undefined && placeOf(axis, mark.at) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

function nearestBar(
  scene: Scene,
  window: Window,
  { row, x }: { row: readonly number[]; x: number },
): number | null {
  let found: { bar: number; distance: number } | null = null;
  const first = firstEndingFrom(scene, row, toPlace(window, x - REACH_PX));
  for (let index = first; index < row.length; index += 1) {
    const bar = row[index] ?? -1;
    const about = scene.timeline.bars[bar];
    if (about === undefined) break;
    const left = toX(window, placeOf(scene.axis, about.start));
    if (left > x + REACH_PX) break;
    const right = about.end === null ? Number.POSITIVE_INFINITY : toX(window, placeOf(scene.axis, about.end));
    const distance = Math.max(0, left - x, x - right);
    // Of two that touch, the later one begins here.
    if (found === null || distance <= found.distance) found = { bar, distance };
  }
  return found?.bar ?? null;
}

function nearestMark(
  scene: Scene,
  window: Window,
  { marks, x }: { marks: readonly number[]; x: number },
): number | null {
  let found: { mark: number; distance: number } | null = null;
  const first = firstMarkFrom(scene, marks, toPlace(window, x - MARK_REACH_PX));
  for (let index = first; index < marks.length; index += 1) {
    const mark = marks[index] ?? -1;
    const about = scene.timeline.marks[mark];
    if (about === undefined) break;
    const distance = Math.abs(toX(window, placeOf(scene.axis, about.at)) - x);
    if (distance > MARK_REACH_PX && found !== null) break;
    if (distance <= MARK_REACH_PX && (found === null || distance < found.distance))
      found = { mark, distance };
    if (toX(window, placeOf(scene.axis, about.at)) > x + MARK_REACH_PX) break;
  }
  return found?.mark ?? null;
}
