import {
  CHART_STEPS_MS,
  chooseStep,
  RESOLUTIONS,
  type Resolution,
  resolutionFor,
} from "#server/domain/metrics/resolution.ts";
import { AppError } from "#server/platform/errors.ts";

const DEFAULT_POINTS = 240;
const MAX_POINTS = 2_000;
/** Of all series of an answer together, where its step is chosen: more than a screen tells apart. */
const MAX_VALUES = 20_000;

/** Whole steps, in seconds since 1970. */
export type MetricWindow = { from: number; to: number; step: number; steps: number; resolution: Resolution };

type Asked = {
  from: string;
  to: string;
  stepMs?: number | undefined;
  maxPoints?: number | undefined;
};

/** The steps around a window that somebody asks for, to show so many series: longer ones where these are many. */
export function toWindow(
  { from, to, stepMs, maxPoints = DEFAULT_POINTS }: Asked,
  nowMs: number,
  series = 1,
): MetricWindow {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  if (fromMs >= toMs)
    throw new AppError("invalid", "The window is empty. Give a `from` that is before `to`.");
  const chosen =
    stepMs === undefined
      ? chooseStep({ fromMs, toMs, maxPoints: Math.min(maxPoints, MAX_VALUES / Math.max(1, series)) }, nowMs)
      : { stepMs, resolution: checkedResolution(stepMs, fromMs, nowMs) };
  const step = chosen.stepMs / 1000;
  const start = Math.floor(fromMs / chosen.stepMs) * step;
  const end = Math.ceil(toMs / chosen.stepMs) * step;
  const steps = (end - start) / step;
  if (steps > MAX_POINTS) {
    throw new AppError(
      "invalid",
      `The window has ${steps} steps of ${step} s. At most ${MAX_POINTS} are answered: ask for a longer step or a shorter window.`,
    );
  }
  return { from: start, to: end, step, steps, resolution: chosen.resolution };
}

function checkedResolution(stepMs: number, fromMs: number, nowMs: number): Resolution {
  if (!CHART_STEPS_MS.includes(stepMs)) {
    throw new AppError(
      "invalid",
      `A step has one of these lengths, in milliseconds: ${CHART_STEPS_MS.join(", ")}.`,
    );
  }
  const resolution = resolutionFor(stepMs);
  const { keptMs } = RESOLUTIONS[resolution];
  if (fromMs < nowMs - keptMs - stepMs) {
    throw new AppError(
      "invalid",
      `Steps of ${stepMs} ms are kept for ${keptMs / 3_600_000} h. Ask for a longer step, or leave it out.`,
    );
  }
  return resolution;
}
