import { type EdgeStroke, edgeWidth, strokeOf } from "./edge-look.ts";
import type { EdgePath } from "./edge-path.ts";
import type { StepEdge } from "./mediator-layout.ts";
import type { Place } from "./neighbours.ts";
import type { SceneEdge } from "./scene.ts";
import type { Change } from "./topology-node.tsx";

export type Area = { left: number; top: number; right: number; bottom: number };

/** A line that is drawn on a canvas with many others. */
export type CanvasLine = EdgeStroke & { id: string; path: EdgePath; width: number; area: Area };

/** Lines that look alike: one stroke draws them all. */
type LineBatch = EdgeStroke & { width: number; isDim: boolean; lines: CanvasLine[] };

/** A line with all that drawing it again and again needs. */
export function toCanvasLine(edge: SceneEdge | StepEdge, path: EdgePath, change: Change | null): CanvasLine {
  return {
    id: edge.id,
    path,
    // In steps too small to see, so that many are alike.
    width: Math.round(edgeWidth(edge.traffic.perSecond) * 4) / 4,
    area: areaOf(path.points),
    ...strokeOf(edge, change, false),
  };
}

/** What has to be drawn of `lines` where only `area` is seen: dimmed ones first, those that are not `lit`. */
export function batchLines(
  lines: readonly CanvasLine[],
  area: Area,
  lit: ReadonlySet<string> | null,
): LineBatch[] {
  const batches = new Map<string, LineBatch>();
  for (const line of lines) {
    if (!meets(line.area, area, line.width)) continue;
    const { stroke, dash, width } = line;
    const isDim = lit !== null && !lit.has(line.id);
    const look = `${isDim} ${stroke} ${dash} ${width}`;
    const batch = batches.get(look);
    if (batch === undefined) batches.set(look, { stroke, dash, width, isDim, lines: [line] });
    else batch.lines.push(line);
  }
  return [...batches.values()].toSorted((one, other) => Number(other.isDim) - Number(one.isDim));
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
