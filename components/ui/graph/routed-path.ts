import type { Place } from "./neighbours.ts";

const CORNER = 10;

export type EdgePath = {
  d: string;
  middle: Place;
  /** The same as straight pieces: what the pointer is near to, and what of it is in sight, is told by these. */
  points: readonly Place[];
};

/** Along points that were worked out, with round corners. */
export function routedPath(points: readonly Place[]): EdgePath {
  const [first, ...rest] = points;
  if (first === undefined) return { d: "", middle: { x: 0, y: 0 }, points: [] };
  let d = `M ${first.x} ${first.y}`;
  for (const [index, point] of rest.entries()) {
    const before = points[index];
    const after = rest[index + 1];
    if (before === undefined || after === undefined) {
      d += ` L ${point.x} ${point.y}`;
      continue;
    }
    const radius = Math.min(CORNER, distance(before, point) / 2, distance(point, after) / 2);
    const start = towards(point, before, radius);
    const end = towards(point, after, radius);
    d += ` L ${start.x} ${start.y} Q ${point.x} ${point.y} ${end.x} ${end.y}`;
  }
  return { d, middle: middleOf(points), points };
}

export function distance(one: Place, other: Place): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function towards(from: Place, to: Place, by: number): Place {
  const length = distance(from, to) || 1;
  return { x: from.x + ((to.x - from.x) / length) * by, y: from.y + ((to.y - from.y) / length) * by };
}

/** The middle of the longest stretch: there is most room for words. */
function middleOf(points: readonly Place[]): Place {
  let longest = { length: -1, middle: points[0] ?? { x: 0, y: 0 } };
  for (const [index, point] of points.slice(1).entries()) {
    const before = points[index] ?? point;
    const length = Math.abs(point.x - before.x) + Math.abs(point.y - before.y) / 4;
    if (length <= longest.length) continue;
    longest = { length, middle: { x: (before.x + point.x) / 2, y: (before.y + point.y) / 2 } };
  }
  return longest.middle;
}
