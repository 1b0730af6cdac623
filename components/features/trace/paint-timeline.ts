import { type BarBrush, paintLaneBars } from "./paint-bars.ts";
import type { Arrow } from "./timeline-arrows.ts";
import { firstFrom, placeOf, placeOfTime, timeAt } from "./timeline-axis.ts";
import { firstMarkFrom, toX } from "./timeline-hit.ts";
import { lanesBetween, type PlannedLane } from "./timeline-plan.ts";
import { barY } from "./timeline-scene.ts";
import { type TickWriter, ticksOf, wordsOfTicks } from "./timeline-ticks.ts";

export type Paint = BarBrush & {
  heightPx: number;
  scrollTop: number;
  arrows: readonly Arrow[];
  /** Drawn faintly, and always. */
  unseen: readonly Arrow[];
  litEvents: ReadonlySet<number>;
  isCriticalShown: boolean;
  /** The moment that is played; the scene holds nothing later. */
  atUs: number | null;
};

const MARK_PX = 4.5;

/** Draws what is in sight of a timeline. Takes time by what is in sight, not by what there is. */
export function paintTimeline(paint: Paint): void {
  const { context, scene, window, scrollTop, heightPx, colours } = paint;
  context.clearRect(0, 0, window.widthPx, heightPx);
  context.textBaseline = "alphabetic";
  const [from, to] = [scrollTop, scrollTop + heightPx];
  const lanes = lanesBetween(scene.plan, from, to);
  for (const { top, height } of lanes) {
    context.fillStyle = colours.line;
    context.fillRect(0, Math.round(top + height - scrollTop - 3), window.widthPx, 1);
  }
  for (const { place } of ticksOf(scene.axis, window.sight, window.widthPx)) {
    context.fillStyle = colours.line;
    context.fillRect(Math.round(toX(window, place)), 0, 1, heightPx);
  }
  paintArrows(paint, paint.unseen, paint.colours.wait);
  if (paint.isCriticalShown) paintCritical(paint);
  for (const lane of lanes) {
    paintLaneBars(paint, lane, { from, to, scrollTop });
    paintMarks(paint, lane);
  }
  paintArrows(paint, paint.arrows, paint.colours.selectedLine);
  paintPlayed(paint);
}

/** The critical path as one line through the lanes; dotted where nothing is known. */
function paintCritical({ context, scene, window, colours, scrollTop }: Paint): void {
  const { axis, critical, barOfSpan, barsOfMessage, plan } = scene;
  const offset = plan.rowHeight / 2 - 1;
  const ends = critical.map(({ endUs }) => endUs);
  let [lastX, lastY] = [Number.NaN, Number.NaN];
  context.strokeStyle = colours.ink;
  context.lineWidth = 2;
  context.lineJoin = "round";
  for (let index = firstFrom(ends, timeAt(axis, window.sight.from)); index < critical.length; index += 1) {
    const segment = critical[index];
    if (segment === undefined) break;
    const left = toX(window, placeOfTime(axis, segment.startUs));
    if (left > window.widthPx + 20) break;
    const right = toX(window, placeOfTime(axis, segment.endUs));
    const bar =
      segment.span === null ? barsOfMessage[segment.message ?? -1]?.[0] : barOfSpan.get(segment.span);
    const y = bar === undefined ? lastY : barY(scene, bar) + offset - scrollTop;
    if (Number.isNaN(y)) continue;
    const isFirst = Number.isNaN(lastX);
    context.setLineDash(segment.kind === "unknown" ? [2, 3] : []);
    context.beginPath();
    context.moveTo(isFirst ? left : lastX, isFirst ? y : lastY);
    context.lineTo(left, y);
    context.lineTo(right, y);
    context.stroke();
    [lastX, lastY] = [right, y];
  }
  context.setLineDash([]);
}

