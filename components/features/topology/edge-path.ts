import type { Place } from "#components/ui/graph/neighbours.ts";
import { distance, type EdgePath } from "#components/ui/graph/routed-path.ts";
import { NODE_HEIGHT, NODE_WIDTH } from "./placement.ts";

/** How far a loop keeps below what it goes around. */
const LOOP = 46;

/** A curve comes as many straight pieces where points are needed. */
const CURVE_PIECES = 24;

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
