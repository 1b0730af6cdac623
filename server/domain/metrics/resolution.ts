const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How finely what happened is kept, and for how long, finest first. Milliseconds. */
export const RESOLUTIONS = [
  { stepMs: SECOND_MS, keptMs: HOUR_MS },
  { stepMs: 10 * SECOND_MS, keptMs: 12 * HOUR_MS },
  { stepMs: MINUTE_MS, keptMs: 8 * DAY_MS },
  { stepMs: HOUR_MS, keptMs: 400 * DAY_MS },
  { stepMs: 6 * HOUR_MS, keptMs: 400 * DAY_MS },
  { stepMs: DAY_MS, keptMs: 400 * DAY_MS },
] as const;

/** From this resolution on, points are summed up with the bins of their percentiles beside their histograms. */
export const FIRST_WITH_PERCENTILES = 3;

/** Points of each resolution are kept in slots that take turns, each for half as long as points are kept. */
const SLOTS = 4;
const TURNS = 2;

/** The slots that the points of a resolution are kept in, from one second since 1970 up to another, exclusive. */
export function slotsOf({
  resolution,
  from,
  to,
}: {
  resolution: number;
  from: number;
  to: number;
}): number[] {
  const turnS = (RESOLUTIONS[resolution]?.keptMs ?? 0) / TURNS / 1000;
  const first = Math.floor(from / turnS);
  const turns = Math.min(SLOTS, Math.ceil(to / turnS) - first);
  return Array.from(
    { length: Math.max(0, turns) },
    (_, turn) => resolution * SLOTS + ((first + turn) % SLOTS),
  );
}

/** A place in `RESOLUTIONS`, as it stands in tables. */
export type Resolution = 0 | 1 | 2 | 3 | 4 | 5;

/** Steps of charts: multiples of a step that is kept. Milliseconds. */
export const CHART_STEPS_MS: readonly number[] = [
  SECOND_MS,
  5 * SECOND_MS,
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
  DAY_MS,
];

/**
 * The finest step whose points are kept since `fromMs` and that gives at most `maxPoints` of them; the coarsest where
 * none does.
 *
 * @returns the step, and the resolution that it is summed up from. Moments in milliseconds since 1970.
 */
export function chooseStep(
  { fromMs, toMs, maxPoints }: { fromMs: number; toMs: number; maxPoints: number },
  nowMs: number,
): { stepMs: number; resolution: Resolution } {
  for (const stepMs of CHART_STEPS_MS) {
    const resolution = resolutionFor(stepMs);
    const isKept = fromMs >= nowMs - RESOLUTIONS[resolution].keptMs;
    if (isKept && (toMs - fromMs) / stepMs <= maxPoints) return { stepMs, resolution };
  }
  return { stepMs: DAY_MS, resolution: 5 };
}

/** The coarsest resolution that a step is a whole multiple of. */
export function resolutionFor(stepMs: number): Resolution {
  if (stepMs % DAY_MS === 0) return 5;
  if (stepMs % (6 * HOUR_MS) === 0) return 4;
  if (stepMs % HOUR_MS === 0) return 3;
  if (stepMs % MINUTE_MS === 0) return 2;
  return stepMs % (10 * SECOND_MS) === 0 ? 1 : 0;
}
