import { presetMs, type TimeRange } from "#components/shell/time-range.ts";
import { chooseStep } from "#server/domain/metrics/resolution.ts";
import type { Comparison } from "./metric-view.ts";

const DAY_MS = 86_400_000;
/** Nothing is kept for longer. */
const LONGEST_MS = 400 * DAY_MS;

/** A window of charts. Milliseconds since 1970. */
export type MetricWindow = { fromMs: number; toMs: number };

/** The window of a range; an open end is now, an open start as long ago as anything is kept. */
export function windowOf(range: TimeRange, nowMs: number): MetricWindow {
  if (range.kind === "relative") return { fromMs: nowMs - presetMs(range.preset), toMs: nowMs };
  const toMs = range.to === null ? nowMs : Date.parse(range.to);
  return { fromMs: range.from === null ? toMs - LONGEST_MS : Date.parse(range.from), toMs };
}

/** The window that another one is compared with; null for none. */
export function windowBefore({ fromMs, toMs }: MetricWindow, comparison: Comparison): MetricWindow | null {
  if (comparison === "none") return null;
  const agoMs = { before: toMs - fromMs, day: DAY_MS, week: 7 * DAY_MS }[comparison];
  return { fromMs: fromMs - agoMs, toMs: toMs - agoMs };
}

/** By so much the server's clock may be ahead, and what it keeps begin later. */
const CLOCKS_MS = 60_000;

/**
 * The step in which a window and the one that it is compared with can both be drawn: the finest that is kept since the
 * earlier one began. Undefined where nothing is compared, and the server may choose.
 */
export function sharedStep(
  earlier: MetricWindow | null,
  maxPoints: number,
  nowMs: number,
): number | undefined {
  return earlier === null ? undefined : chooseStep({ ...earlier, maxPoints }, nowMs + CLOCKS_MS).stepMs;
}

/** How often charts are read anew: the longer the window, the less there is to see. Milliseconds. */
export function refreshEvery({ fromMs, toMs }: MetricWindow): number {
  const span = toMs - fromMs;
  if (span <= 15 * 60_000) return 2_000;
  if (span <= 2 * 3_600_000) return 5_000;
  return span <= DAY_MS ? 30_000 : 120_000;
}
