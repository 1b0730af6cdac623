import type { Place } from "./neighbours.ts";
import { NODE_HEIGHT, NODE_WIDTH } from "./placement.ts";

const CORNER = 10;
/** How far a loop keeps below what it goes around. */
const LOOP = 46;

/** A curve comes as many straight pieces where points are needed. */
const CURVE_PIECES = 24;

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

/**
 * Between two nodes by their places: ahead from the right side to the left one; back, or within a column, as a loop
 * below both.
 */
export function plainPath(from: Place, to: Place): EdgePath {
  const start = { x: from.x + NODE_WIDTH, y: from.y + NODE_HEIGHT / 2 };
  const end = { x: to.x, y: to.y + NODE_HEIGHT / 2 };
  if (end.x > start.x) {
    const bend = Math.max(32, (end.x - start.x) / 2);
    const bends = [
      { x: start.x + bend, y: start.y },
      { x: end.x - bend, y: end.y },
    ] as const;
    return {
      ...curve([start, ...bends, end]),
      middle: { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 },
    };
  }
  const left = { x: from.x + NODE_WIDTH / 2, y: from.y + NODE_HEIGHT };
  const right = { x: to.x + NODE_WIDTH / 2, y: to.y + NODE_HEIGHT };
  const low = Math.max(left.y, right.y) + LOOP + Math.abs(left.x - right.x) * 0.06;
  return {
    ...curve([left, { x: left.x, y: low }, { x: right.x, y: low }, right]),
    middle: { x: (left.x + right.x) / 2, y: left.y * 0.125 + low * 0.75 + right.y * 0.125 },
  };
}

/** From the rim of one box straight to that of the other, moved aside so that several fit; words stand at a share. */
export function spokePath(from: Place, to: Place, aside: number, share = 0.5): EdgePath {
  const [a, b] = [centre(from), centre(to)];
  const length = distance(a, b) || 1;
  const shift = { x: (-(b.y - a.y) / length) * aside, y: ((b.x - a.x) / length) * aside };
  const start = add(rim(a, b), shift);
  const end = add(rim(b, a), shift);
  return {
    d: `M ${start.x} ${start.y} L ${end.x} ${end.y}`,
    middle: { x: start.x + (end.x - start.x) * share, y: start.y + (end.y - start.y) * share },
    points: [start, end],
  };
}

function curve([a, b, c, d]: readonly [Place, Place, Place, Place]): Pick<EdgePath, "d" | "points"> {
  const points = Array.from({ length: CURVE_PIECES + 1 }, (_, index) => {
    const t = index / CURVE_PIECES;
    const u = 1 - t;
    const [p, q, r, s] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
    return { x: p * a.x + q * b.x + r * c.x + s * d.x, y: p * a.y + q * b.y + r * c.y + s * d.y };
  });
  return { d: `M ${a.x} ${a.y} C ${b.x} ${b.y} ${c.x} ${c.y} ${d.x} ${d.y}`, points };
}

function rim(inside: Place, outside: Place): Place {
  const dx = outside.x - inside.x;
  const dy = outside.y - inside.y;
  const share = Math.min(
    dx === 0 ? Number.POSITIVE_INFINITY : NODE_WIDTH / 2 / Math.abs(dx),
    dy === 0 ? Number.POSITIVE_INFINITY : NODE_HEIGHT / 2 / Math.abs(dy),
    1,
  );
  return { x: inside.x + dx * share, y: inside.y + dy * share };
}

function centre({ x, y }: Place): Place {
  return { x: x + NODE_WIDTH / 2, y: y + NODE_HEIGHT / 2 };
}

function add(one: Place, other: Place): Place {
  return { x: one.x + other.x, y: one.y + other.y };
}

function distance(one: Place, other: Place): number {
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
