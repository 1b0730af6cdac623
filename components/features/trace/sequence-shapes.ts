import { countCells, fitText, fitTextEnd } from "#components/ui/picture/fit-text.ts";
import type { Shape } from "#components/ui/picture/svg-picture.ts";
import type { AttemptOutcome } from "#server/domain/sagas/trace.ts";
import { type ArrowEnd, type Column, endOf, type SequenceRow } from "./sequence-rows.ts";

export const HEAD_HEIGHT = 44;
export const ROW_HEIGHT = 44;
/** Below the height of its name a row has its line, and below that what is to be said of it. */
const LINE_Y = 22;
const LABEL_Y = 14;
const NOTE_Y = 36;
/** The time of a row stands level with its line. */
export const TIME_Y = LINE_Y + 4;
const LABEL_SIZE = 12;
const NOTE_SIZE = 10;
/** Width of a letter as a share of its size. */
const MONO = 0.6;
const SANS = 0.56;
/** How far a line goes that leads back to where it began, or to nobody. */
const STUB = 44;
/** What was not taken yet ends short of who should take it. */
const GAP = 26;

export type Measures = {
  /** For the times on the left. */
  gutter: number;
  column: number;
};
/** Room for the longest name, between these widths. */
const WIDTHS = { wide: { gutter: 84, from: 168, to: 264 }, narrow: { gutter: 60, from: 112, to: 150 } };
/** Of a head, beside its name: its rims, and the icon of a channel. */
const HEAD_ROOM = 60;

/** @param available width in pixels, into which columns are squeezed as far as names can be read. */
export function measure(
  columns: readonly Column[],
  room: keyof typeof WIDTHS,
  available = Number.POSITIVE_INFINITY,
): Measures {
  const { gutter, from, to } = WIDTHS[room];
  const fitting = Math.floor((available - gutter) / Math.max(1, columns.length));
  const longest = columns.reduce((most, { name }) => Math.max(most, countCells(name)), 0);
  const column = Math.ceil(longest * LABEL_SIZE * MONO) + HEAD_ROOM;
  return { gutter, column: Math.max(from, Math.min(to, fitting, column)) };
}

export function widthOf(columns: number, { gutter, column }: Measures): number {
  return gutter + Math.max(1, columns) * column;
}

export function columnX(index: number, { gutter, column }: Measures): number {
  return gutter + (index + 0.5) * column;
}

/** What is written at a row: what was sent, and what has to be known about it. */
export type RowWords = { label: string; note: string };

/** A row's arrow with its words, from the upper left corner of the row. */
export function drawRow(row: SequenceRow, words: RowWords, columns: number, measures: Measures): Shape[] {
  const start = columnX(row.from, measures);
  const end = endX(row, start, measures);
  const tone = toneOf(row);
  const inner = row.kind !== "arrow";
  return [
    ...drawLine(row, start, end, tone),
    ...drawEnd(endOf(row), start, end, tone),
    ...drawTimes(row, measures),
    ...drawWords(words, { start, end, tone, inner }, widthOf(columns, measures), measures),
  ];
}

function endX(row: SequenceRow, start: number, measures: Measures): number {
  if (row.to === null) return start + STUB;
  const end = columnX(row.to, measures);
  if (endOf(row) !== "owed" || end === start) return end;
  return end - Math.sign(end - start) * GAP;
}

const ATTEMPT_TONES: Record<AttemptOutcome, string> = {
  running: "info",
  succeeded: "ok",
  failed: "danger",
  "timed-out": "danger",
  interrupted: "warn",
};

function toneOf(row: SequenceRow): string {
  if (row.kind === "attempt") return ATTEMPT_TONES[row.outcome];
  const end = endOf(row);
  if (end === "dead") return "danger";
  if (end === "discarded") return "warn";
  return end === "owed" ? "info" : "ink-muted";
}

/** Dashed where something is taken back, twice where it was replayed, thin where it was folded. */
function drawLine(row: SequenceRow, start: number, end: number, stroke: string): Shape[] {
  const { isCompensation, isReplayed } = row.arrow;
  const dash = isCompensation ? "7 4" : undefined;
  const width = row.kind === "arrow" ? 1.5 : 1;
  const tail: Shape = {
    kind: "path",
    d: `M ${start} ${LINE_Y - 3} v 6`,
    stroke,
    width: 1.5,
  };
  if (row.to === row.from) {
    const d = `M ${start} ${LINE_Y - 5} h ${STUB} v 10 H ${start}`;
    return [{ kind: "path", d, stroke, width, dash }, ...(isReplayed ? [tail] : [])];
  }
  const line = (y: number): Shape => ({
    kind: "path",
    d: `M ${start} ${y} H ${end}`,
    stroke,
    width,
    dash,
  });
  return isReplayed && row.kind === "arrow" ? [line(LINE_Y - 2), line(LINE_Y + 2)] : [line(LINE_Y)];
}

const HEAD = 7;

function drawEnd(kind: ArrowEnd, start: number, end: number, stroke: string): Shape[] {
  const isLoop = start === end;
  const back = isLoop || end < start ? HEAD : -HEAD;
  const y = isLoop ? LINE_Y + 5 : LINE_Y;
  const line = (d: string, width = 1.5): Extract<Shape, { kind: "path" }> => ({
    kind: "path",
    d,
    stroke,
    width,
  });
  const head = line(`M ${end + back} ${y - 4.5} L ${end} ${y} L ${end + back} ${y + 4.5}`);
  switch (kind) {
    case "arrived":
    case "owed":
      return [head];
    case "dead":
    case "failed": {
      const x = end + back;
      return [line(`M ${x - 5} ${y - 5} l 10 10 M ${x + 5} ${y - 5} l -10 10`, 2)];
    }
    case "discarded": {
      const x = end + back;
      const ring = circle(x, y, 5.5);
      return [{ ...line(ring), fill: "surface" }, line(`M ${x - 4} ${y + 4} l 8 -8`)];
    }
    case "unheard":
      return [{ ...line(circle(end + 4, y, 4)), fill: "surface" }];
  }
}

