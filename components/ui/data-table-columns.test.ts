import { describe, expect, test } from "vitest";
import { type DataColumn, gridTracks, visibleColumns } from "./data-table-columns.ts";

const columns: DataColumn<unknown>[] = [
  { id: "time", header: "Time", width: 100, cell: () => null },
  { id: "type", header: "Type", width: 200, grows: true, cell: () => null },
  { id: "subject", header: "Subject", width: 120, hideBelow: 600, cell: () => null },
  { id: "size", header: "Size", width: 60, isHiddenAtFirst: true, cell: () => null },
];

const shown = (chosen: Record<string, boolean>, width: number | null) =>
  Object.entries(visibleColumns(columns, chosen, width))
    .filter(([, isVisible]) => isVisible)
    .map(([id]) => id);

describe("columns", () => {
  test("that need room go first when there is none", () => {
    expect(shown({}, 1200)).toEqual(["time", "type", "subject"]);
    expect(shown({}, 390)).toEqual(["time", "type"]);
  });

  test("are all there while the width is unknown", () => {
    expect(shown({}, null)).toEqual(["time", "type", "subject"]);
  });

  test("follow what a person chose, but never without room", () => {
    expect(shown({ size: true, time: false }, 1200)).toEqual(["type", "subject", "size"]);
    expect(shown({ subject: true }, 390)).toEqual(["time", "type"]);
  });

  test("keep the width they were dragged to", () => {
    expect(gridTracks(columns.slice(0, 2), {})).toBe("100px minmax(200px, 1fr)");
    expect(gridTracks(columns.slice(0, 2), { type: 333, time: 10 })).toBe("48px 333px");
  });
});
