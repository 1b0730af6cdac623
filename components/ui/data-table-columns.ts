import {
  type ColumnSizingState,
  type ColumnVisibilityState,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  type RowData,
  tableFeatures,
} from "@tanstack/react-table";
import type { ReactNode } from "react";

export type DataColumn<Row> = {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Width in pixels; a growing column is at least this wide. */
  width: number;
  /** Shares what room is left. */
  grows?: boolean;
  align?: "start" | "end";
  /** Left out while the table is narrower than this many pixels. */
  hideBelow?: number;
  /** Left out until a person asks for it. */
  isHiddenAtFirst?: boolean;
};

/** What a person changed about the columns: widths by dragging, and which are shown. */
export type ColumnLayout = { sizing: ColumnSizingState; visibility: ColumnVisibilityState };

const MIN_WIDTH = 48;

export const dataTableFeatures = tableFeatures({
  columnSizingFeature,
  columnResizingFeature,
  columnVisibilityFeature,
});

/**
 * The columns as the table library wants them, for widths and visibility only. It is given no rows: it would build
 * an object for each of them whenever live rows arrive. Cells are rendered by us, from the row alone.
 */
export function toColumnDefs<Row>(columns: readonly DataColumn<Row>[]) {
  const helper = createColumnHelper<typeof dataTableFeatures, RowData>();
  return columns.map((column) =>
    helper.display({ id: column.id, header: column.header, size: column.width, minSize: MIN_WIDTH }),
  );
}

/** Which columns are shown at a width: what a person chose wins over what is hidden at first. */
export function visibleColumns<Row>(
  columns: readonly DataColumn<Row>[],
  chosen: ColumnVisibilityState,
  tableWidth: number | null,
): ColumnVisibilityState {
  const isShown = (column: DataColumn<Row>) => {
    const hasRoom = tableWidth === null || column.hideBelow === undefined || tableWidth >= column.hideBelow;
    return hasRoom && (chosen[column.id] ?? !column.isHiddenAtFirst);
  };
  return Object.fromEntries(columns.map((column) => [column.id, isShown(column)]));
}

/** The tracks of the grid that header and rows share. A column that was dragged keeps its width. */
export function gridTracks<Row>(columns: readonly DataColumn<Row>[], sizing: ColumnSizingState): string {
  return columns
    .map((column) => {
      const dragged = sizing[column.id];
      if (dragged !== undefined) return `${Math.max(MIN_WIDTH, dragged)}px`;
      return column.grows ? `minmax(${column.width}px, 1fr)` : `${column.width}px`;
    })
    .join(" ");
}