function circle(x: number, y: number, radius: number): string {
  const around = `a ${radius} ${radius} 0 1 0`;
  return `M ${x - radius} ${y} ${around} ${2 * radius} 0 ${around} ${-2 * radius} 0`;
}

type Line = { start: number; end: number; tone: string; inner: boolean };

export const TIMES_WIDTH = 26;
export const TIMES_HEIGHT = 16;

/** Where the number stands that unfolds a row: on the line, next to where it begins. */
export function timesPlace(row: SequenceRow, measures: Measures): { x: number; y: number } {
  const start = columnX(row.from, measures);
  const isLeft = row.to !== null && row.to < row.from;
  return { x: start + (isLeft ? -8 - TIMES_WIDTH : 8), y: LINE_Y - TIMES_HEIGHT / 2 };
}

function drawTimes(row: SequenceRow, measures: Measures): Shape[] {
  if (row.kind !== "arrow" || row.times < 2) return [];
  const { x, y } = timesPlace(row, measures);
  const size = { width: TIMES_WIDTH, height: TIMES_HEIGHT, radius: 8 };
  const text = `×${row.times}`;
  const middle = { x: x + TIMES_WIDTH / 2, y: y + 12, anchor: "middle" } as const;
  return [
    { kind: "box", x, y, ...size, fill: "raised", border: { stroke: "control", width: 1 } },
    { kind: "text", ...middle, text, size: NOTE_SIZE, colour: "ink", font: "sans", isBold: true },
  ];
}

/** Centred above the line, moved as far as it has to be in order to stay in the picture. */
function drawWords(
  { label, note }: RowWords,
  line: Line,
  width: number,
  { gutter, column }: Measures,
): Shape[] {
  const { start, end, tone, inner } = line;
  const room = Math.max(Math.abs(end - start), column * 1.5) - 12;
  const middle = (start + end) / 2;
  const place = (text: string, letter: number) => {
    const half = (countCells(text) * letter) / 2;
    return Math.max(gutter + 4 + half, Math.min(width - 6 - half, middle));
  };
  const name = fitTextEnd(label, Math.floor(room / (LABEL_SIZE * MONO)));
  const shapes: Shape[] = [
    {
      kind: "text",
      x: place(name, LABEL_SIZE * MONO),
      y: LABEL_Y,
      text: name,
      size: inner ? NOTE_SIZE : LABEL_SIZE,
      colour: inner ? "ink-muted" : "ink",
      font: "mono",
      anchor: "middle",
      halo: "surface",
    },
  ];
  if (note === "") return shapes;
  const text = fitText(note, Math.floor((room + column / 2) / (NOTE_SIZE * SANS)));
  const colour = tone === "ink-muted" ? tone : `${tone}-ink`;
  const x = place(text, NOTE_SIZE * SANS);
  return [
    ...shapes,
    {
      kind: "text",
      x,
      y: NOTE_Y,
      text,
      size: NOTE_SIZE,
      colour,
      font: "sans",
      anchor: "middle",
      halo: "surface",
    },
  ];
}

/**
 * What of a name fits above its lifeline: all of it; else its last part where that tells it from the others of its
 * kind; else its end.
 */
export function headText({ kind, name }: Column, columns: readonly Column[], { column }: Measures): string {
  const room = Math.floor((column - HEAD_ROOM) / (LABEL_SIZE * MONO));
  if (countCells(name) <= room) return name;
  const last = lastPart(name);
  const alike = columns.filter((other) => other.kind === kind && lastPart(other.name) === last);
  return fitTextEnd(alike.length === 1 && last !== "" ? last : name, room);
}

function lastPart(name: string): string {
  return name.slice(1 + Math.max(...[".", "/", ":"].map((sign) => name.lastIndexOf(sign))));
}

/** The head of a lifeline: a box for a service, a pipe with round ends for a channel. */
export function drawHead(drawn: Column, columns: readonly Column[], measures: Measures): Shape[] {
  const width = measures.column - 16;
  const isChannel = drawn.kind === "channel";
  const text = headText(drawn, columns, measures);
  return [
    {
      kind: "box",
      x: -width / 2,
      y: 6,
      width,
      height: HEAD_HEIGHT - 14,
      radius: isChannel ? 15 : 4,
      fill: isChannel ? "channel-soft" : "raised",
      border: { stroke: isChannel ? "channel" : "line-strong", width: 1 },
    },
    {
      kind: "text",
      x: 0,
      y: 26,
      text,
      size: LABEL_SIZE,
      colour: isChannel ? "channel-ink" : "ink",
      font: "mono",
      anchor: "middle",
      isBold: !isChannel,
    },
  ];
}

/** A lifeline from its head to the end of the picture. */
export function drawLifeline({ kind }: Column, height: number): Shape {
  const isChannel = kind === "channel";
  return {
    kind: "path",
    d: `M 0 0 V ${height}`,
    stroke: isChannel ? "channel" : "line-strong",
    width: 1,
    dash: isChannel ? "1 3" : "4 4",
  };
}
