import type { TimelineBar } from "#server/domain/sagas/timeline.ts";
import { placeOf } from "./timeline-axis.ts";
import type { TimelineColours } from "./timeline-colours.ts";
import { firstEndingFrom, toX, type Window } from "./timeline-hit.ts";
import { type PlannedLane, rowsBetween } from "./timeline-plan.ts";
import { isRefusal, type TimelineScene } from "./timeline-scene.ts";

/** What bars are drawn with, and on. */
export type BarBrush = {
  context: CanvasRenderingContext2D;
  scene: TimelineScene;
  window: Window;
  colours: TimelineColours;
  hatch: CanvasPattern | null;
  /** Spans that belong to what is selected. */
  lit: ReadonlySet<number>;
};

type Box = { left: number; right: number; top: number; height: number };
/** The bars of one message in a row, as far as they are drawn. */
type Labelled = { message: number; right: number; box: Box; inside: Box | null };

/** Beyond the edges, so that rounded ends lie outside. */
const OUTSIDE_PX = 20;
const ROOM_FOR_WORDS_PX = 22;
const LEAST_LABEL_PX = 26;
const LEAST_INSIDE_PX = 40;
const LEAST_SIGN_PX = 16;
/** Shorter lines have no room for a pattern. */
const LEAST_DASHES_PX = 5;
const LABEL_FONT_PX = 11;
const SIGN_FONT_PX = 9;

/** The bars of a lane between two heights of the picture. Of many bars in one pixel, the most alarming is drawn. */
export function paintLaneBars(
  brush: BarBrush,
  lane: PlannedLane,
  { from, to, scrollTop }: { from: number; to: number; scrollTop: number },
): void {
  const { rowHeight } = brush.scene.plan;
  const [first, behind] = rowsBetween(lane, rowHeight, { from, to });
  for (let row = first; row < behind; row += 1) {
    const inset = rowHeight > 12 ? 4 : 1.5;
    const top = lane.rowsTop + row * rowHeight + inset - scrollTop;
    paintRow(brush, lane.bars[row] ?? [], { top, height: rowHeight - 2 * inset });
  }
}

function paintRow(brush: BarBrush, row: readonly number[], place: { top: number; height: number }): void {
  const { scene, window } = brush;
  const { bars } = scene.timeline;
  let last = { pixel: Number.NaN, alarm: -1 };
  let labelled: Labelled | null = null;
  let signed = Number.NEGATIVE_INFINITY;
  for (let index = firstEndingFrom(scene, row, window.sight.from); index < row.length; index += 1) {
    const bar = bars[row[index] ?? -1];
    if (bar === undefined) break;
    const x = toX(window, placeOf(scene.axis, bar.start));
    if (x > window.widthPx) break;
    const end = bar.end === null ? window.widthPx + OUTSIDE_PX : toX(window, placeOf(scene.axis, bar.end));
    const box = {
      left: Math.max(x, -OUTSIDE_PX),
      right: Math.min(Math.max(end, x + 1.5), window.widthPx + OUTSIDE_PX),
      ...place,
    };
    const pixel = Math.floor(box.left);
    const alarm = alarmOf(brush, bar) + (brush.lit.has(bar.span) ? 4 : 0);
    const isCovered = box.right - box.left < 2 && pixel === last.pixel && alarm <= last.alarm;
    if (!isCovered) paintBar(brush, bar, box);
    if (!isCovered && bar.kind === "work" && bar.isRetry && box.left - signed >= LEAST_SIGN_PX) {
      paintSign(brush, bar.generation > 0 ? `↻${bar.generation}` : String(bar.attempt), box);
      signed = box.left;
    }
    last = { pixel, alarm: pixel === last.pixel ? Math.max(alarm, last.alarm) : alarm };
    if (scene.plan.rowHeight < ROOM_FOR_WORDS_PX) continue;
    const before: Labelled | null = labelled;
    if (before !== null && before.message !== bar.message) paintLabel(brush, before, box.left);
    labelled = extend(before?.message === bar.message ? before : null, bar, box);
  }
  if (labelled !== null) paintLabel(brush, labelled, window.widthPx);
}

/** Adds a bar to those of its message: the words stand in the widest in which something was done. */
function extend(labelled: Labelled | null, bar: TimelineBar, box: Box): Labelled {
  const inside = labelled?.inside ?? null;
  const isWider = inside === null || box.right - box.left > inside.right - inside.left;
  return {
    message: bar.message,
    right: box.right,
    box,
    inside: bar.kind === "work" && isWider ? box : inside,
  };
}

function alarmOf({ scene }: BarBrush, bar: TimelineBar): number {
  if (bar.kind === "wait") return bar.reason === "dead" ? 2 : 0;
  if (isRefusal(scene, bar)) return 3;
  return bar.outcome === "succeeded" || bar.outcome === "running" ? 1 : 3;
}

function paintBar(brush: BarBrush, bar: TimelineBar, box: Box): void {
  if (bar.kind === "work") paintWork(brush, bar, box);
  else paintWait(brush, bar.reason, box);
  if (!brush.lit.has(bar.span)) return;
  const { context, colours } = brush;
  context.strokeStyle = colours.ink;
  context.lineWidth = 2;
  context.strokeRect(box.left - 1, box.top - 1, box.right - box.left + 2, box.height + 2);
}

