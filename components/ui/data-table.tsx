"use client";

import { type RowData, useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useEffect, useId, useMemo, useRef } from "react";
import { classNames } from "./class-names.ts";
import {
  type ColumnLayout,
  type DataColumn,
  dataTableFeatures,
  gridTracks,
  toColumnDefs,
  visibleColumns,
} from "./data-table-columns.ts";
import { DataTableHeader } from "./data-table-header.tsx";
import { DataTableRow } from "./data-table-row.tsx";
import { useCoarsePointer } from "./use-media-query.ts";
import { useRowCursor } from "./use-row-cursor.ts";

const HEADER_HEIGHT = 28;
const ROW_HEIGHT = 28;
const TOUCH_ROW_HEIGHT = 44;
const OVERSCAN = 12;
/** Until the browser has measured, so that the server renders the first rows. A width of 0 hides no column. */
const INITIAL_RECT = { width: 0, height: 900 };
/** Rows before the end at which more is asked for. */
const END_MARGIN = 20;

type DataTableProps<Row> = {
  /** What the rows are. */
  label: string;
  columns: readonly DataColumn<Row>[];
  rows: readonly Row[];
  getRowId: (row: Row) => string;
  /** The row under the cursor, also when it is not among the rows just now. */
  activeId: string | null;
  onActiveChange: (id: string | null) => void;
  /** A click or Enter on a row. */
  onOpen?: (row: Row) => void;
  /** The row that somebody is about to open: the pointer or the cursor is on it; null when it leaves. */
  onAim?: (row: Row | null) => void;
  layout?: ColumnLayout;
  onLayoutChange?: (layout: ColumnLayout) => void;
  /** Called when the end comes into view. */
  onEndReached?: () => void;
  /** After the last row: that more is loading, or that this is all. */
  footer?: ReactNode;
  /** Classes for a row, such as a tint. */
  rowClassName?: (row: Row) => string | undefined;
  /** What a row shows instead of its cells, over all columns; null for one that has cells. */
  wide?: (row: Row) => ReactNode;
  /** The element that scrolls, to lead it somewhere. */
  scrollerRef?: RefObject<HTMLDivElement | null>;
  isBusy?: boolean;
  /** Pixels, for rows of several lines. */
  rowHeight?: number;
  className?: string;
};

const NO_LAYOUT: ColumnLayout = { sizing: {}, visibility: {} };

/**
 * A table of any length: only what is in view is drawn. j and k (or arrows) move the cursor, Enter opens, Escape
 * lets go. Rows keep their place on the screen when others arrive above them, unless the table is at its top.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, getRowId, layout = NO_LAYOUT, onLayoutChange, onEndReached } = props;
  const tableId = useId();
  const ownScroller = useRef<HTMLDivElement>(null);
  const scroller = props.scrollerRef ?? ownScroller;
  const rowHeight = Math.max(props.rowHeight ?? 0, useCoarsePointer() ? TOUCH_ROW_HEIGHT : ROW_HEIGHT);
  const ids = useMemo(() => rows.map(getRowId), [rows, getRowId]);

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => ids[index] ?? index,
    overscan: OVERSCAN,
    initialRect: INITIAL_RECT,
    scrollMargin: HEADER_HEIGHT,
    scrollPaddingStart: HEADER_HEIGHT,
    // Holds the row at the upper edge when others come above it; at the very top one watches the newest.
    anchorTo: (scroller.current?.scrollTop ?? 0) > 0 ? "end" : "start",
  });
  useEffect(() => {
    if (rowHeight > 0) virtualizer.measure();
  }, [virtualizer, rowHeight]);

  // The width is 0 until it has been measured.
  const visibility = visibleColumns(columns, layout.visibility, virtualizer.scrollRect?.width || null);
  const table = useTable({
    features: dataTableFeatures,
    columns: useMemo(() => toColumnDefs(columns), [columns]),
    data: NO_ROWS,
    columnResizeMode: "onChange",
    enableColumnResizing: onLayoutChange !== undefined,
    state: { columnVisibility: visibility, columnSizing: layout.sizing },
    onColumnSizingChange: (updater) =>
      onLayoutChange?.({
        ...layout,
        sizing: typeof updater === "function" ? updater(layout.sizing) : updater,
      }),
  });
  const shownIds = columns
    .filter((column) => visibility[column.id])
    .map((column) => column.id)
    .join("\n");
  const shown = useMemo(() => {
    const isShown = new Set(shownIds.split("\n"));
    return columns.filter((column) => isShown.has(column.id));
  }, [columns, shownIds]);

  const items = virtualizer.getVirtualItems();
  const cursor = useRowCursor({
    ids,
    activeId: props.activeId,
    firstInView: Math.max(0, Math.floor(((virtualizer.scrollOffset ?? 0) + rowHeight - 1) / rowHeight)),
    pageSize: Math.max(1, Math.floor((virtualizer.scrollRect?.height ?? 0) / rowHeight) - 2),
    onActiveChange: (id) => {
      props.onActiveChange(id);
      props.onAim?.(id === null ? null : (rows[ids.indexOf(id)] ?? null));
    },
    onOpen: (index) => {
      const row = rows[index];
      if (row !== undefined) props.onOpen?.(row);
    },
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: "auto" }),
  });

  const lastDrawn = items.at(-1)?.index ?? -1;
  // The length is part of it, so that a short page asks for the next one as well.
  const reachedEndOf = lastDrawn >= rows.length - END_MARGIN ? rows.length : 0;
  useEffect(() => {
    if (reachedEndOf > 0) onEndReached?.();
  }, [reachedEndOf, onEndReached]);

  return (
    <div
      ref={scroller}
      className={classNames("min-h-0 flex-1 overflow-auto [overflow-anchor:none]", props.className)}
    >
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows are walked and opened with the keyboard
        role="grid"
        aria-label={props.label}
        aria-rowcount={rows.length + 1}
        aria-busy={props.isBusy || undefined}
        aria-activedescendant={cursor.activeIndex === -1 ? undefined : `${tableId}-${props.activeId}`}
        tabIndex={0}
        onKeyDown={cursor.onKeyDown}
        style={{ "--tracks": gridTracks(shown, layout.sizing) }}
        className="grid min-w-fit -outline-offset-2 transition-opacity aria-busy:opacity-60 aria-busy:delay-300"
      >
        <DataTableHeader headers={table.getHeaderGroups()[0]?.headers ?? []} columns={shown} />
        {/* Rows stand in the flow below one gap: rows that come above then move the gap, not every row. */}
        <tbody
          className="block"
          style={{
            height: virtualizer.getTotalSize(),
            paddingTop: (items[0]?.start ?? HEADER_HEIGHT) - HEADER_HEIGHT,
          }}
        >
          {items.map((item) => {
            const row = rows[item.index];
            const id = ids[item.index];
            if (row === undefined || id === undefined) return null;
            return (
              <DataTableRow
                key={id}
                domId={`${tableId}-${id}`}
                row={row}
                index={item.index}
                height={rowHeight}
                columns={shown}
                isActive={id === props.activeId}
                className={props.rowClassName?.(row)}
                wide={props.wide}
                onClick={cursor.open}
                onAim={props.onAim}
              />
            );
          })}
        </tbody>
      </table>
      {props.footer}
    </div>
  );
}

const NO_ROWS: RowData[] = [];
