import { resolveTimeRange, type TimeRange } from "#components/shell/time-range.ts";
import type { MapWindow } from "./saga-queries.ts";

/** A day has enough flows to show how a process really goes. */
export const MAP_RANGE: TimeRange = { kind: "relative", preset: "24h" };

const HOUR_MS = 3_600_000;

/** The window of a map: maps are kept by the hour, so the hour in which a span begins belongs to it as a whole. */
export function mapWindow(range: TimeRange, now: number): MapWindow {
  const { from, to } = resolveTimeRange(range, now);
  if (range.kind === "absolute" || from === null) return { from, to };
  return { from: new Date(Math.floor(Date.parse(from) / HOUR_MS) * HOUR_MS).toISOString(), to };
}