function paintWork(brush: BarBrush, bar: TimelineBar & { kind: "work" }, box: Box): void {
  const { context, colours } = brush;
  const width = box.right - box.left;
  context.fillStyle = workColour(brush, bar);
  if (width <= 6) context.fillRect(box.left, box.top, width, box.height);
  else {
    context.beginPath();
    context.roundRect(box.left, box.top, width, box.height, 3);
    context.fill();
  }
  const isFailed = bar.outcome === "failed" || bar.outcome === "timed-out";
  if (isFailed) {
    // Taller than the others, and crossed out where there is room: red alone says nothing to many eyes.
    context.fillRect(box.left, box.top - 2, Math.min(width, 2), box.height + 4);
    if (width >= 10) cross(context, colours.onAccent, box);
  }
  if (isRefusal(brush.scene, bar) && width >= 10) dash(context, colours.onAccent, box);
  if (bar.outcome === "interrupted" && width >= 6) {
    context.fillStyle = brush.hatch ?? colours.failed;
    context.fillRect(box.left, box.top, width, box.height);
  }
}

function workColour({ colours, scene }: BarBrush, bar: TimelineBar & { kind: "work" }): string {
  if (isRefusal(scene, bar)) return colours.failed;
  if (bar.outcome === "failed" || bar.outcome === "timed-out") return colours.failed;
  if (bar.outcome === "interrupted") return colours.interrupted;
  if (bar.outcome === "running") return colours.running;
  return bar.step !== null && scene.undoing.has(bar.step) ? colours.undo : colours.work;
}

/** Waiting is a line, working is a block: dots for a turn, dashes for a retry, hatching for what lies dead. */
function paintWait(
  { context, colours, hatch }: BarBrush,
  reason: "queued" | "retry" | "dead",
  box: Box,
): void {
  const middle = Math.round(box.top + box.height / 2) + 0.5;
  if (reason === "dead") {
    context.fillStyle = colours.failedSoft;
    context.fillRect(box.left, box.top, box.right - box.left, box.height);
    context.fillStyle = hatch ?? colours.failed;
    context.fillRect(box.left, box.top, box.right - box.left, box.height);
    return;
  }
  if (box.right - box.left < LEAST_DASHES_PX) {
    context.fillStyle = colours.wait;
    context.fillRect(box.left, middle - 0.5, box.right - box.left, 1);
    return;
  }
  context.strokeStyle = colours.wait;
  context.lineWidth = reason === "retry" ? 2 : 1.5;
  context.setLineDash(reason === "retry" ? [6, 4] : [1.5, 3]);
  context.beginPath();
  context.moveTo(box.left, middle);
  context.lineTo(box.right, middle);
  context.stroke();
  context.setLineDash([]);
}

function cross(context: CanvasRenderingContext2D, colour: string, { left, top, height }: Box): void {
  const size = Math.min(6, height - 4);
  if (size < 3) return;
  const [x, y] = [left + 3, top + (height - size) / 2];
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + size, y + size);
  context.moveTo(x + size, y);
  context.lineTo(x, y + size);
  context.stroke();
}

/** The sign of no entry, for what was refused. */
function dash(context: CanvasRenderingContext2D, colour: string, { left, top, height }: Box): void {
  context.fillStyle = colour;
  context.fillRect(left + 3, top + height / 2 - 1, 7, 2);
}

/** As much of a word as a share of its width has room for. */
function shorten(word: string, share: number): string {
  return share >= 1 ? word : `${word.slice(0, Math.max(1, Math.floor(word.length * share) - 1))}…`;
}

/** The how-manieth attempt or replay it is, where there is room above the bar. */
function paintSign({ context, colours, scene }: BarBrush, sign: string, { left, top }: Box): void {
  if (scene.plan.rowHeight < ROOM_FOR_WORDS_PX) return;
  context.font = `600 ${SIGN_FONT_PX}px ${colours.font}`;
  const width = context.measureText(sign).width + 4;
  context.fillStyle = colours.surface;
  context.fillRect(left - 1, top - 5, width, SIGN_FONT_PX + 1);
  context.fillStyle = colours.ink;
  context.fillText(sign, left + 1, top + 3);
}

/** The type of the event: in the bar if it fits there, or else behind it as far as there is room. */
function paintLabel(
  { context, colours, scene }: BarBrush,
  { message, right, inside, box: { top, height } }: Labelled,
  room: number,
): void {
  const available = room - right - 8;
  // Measuring words takes longer than all else, and most of many bars have no room for any.
  const isRoomInside = inside !== null && inside.right - inside.left >= LEAST_INSIDE_PX;
  if (!isRoomInside && available < LEAST_LABEL_PX) return;
  const { trace } = scene;
  const type = trace.events[trace.messages[message]?.event ?? -1]?.type;
  if (type === undefined) return;
  context.font = `${LABEL_FONT_PX}px ${colours.font}`;
  const baseline = top + height / 2 + LABEL_FONT_PX * 0.35;
  const width = context.measureText(type).width;
  const insideLeft = inside === null ? 0 : Math.max(inside.left, 0) + 14;
  if (inside !== null && insideLeft + width + 4 <= inside.right) {
    context.fillStyle = colours.onAccent;
    context.fillText(type, insideLeft, baseline);
    return;
  }
  if (available < LEAST_LABEL_PX) return;
  context.save();
  context.beginPath();
  context.rect(right + 4, top - 4, available, height + 8);
  context.clip();
  context.fillStyle = colours.inkMuted;
  context.fillText(shorten(type, (available - 2) / width), right + 5, baseline);
  context.restore();
}
