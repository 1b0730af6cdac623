import type { Place } from "#components/ui/graph/neighbours.ts";
import type { EdgePath } from "#components/ui/graph/routed-path.ts";
import { type EdgeStroke, edgeWidth, isCompensation, markSeconds, strokeOf } from "./edge-look.ts";
import type { StepEdge } from "./mediator-layout.ts";
import type { SceneEdge } from "./scene.ts";
import type { Change } from "./topology-node.tsx";

export type Area = { left: number; top: number; right: number; bottom: number };

/** What drawing a line takes. */
export type DrawnLine = EdgeStroke & { d: string; width: number; area: Area };

/** A line that is drawn on a canvas with many others. */
export type CanvasLine = EdgeStroke & {
  id: string;
  path: EdgePath;
  width: number;
  area: Area;
  /** How long a mark takes to the next one's place, where marks move along it. */
  seconds: number | null;
};

type LineLook = Pick<DrawnLine, "stroke" | "dash" | "width">;
/** Lines that look alike. */
type LineBatch<T> = LineLook & { lines: T[] };

/** A line with all that drawing it again and again needs. */
export function toCanvasLine(edge: SceneEdge | StepEdge, path: EdgePath, change: Change | null): CanvasLine {
  const width = edgeWidth(edge.traffic.perSecond);
  return {
    id: edge.id,
    path,
    // In steps too small to see, so that many are alike.
    width: Math.round(width * 4) / 4,
    seconds: isCompensation(edge) ? null : markSeconds(edge.traffic.perSecond),
    area: grow(areaOf(path.points), width / 2),
    ...strokeOf(edge, change, false),
  };
}

export function toDrawnLine({ path, width, area, stroke, dash }: CanvasLine): DrawnLine {
  return { d: path.d, width, area, stroke, dash };
}

/** What has to be drawn of `lines` where only `area` is seen, together what looks alike. */
export function batchLines<T extends LineLook & { area: Area }>(
  lines: readonly T[],
  area: Area,
): LineBatch<T>[] {
  const batches = new Map<string, LineBatch<T>>();
  for (const line of lines) {
    if (!meets(line.area, area, 0)) continue;
    const { stroke, dash, width } = line;
    const look = `${stroke} ${dash} ${width}`;
    const batch = batches.get(look);
    if (batch === undefined) batches.set(look, { stroke, dash, width, lines: [line] });
    else batch.lines.push(line);
  }
  return [...batches.values()];
}

/** The area that holds all of the lines. */
export function boundsOf(lines: readonly { area: Area }[]): Area {
  const bounds = { left: 0, top: 0, right: 0, bottom: 0 };
  for (const [index, { area }] of lines.entries()) {
    if (index === 0) Object.assign(bounds, area);
    bounds.left = Math.min(bounds.left, area.left);
    bounds.top = Math.min(bounds.top, area.top);
    bounds.right = Math.max(bounds.right, area.right);
    bounds.bottom = Math.max(bounds.bottom, area.bottom);
  }
  return bounds;
}

/** The line nearest to a point, if one is within reach of it. */
export function lineAt(lines: readonly CanvasLine[], point: Place, reach: number): CanvasLine | null {
  let nearest: CanvasLine | null = null;
  let least = reach;
  for (const line of lines) {
    const around = { left: point.x, right: point.x, top: point.y, bottom: point.y };
    if (!meets(line.area, around, least + line.width / 2)) continue;
    const away = Math.max(0, distanceTo(line.path.points, point) - line.width / 2);
    if (away > least || (away === least && nearest !== null)) continue;
    nearest = line;
    least = away;
  }
  return nearest;
}

/** Whether `inner` lies within `outer` altogether. */
export function isWithin(inner: Area, outer: Area): boolean {
  return (
    inner.left >= outer.left &&
    inner.right <= outer.right &&
    inner.top >= outer.top &&
    inner.bottom <= outer.bottom
  );
}

function meets(one: Area, other: Area, rim: number): boolean {
  return (
    one.left - rim <= other.right &&
    one.right + rim >= other.left &&
    one.top - rim <= other.bottom &&
    one.bottom + rim >= other.top
  );
}

function areaOf(points: readonly Place[]): Area {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

function grow({ left, top, right, bottom }: Area, by: number): Area {
  return { left: left - by, top: top - by, right: right + by, bottom: bottom + by };
}

function distanceTo(points: readonly Place[], point: Place): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [index, end] of points.entries()) {
    least = Math.min(least, distanceToPiece(points[index - 1] ?? end, end, point));
  }
  return least;
}

function distanceToPiece(start: Place, end: Place, { x, y }: Place): number {
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : ((x - start.x) * dx + (y - start.y) * dy) / length;
  const at = Math.min(1, Math.max(0, share));
  return Math.hypot(x - start.x - at * dx, y - start.y - at * dy);
}
