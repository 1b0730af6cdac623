import { CHART_STEPS_MS, RESOLUTIONS, resolutionFor } from "../metrics/resolution.ts";
import type { Span } from "./condition.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Up to which length a window is looked at how finely, so that it is short work, and its end not long ago. */
const FINEST = [
  { upToMs: 2 * MINUTE_MS, stepMs: SECOND_MS },
  { upToMs: 20 * MINUTE_MS, stepMs: 10 * SECOND_MS },
  { upToMs: 12 * HOUR_MS, stepMs: MINUTE_MS },
  { upToMs: Number.POSITIVE_INFINITY, stepMs: HOUR_MS },
] as const;

/** Whole steps. Moments in milliseconds since 1970. */
export type Window = { fromMs: number; toMs: number; stepMs: number };

/** The window of a span, in whole steps that are kept, when everything up to `horizonMs` is known. */
export function windowOf({ windowMs, agoMs }: Span, horizonMs: number): Window {
  const wanted = FINEST.find(({ upToMs }) => windowMs <= upToMs)?.stepMs ?? HOUR_MS;
  const kept = RESOLUTIONS.find(({ stepMs, keptMs }) => stepMs >= wanted && keptMs >= agoMs + 2 * windowMs);
  const stepMs = kept?.stepMs ?? HOUR_MS;
  const toMs = Math.floor((horizonMs - agoMs) / stepMs) * stepMs;
  return { fromMs: toMs - Math.max(1, Math.round(windowMs / stepMs)) * stepMs, toMs, stepMs };
}

/** How often a rule is looked at: the shorter its shortest window, the more often. */
export function lookEveryMs(spans: readonly Span[]): number {
  const shortest = Math.min(...spans.map(({ windowMs }) => windowMs));
  if (shortest <= 2 * MINUTE_MS) return 2 * SECOND_MS;
  return shortest <= 20 * MINUTE_MS ? 5 * SECOND_MS : 30 * SECOND_MS;
}

/** Steps that what was recorded is looked at with, and that a window is made of. */
const MOST_STEPS = 10_100;
const MOST_STEPS_OF_WINDOW = 720;

/**
 * The step by which what was recorded is looked at: the finest that is kept for so long, and that gives few enough.
 *
 * @param isAlone whether a step has to stand for a whole window, since several don't add up to one.
 */
export function chooseHistoryStep(
  spans: readonly Span[],
  { backMs, isAlone }: { backMs: number; isAlone: boolean },
): number {
  const extentMs = backMs + Math.max(...spans.map(({ windowMs, agoMs }) => windowMs + agoMs));
  const longestMs = Math.max(...spans.map(({ windowMs }) => windowMs));
  const leastMs = isAlone ? longestMs : longestMs / MOST_STEPS_OF_WINDOW;
  const fits = (stepMs: number) => {
    const { keptMs } = RESOLUTIONS[resolutionFor(stepMs)];
    // Up to now from when it begins, time passes.
    return keptMs >= extentMs + 2 * stepMs && backMs / stepMs <= MOST_STEPS && stepMs >= leastMs;
  };
  return CHART_STEPS_MS.find(fits) ?? CHART_STEPS_MS.at(-1) ?? HOUR_MS;
}
