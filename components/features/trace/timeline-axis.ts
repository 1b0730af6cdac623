import type { Moment, Timeline } from "#server/domain/sagas/timeline.ts";

/** Time to scale, in microseconds since the trace began; or by order, in moments. */
export const AXIS_KINDS = ["scale", "order"] as const;
export type AxisKind = (typeof AXIS_KINDS)[number];

/** The axis of a timeline: every moment at which something happens, and how far it reaches. */
export type Axis = {
  kind: AxisKind;
  startUs: number;
  end: number;
  moments: readonly number[];
  isOpen: boolean;
};

/** The part of an axis that is in sight. */
export type Sight = { from: number; to: number };

/** At each end, so that nothing hides at the edge. */
const MARGIN = 0.02;
/** Room for what has not ended. */
const OPEN_MARGIN = 0.1;
const LEAST_US = 20;
const LEAST_MOMENTS = 3;
/** Where nothing happens for so much of the time, everything else has no room to scale. */
const EMPTY_SHARE = 0.6;

export function makeAxis({ startUs, endUs, bars, moments }: Timeline, kind: AxisKind): Axis {
  const isOpen = bars.some(({ end }) => end === null);
  const end = kind === "scale" ? endUs - startUs : moments.length - 1;
  return { kind, startUs, end: Math.max(end, kind === "scale" ? LEAST_US : 1), moments, isOpen };
}

/** By order where a trace lay still for most of its time, such as a dead letter until its replay; else to scale. */
export function chooseAxis({ moments }: Pick<Axis, "moments">): AxisKind {
  const [first = 0, last = 0] = [moments[0], moments.at(-1)];
  let longest = 0;
  let before = first;
  for (const us of moments) {
    longest = Math.max(longest, us - before);
    before = us;
  }
  return moments.length > 3 && longest > EMPTY_SHARE * (last - first) ? "order" : "scale";
}

/** Where a moment lies on the axis. */
export function placeOf({ kind, startUs }: Pick<Axis, "kind" | "startUs">, moment: Moment): number {
  return kind === "scale" ? moment.us - startUs : moment.rank;
}

/** Where a time lies that need not be a moment: by order, between the two around it. */
export function placeOfTime(axis: Axis, us: number): number {
  if (axis.kind === "scale") return us - axis.startUs;
  const next = firstFrom(axis.moments, us);
  const after = axis.moments[next];
  const before = axis.moments[next - 1];
  if (after === undefined) return axis.moments.length - 1;
  if (after === us || before === undefined) return next;
  return next - 1 + (us - before) / (after - before);
}

/** The time at a place of the axis, in microseconds since 1970. */
export function timeAt(axis: Axis, place: number): number {
  if (axis.kind === "scale") return axis.startUs + place;
  const last = axis.moments.length - 1;
  const index = Math.min(Math.max(Math.floor(place), 0), last);
  const before = axis.moments[index] ?? axis.startUs;
  const after = axis.moments[Math.min(index + 1, last)] ?? before;
  return before + (after - before) * Math.min(Math.max(place - index, 0), 1);
}

/** Index of the first of sorted times that is not before a time. */
export function firstFrom(times: readonly number[], us: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < us) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All of it. */
export function wholeSight({ end, isOpen }: Axis): Sight {
  return { from: -MARGIN * end, to: end * (1 + (isOpen ? OPEN_MARGIN : MARGIN)) };
}

export function isWhole(axis: Axis, sight: Sight): boolean {
  const whole = wholeSight(axis);
  return sight.from <= whole.from && sight.to >= whole.to;
}

/** Nearer or further away, with one place staying where it is. */
export function zoomSight(
  axis: Axis,
  { from, to }: Sight,
  { factor, at }: { factor: number; at: number },
): Sight {
  const whole = wholeSight(axis);
  const least = axis.kind === "scale" ? LEAST_US : LEAST_MOMENTS;
  const most = whole.to - whole.from;
  const width = Math.min(Math.max((to - from) / factor, Math.min(least, most)), most);
  const share = (at - from) / (to - from);
  return within(axis, { from: at - share * width, to: at + (1 - share) * width });
}

/** The same width, somewhere else, but never beyond what there is. */
export function panSight(axis: Axis, { from, to }: Sight, by: number): Sight {
  return within(axis, { from: from + by, to: to + by });
}

/** Moves as little as it takes to have a stretch in sight; one that is there already moves nothing. */
export function revealInSight(axis: Axis, sight: Sight, stretch: Sight): Sight {
  const width = sight.to - sight.from;
  if (stretch.from >= sight.from && stretch.from <= sight.to) return sight;
  return panSight(axis, sight, stretch.from - width / 4 - sight.from);
}

/** After more was recorded: the same part, or all of it if all was in sight. */
export function keepSight(before: Axis | null, after: Axis, sight: Sight): Sight {
  if (before === null || before.kind !== after.kind || isWhole(before, sight)) return wholeSight(after);
  if (after.kind === "scale") return within(after, sight);
  const shift = placeOfTime(after, timeAt(before, sight.from)) - sight.from;
  return panSight(after, sight, shift);
}

function within(axis: Axis, { from, to }: Sight): Sight {
  const whole = wholeSight(axis);
  const width = to - from;
  if (width >= whole.to - whole.from) return whole;
  const start = Math.min(Math.max(from, whole.from), whole.to - width);
  return { from: start, to: start + width };
}
