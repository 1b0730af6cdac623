"use client";

import type { CellData, Header, RowData } from "@tanstack/react-table";
import { classNames } from "./class-names.ts";
import type { DataColumn, dataTableFeatures } from "./data-table-columns.ts";

type DataTableHeaderProps<Row> = {
  headers: readonly Header<typeof dataTableFeatures, RowData, CellData>[];
  columns: readonly DataColumn<Row>[];
};

/** The names of the columns, which stay in view; their edges can be dragged. */
export function DataTableHeader<Row>({ headers, columns }: DataTableHeaderProps<Row>) {
  const byId = new Map(columns.map((column) => [column.id, column]));
  return (
    <thead className="sticky top-0 z-10 grid">
      <tr
        aria-rowindex={1}
        className="grid h-7 grid-cols-(--tracks) items-center border-line border-b bg-surface"
      >
        {headers.map((header) => {
          const column = byId.get(header.column.id);
          if (column === undefined) return null;
          return (
            <th
              key={header.id}
              scope="col"
              className={classNames(
                "group relative min-w-0 truncate px-2 font-medium text-2xs text-ink-faint first:pl-3 last:pr-3 md:last:pr-4 md:first:pl-4",
                column.align === "end" ? "text-right" : "text-left",
              )}
            >
              {column.header}
              {header.column.getCanResize() ? (
                <span
                  aria-hidden
                  onMouseDown={header.getResizeHandler()}
                  onTouchStart={header.getResizeHandler()}
                  onDoubleClick={() => header.column.resetSize()}
                  className={classNames(
                    "absolute top-0 right-0 h-full w-1.5 cursor-col-resize touch-none select-none border-line-strong border-r opacity-0 group-hover:opacity-100",
                    header.column.getIsResizing() && "border-accent opacity-100",
                  )}
                />
              ) : null}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
