import type { Lane, Timeline } from "#server/domain/sagas/timeline.ts";

/** A lane with its place in the picture, in pixels from the top, and what it shows. */
export type PlannedLane = Lane & {
  index: number;
  top: number;
  height: number;
  /** The middle of the strip in which events are marked. */
  marksY: number;
  rowsTop: number;
  /** By row: indexes of its bars, in the order of time. */
  bars: number[][];
  /** Indexes of its marks, in the order of time. */
  marks: number[];
};

export type TimelinePlan = {
  lanes: PlannedLane[];
  height: number;
  rowHeight: number;
  /** Where what was taken back begins; null where nothing was. */
  undoneTop: number | null;
};

const LANE_GAP = 6;
const MARK_STRIP = 14;
const SECTION_HEAD = 24;
/** The name of a service has room in it. */
const LEAST_LANE = 20;
/** Few rows have room for words, many have room for bars alone. */
const ROW_HEIGHTS = [
  { rows: 48, height: 24 },
  { rows: 300, height: 16 },
] as const;
const LEAST_ROW_HEIGHT = 8;

/** Where the lanes of a timeline lie, and what lies in them: all that doesn't change while somebody moves in it. */
export function planTimeline({ lanes, bars, marks }: Timeline): TimelinePlan {
  const rows = lanes.reduce((sum, lane) => sum + lane.rows, 0);
  const rowHeight = ROW_HEIGHTS.find((each) => rows <= each.rows)?.height ?? LEAST_ROW_HEIGHT;
  const barsOf = lanes.map((lane) => Array.from({ length: lane.rows }, (): number[] => []));
  for (let index = 0; index < bars.length; index += 1) {
    const bar = bars[index];
    if (bar !== undefined) barsOf[bar.lane]?.[bar.row]?.push(index);
  }
  const startOf = (bar: number) => bars[bar]?.start.rank ?? 0;
  for (const rows of barsOf) for (const row of rows) row.sort((a, b) => startOf(a) - startOf(b) || a - b);
  const marksOf = lanes.map((): number[] => []);
  for (let index = 0; index < marks.length; index += 1) marksOf[marks[index]?.lane ?? -1]?.push(index);
  for (const own of marksOf) own.sort((a, b) => (marks[a]?.at.rank ?? 0) - (marks[b]?.at.rank ?? 0));
  let top = LANE_GAP;
  let undoneTop: number | null = null;
  const planned = lanes.map((lane, index): PlannedLane => {
    if (lane.section === "compensation" && undoneTop === null) {
      undoneTop = top;
      top += SECTION_HEAD;
    }
    const own = marksOf[index] ?? [];
    const hasRows = (barsOf[index] ?? []).some((row) => row.length > 0);
    const markStrip = own.length === 0 ? 0 : MARK_STRIP;
    const strip = hasRows ? markStrip : LEAST_LANE;
    const height = strip + (hasRows ? lane.rows * rowHeight : 0) + LANE_GAP;
    const place = { top, height, marksY: top + strip / 2, rowsTop: top + strip };
    top += height;
    return { ...lane, ...place, index, bars: barsOf[index] ?? [], marks: own };
  });
  return { lanes: planned, height: top + LANE_GAP, rowHeight, undoneTop };
}

/** Events that are marked in the picture. */
export function countMarks({ lanes }: TimelinePlan): number {
  return lanes.reduce((sum, { marks }) => sum + marks.length, 0);
}

/** The lanes between two heights of the picture. */
export function lanesBetween({ lanes }: TimelinePlan, from: number, to: number): PlannedLane[] {
  return lanes.filter(({ top, height }) => top + height >= from && top <= to);
}

/** The rows of a lane between two heights of the picture, as the first one and the one behind the last. */
export function rowsBetween(
  { rowsTop, bars }: PlannedLane,
  rowHeight: number,
  { from, to }: { from: number; to: number },
): [number, number] {
  const first = Math.max(0, Math.floor((from - rowsTop) / rowHeight));
  const behind = Math.min(bars.length, Math.ceil((to - rowsTop) / rowHeight));
  return [first, Math.max(first, behind)];
}
