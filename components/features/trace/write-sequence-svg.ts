import {
  type PaletteColour,
  type Picture,
  type ShapeGroup,
  writeSvg,
} from "#components/ui/picture/svg-picture.ts";
import type { SequencePicture, SequenceRow } from "./sequence-rows.ts";
import {
  columnX,
  drawHead,
  drawLifeline,
  drawRow,
  HEAD_HEIGHT,
  measure,
  ROW_HEIGHT,
  type RowWords,
  TIME_Y,
  widthOf,
} from "./sequence-shapes.ts";

const MARGIN = 16;

/** What a row says, and what it is called in full. */
export type RowText = RowWords & { title: string; time: string };

export type SequenceSvg = {
  title: string;
  picture: SequencePicture;
  textOf: (row: SequenceRow) => RowText;
  colourOf: (name: PaletteColour) => string;
};

/** The whole diagram as it is seen, as an SVG file. */
export function writeSequenceSvg({ title, picture, textOf, colourOf }: SequenceSvg): string {
  return writeSvg(toPicture(title, picture, textOf), colourOf);
}

function toPicture(
  title: string,
  { columns, rows }: SequencePicture,
  textOf: SequenceSvg["textOf"],
): Picture {
  const measures = measure(columns, "wide");
  const height = rows.length * ROW_HEIGHT;
  const heads = columns.flatMap((column, index): ShapeGroup[] => {
    const x = columnX(index, measures);
    return [
      {
        className: "lifeline",
        title: column.name,
        shapes: [drawLifeline(column, height)],
        x,
        y: HEAD_HEIGHT,
      },
      { className: "head", title: column.name, shapes: drawHead(column, columns, measures), x, y: 0 },
    ];
  });
  const lines = rows.map((row, index): ShapeGroup => {
    const text = textOf(row);
    return {
      className: row.kind === "arrow" ? "arrow" : "repetition",
      title: text.title,
      shapes: [
        ...drawRow(row, text, columns.length, measures),
        {
          kind: "text",
          x: measures.gutter - 12,
          y: TIME_Y,
          text: text.time,
          size: 10,
          colour: "ink-muted",
          font: "sans",
          anchor: "end",
        },
      ],
      x: 0,
      y: HEAD_HEIGHT + index * ROW_HEIGHT,
    };
  });
  return {
    title,
    width: widthOf(columns.length, measures) + MARGIN,
    height: HEAD_HEIGHT + height + MARGIN,
    background: "surface",
    groups: [...heads, ...lines],
  };
}
