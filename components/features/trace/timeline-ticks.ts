import type { Axis, Sight } from "./timeline-axis.ts";
import { timeAt } from "./timeline-axis.ts";

/** A place of the axis with the microseconds since the trace began that it stands for. */
export type Tick = { place: number; sinceUs: number };

const LEAST_PX = 90;
/** Steps that people count in, in microseconds. */
const STEPS_US = [
  ...decades(1, [1, 2, 5], 6),
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1e6),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60e6),
  ...[1, 2, 3, 6, 12].map((hours) => hours * 3600e6),
  ...[1, 2, 7, 14, 30, 90, 365].map((days) => days * 86_400e6),
];

/** Writes durations, from milliseconds, and numbers with up to three digits behind the point. */
export type TickWriter = { duration: (ms: number) => string; number: (value: number) => string };

/** What stands at ticks: as few digits as tell each from the next. */
export function wordsOfTicks(ticks: readonly Tick[], { duration, number }: TickWriter): string[] {
  const rough = ticks.map(({ sinceUs }) => (sinceUs === 0 ? "0" : `+${duration(sinceUs / 1000)}`));
  if (new Set(rough).size === rough.length) return rough;
  return ticks.map(({ sinceUs }, index) => {
    const [before, after] = [ticks[index - 1], ticks[index + 1]];
    const gaps = [before, after].flatMap((tick) => (tick ? Math.abs(tick.sinceUs - sinceUs) : []));
    if (sinceUs > 0 && Math.min(...gaps) < 1e3) return `+${number(sinceUs / 1e3)} ms`;
    return sinceUs < 1e6 ? (rough[index] ?? "") : `+${number(sinceUs / 1e6)} s`;
  });
}

/** Where the axis is labelled: at round durations to scale, at every so many moments by order. */
export function ticksOf(axis: Axis, { from, to }: Sight, widthPx: number): Tick[] {
  const perPx = (to - from) / Math.max(1, widthPx);
  const least = perPx * LEAST_PX;
  if (axis.kind === "scale") {
    const step = STEPS_US.find((each) => each >= least) ?? STEPS_US.at(-1) ?? least;
    return range(Math.max(0, from), to, step).map((place) => ({ place, sinceUs: place }));
  }
  const step = Math.max(1, niceCount(least));
  const last = Math.min(to, axis.moments.length - 1);
  return range(Math.max(0, from), last, step).map((place) => ({
    place,
    sinceUs: timeAt(axis, place) - axis.startUs,
  }));
}

function range(from: number, to: number, step: number): number[] {
  const places: number[] = [];
  for (let place = Math.ceil(from / step) * step; place <= to; place += step) places.push(place);
  return places;
}

function niceCount(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const factor = [1, 2, 5, 10].find((each) => each * power >= least) ?? 10;
  return factor * power;
}

function decades(first: number, factors: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, power) =>
    factors.map((each) => each * first * 10 ** power),
  ).flat();
}
