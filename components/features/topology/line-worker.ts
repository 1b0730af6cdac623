import { type Area, batchLines, type DrawnLine } from "./canvas-lines.ts";

export type LineRequest =
  | { kind: "lines"; lines: readonly DrawnLine[] }
  | { kind: "paint"; view: BitmapView; colours: Readonly<Record<string, string>> };
export type LineAnswer = { view: BitmapView; bitmap: ImageBitmap };

/** A part of the picture as pixels: so many for one of its units. */
export type BitmapView = { area: Area; scale: number };

type ShapedLine = DrawnLine & { shape: Path2D };

let lines: ShapedLine[] = [];

addEventListener("message", ({ data }: MessageEvent<LineRequest>) => {
  if (data.kind === "lines") {
    lines = data.lines.map((line) => ({ ...line, shape: new Path2D(line.d) }));
    return;
  }
  const answer: LineAnswer = { view: data.view, bitmap: paint(data.view, data.colours) };
  postMessage(answer, { transfer: [answer.bitmap] });
});

function paint({ area, scale }: BitmapView, colours: Readonly<Record<string, string>>): ImageBitmap {
  const width = Math.max(1, Math.round((area.right - area.left) * scale));
  const height = Math.max(1, Math.round((area.bottom - area.top) * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser draws no lines in a worker.");
  context.setTransform(scale, 0, 0, scale, -area.left * scale, -area.top * scale);
  for (const batch of batchLines(lines, area)) {
    context.strokeStyle = colours[batch.stroke] ?? batch.stroke;
    context.lineWidth = batch.width;
    context.setLineDash(batch.dash?.split(" ").map(Number) ?? []);
    for (const { shape } of batch.lines) context.stroke(shape);
  }
  return canvas.transferToImageBitmap();
}
