/** A colour of the palette by its name: `ink` for `--ink`. */
export type PaletteColour = string;

type Stroke = { stroke: PaletteColour; width: number; dash?: string | undefined };

/** What pictures are made of, so that a page and a file draw the same. */
export type Shape =
  | ({ kind: "path"; d: string; fill?: PaletteColour | undefined } & Stroke)
  | {
      kind: "box";
      x: number;
      y: number;
      width: number;
      height: number;
      radius: number;
      fill: PaletteColour;
      border: Stroke | null;
    }
  | {
      kind: "text";
      /** Where its anchor stands: the baseline's start, middle or end. */
      x: number;
      y: number;
      text: string;
      size: number;
      colour: PaletteColour;
      font: "sans" | "mono";
      anchor: "start" | "middle" | "end";
      isBold?: boolean;
      /** Keeps the text readable above lines that it crosses. */
      halo?: PaletteColour;
    };

/** Shapes that belong together, with a name that viewers show on hovering. */
export type ShapeGroup = {
  className: string;
  /** What it says in words; empty for mere decoration. */
  title: string;
  shapes: readonly Shape[];
  /** Where its origin stands. */
  x: number;
  y: number;
};

export type Picture = {
  title: string;
  width: number;
  height: number;
  background: PaletteColour;
  groups: readonly ShapeGroup[];
};

/** Fonts that every system has something for: a file is opened where ours are not installed. */
const FONTS = {
  sans: "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK JP', sans-serif",
  mono: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Noto Sans Mono CJK JP', monospace",
};

/**
 * A picture as an SVG file that stands by itself: colours are written out, fonts are named in general, texts are
 * escaped, and nothing is loaded from anywhere.
 */
export function writeSvg(picture: Picture, colourOf: (name: PaletteColour) => string): string {
  const { title, width, height, background, groups } = picture;
  const size = `width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" fill="${escapeXml(colourOf(background))}"/>`,
    ...groups.map((group) => writeGroup(group, colourOf)),
    "</svg>",
    "",
  ].join("\n");
}

function writeGroup(
  { className, title, shapes, x, y }: ShapeGroup,
  colourOf: (name: PaletteColour) => string,
): string {
  const place = x === 0 && y === 0 ? "" : ` transform="translate(${round(x)} ${round(y)})"`;
  const name = title === "" ? "" : `<title>${escapeXml(title)}</title>`;
  const inner = shapes.map((shape) => writeShape(shape, (colour) => escapeXml(colourOf(colour)))).join("");
  return `<g class="${escapeXml(className)}"${place}>${name}${inner}</g>`;
}

function writeShape(shape: Shape, colourOf: (name: PaletteColour) => string): string {
  if (shape.kind === "path") {
    const fill = shape.fill === undefined ? "none" : colourOf(shape.fill);
    return `<path d="${escapeXml(shape.d)}" fill="${fill}" ${writeStroke(shape, colourOf)}/>`;
  }
  if (shape.kind === "box") {
    const { x, y, width, height, radius, fill, border } = shape;
    const place = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"`;
    return `<rect ${place} fill="${colourOf(fill)}"${border === null ? "" : ` ${writeStroke(border, colourOf)}`}/>`;
  }
  const { x, y, text, size, colour, font, anchor, isBold = false, halo } = shape;
  const weight = isBold ? ` font-weight="600"` : "";
  const rim =
    halo === undefined
      ? ""
      : ` stroke="${colourOf(halo)}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`;
  return `<text x="${round(x)}" y="${round(y)}" font-family="${FONTS[font]}" font-size="${size}"${weight} fill="${colourOf(colour)}" text-anchor="${anchor}" xml:space="preserve"${rim}>${escapeXml(text)}</text>`;
}

function writeStroke({ stroke, width, dash }: Stroke, colourOf: (name: PaletteColour) => string): string {
  const pattern = dash === undefined ? "" : ` stroke-dasharray="${dash}"`;
  return `stroke="${colourOf(stroke)}" stroke-width="${round(width)}"${pattern}`;
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Also takes the place of characters that XML can't hold at all, not even as entities. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\u{fffd}")
    .replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
