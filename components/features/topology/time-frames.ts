import type { TimeWindow } from "./topology-queries.ts";
import type { Compared, Playback } from "./topology-view.ts";

const MINUTE_MS = 60_000;
const SPAN_MS: Record<Playback, number> = {
  "1h": 60 * MINUTE_MS,
  "6h": 360 * MINUTE_MS,
  "24h": 1_440 * MINUTE_MS,
};
/** How long a frame is: long enough to hold traffic, short enough to see change. */
const FRAME_MS: Record<Playback, number> = {
  "1h": 2 * MINUTE_MS,
  "6h": 5 * MINUTE_MS,
  "24h": 20 * MINUTE_MS,
};
const DAY_MS = 1_440 * MINUTE_MS;

/** The windows that a playback goes through, oldest first; the last one ends with the minute that has passed. */
export function framesOf(playback: Playback, now: number): TimeWindow[] {
  const end = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const length = FRAME_MS[playback];
  const count = SPAN_MS[playback] / length;
  return Array.from({ length: count }, (_, index) => toWindow(end - (count - index) * length, length));
}

/** The frame that a window is, or lies nearest to. */
export function frameAt(frames: readonly TimeWindow[], { to }: Pick<TimeWindow, "to">): number {
  const at = Date.parse(to);
  const after = frames.findIndex((frame) => Date.parse(frame.to) >= at);
  return after === -1 ? frames.length - 1 : after;
}

/** A window of which an end may be open. */
export type ChosenWindow = { from: string | null; to: string | null };

/**
 * The window that another one is compared with: the one just before it, the same time on an earlier day, or one that was
 * chosen. Of that one an open end is where it makes both as long; without any, or in no order, it is the one just before.
 */
export function windowBefore(
  { from, to }: TimeWindow,
  compared: Compared,
  chosen: ChosenWindow = { from: null, to: null },
): TimeWindow {
  const length = Date.parse(to) - Date.parse(from);
  if (compared === "chosen") {
    const start = chosen.from === null ? Date.parse(chosen.to ?? from) - length : Date.parse(chosen.from);
    const end = chosen.to === null ? start + length : Date.parse(chosen.to);
    if (start < end) return toWindow(start, end - start);
    return windowBefore({ from, to }, "previous");
  }
  const shift = { previous: length, day: DAY_MS, week: 7 * DAY_MS }[compared];
  return toWindow(Date.parse(from) - shift, length);
}

function toWindow(from: number, length: number): TimeWindow {
  return { from: new Date(from).toISOString(), to: new Date(from + length).toISOString() };
}
