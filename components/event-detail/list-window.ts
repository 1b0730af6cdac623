import { presetMs, type TimeRange } from "#components/shell/time-range.ts";
import type { ListWindow } from "./event-queries.ts";

/** Events are searched this far back until somebody says otherwise. */
export const EVENTS_RANGE: TimeRange = { kind: "relative", preset: "24h" };

/** A time range as a list needs it: a span keeps its length, and its ends are found when it is read. */
export function toListWindow(range: TimeRange): ListWindow {
  if (range.kind === "absolute") return { from: range.from, to: range.to, lastMs: null };
  return { from: null, to: null, lastMs: presetMs(range.preset) };
}