/** Where events were emitted: a diamond, a square for a command, hollow where its cause is not known. */
function paintMarks(paint: Paint, lane: PlannedLane): void {
  const { context, scene, window, colours, scrollTop, litEvents } = paint;
  const { timeline, trace, axis, orphans } = scene;
  const y = lane.marksY - scrollTop;
  let last = Number.NEGATIVE_INFINITY;
  const reach = (MARK_PX / window.widthPx) * (window.sight.to - window.sight.from);
  const first = firstMarkFrom(scene, lane.marks, window.sight.from - reach);
  for (let index = first; index < lane.marks.length; index += 1) {
    const event = lane.marks[index] ?? -1;
    const mark = timeline.marks[event];
    if (mark === undefined) break;
    const x = toX(window, placeOf(axis, mark.at));
    if (x > window.widthPx + MARK_PX) break;
    const isLit = litEvents.has(event);
    const isPlain = !isLit && !orphans.has(event);
    if (isPlain && x - last < 1.5) continue;
    const isCrowded = x - last < MARK_PX;
    last = x;
    if (isPlain && isCrowded) {
      // Signs that lie on each other say no more than a stroke, and take far longer to draw.
      context.fillStyle = colours.inkMuted;
      context.fillRect(x - 0.5, y - MARK_PX, 1, 2 * MARK_PX);
      continue;
    }
    const isCommand = trace.events[event]?.kind === "command";
    outline(context, { x, y, size: isLit ? MARK_PX + 1.5 : MARK_PX, isCommand });
    const isOrphan = orphans.has(event);
    const known = isLit ? colours.ink : colours.inkMuted;
    context.fillStyle = isOrphan ? colours.surface : known;
    context.fill();
    if (!isOrphan) continue;
    context.strokeStyle = colours.gap;
    context.lineWidth = 2;
    context.stroke();
  }
}

function outline(
  context: CanvasRenderingContext2D,
  { x, y, size, isCommand }: { x: number; y: number; size: number; isCommand: boolean },
): void {
  context.beginPath();
  if (isCommand) {
    context.rect(x - size * 0.8, y - size * 0.8, size * 1.6, size * 1.6);
    return;
  }
  context.moveTo(x, y - size);
  context.lineTo(x + size, y);
  context.lineTo(x, y + size);
  context.lineTo(x - size, y);
  context.closePath();
}

function paintArrows({ context, window, scrollTop }: Paint, arrows: readonly Arrow[], colour: string): void {
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 1.5;
  for (const { fromPlace, fromY, toPlace, toY } of arrows) {
    const [x1, y1] = [toX(window, fromPlace), fromY - scrollTop];
    const [x2, y2] = [toX(window, toPlace), toY - scrollTop];
    const bend = Math.min(40, Math.max(10, Math.abs(x2 - x1) / 2));
    context.beginPath();
    context.moveTo(x1, y1);
    context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2 - 5, y2);
    context.stroke();
    context.beginPath();
    context.moveTo(x2, y2);
    context.lineTo(x2 - 6, y2 - 3.5);
    context.lineTo(x2 - 6, y2 + 3.5);
    context.closePath();
    context.fill();
  }
}

function paintPlayed({ context, scene, window, colours, heightPx, atUs }: Paint): void {
  if (atUs === null) return;
  const x = toX(window, placeOfTime(scene.axis, atUs));
  context.globalAlpha = 0.72;
  context.fillStyle = colours.surface;
  context.fillRect(x, 0, Math.max(0, window.widthPx - x), heightPx);
  context.globalAlpha = 1;
  context.fillStyle = colours.ink;
  context.fillRect(Math.round(x) - 1, 0, 2, heightPx);
}

/** The labels of the axis above the lanes. */
export function paintAxis(
  {
    context,
    scene,
    window,
    colours,
    heightPx,
  }: Pick<Paint, "context" | "scene" | "window" | "colours" | "heightPx">,
  writer: TickWriter,
): void {
  context.clearRect(0, 0, window.widthPx, heightPx);
  context.font = `10px ${colours.font}`;
  context.textBaseline = "alphabetic";
  const ticks = ticksOf(scene.axis, window.sight, window.widthPx);
  const words = wordsOfTicks(ticks, writer);
  for (const [index, { place }] of ticks.entries()) {
    const x = Math.round(toX(window, place));
    context.fillStyle = colours.lineStrong;
    context.fillRect(x, heightPx - 5, 1, 5);
    const shown = words[index] ?? "";
    if (x + 3 + context.measureText(shown).width > window.widthPx) continue;
    context.fillStyle = colours.inkMuted;
    context.fillText(shown, x + 3, heightPx - 6);
  }
}
