"use client";

import { type MouseEvent, memo, type ReactElement, type ReactNode } from "react";
import { classNames } from "./class-names.ts";
import type { DataColumn } from "./data-table-columns.ts";

type DataTableRowProps<Row> = {
  domId: string;
  row: Row;
  index: number;
  height: number;
  columns: readonly DataColumn<Row>[];
  isActive: boolean;
  className: string | undefined;
  wide: ((row: Row) => ReactNode) | undefined;
  onClick: (index: number) => void;
  onAim: ((row: Row | null) => void) | undefined;
};

/** One row. Rows that arrive above it change its number, which must not draw its cells anew. */
export function DataTableRow<Row>(props: DataTableRowProps<Row>) {
  const { row, index, columns, isActive } = props;
  const wide = props.wide?.(row) ?? null;
  const click = (event: MouseEvent<HTMLTableRowElement>) => {
    // Links and buttons in cells have their own meaning, and selecting text is not a click.
    if (event.target instanceof Element && event.target.closest("a, button, input, label") !== null) return;
    if (getSelection()?.type === "Range") return;
    props.onClick(index);
  };
  return (
    <tr
      id={props.domId}
      aria-rowindex={index + 2}
      aria-selected={isActive}
      onClick={click}
      onPointerEnter={() => props.onAim?.(row)}
      onPointerLeave={() => props.onAim?.(null)}
      style={{ height: props.height }}
      className={classNames(
        "grid cursor-default grid-cols-(--tracks) items-center border-line border-b",
        isActive ? "bg-selected shadow-[inset_2px_0_0_var(--accent)]" : "hover:bg-hover",
        props.className,
      )}
    >
      {wide === null ? (
        <Cells row={row} columns={columns} />
      ) : (
        <td colSpan={columns.length} className="col-span-full min-w-0">
          {wide}
        </td>
      )}
    </tr>
  );
}

type CellsProps<Row> = { row: Row; columns: readonly DataColumn<Row>[] };

function CellsOfRow<Row>({ row, columns }: CellsProps<Row>) {
  return columns.map((column) => (
    <td
      key={column.id}
      className={classNames(
        "min-w-0 truncate px-2 *:align-middle first:pl-3 last:pr-3 md:last:pr-4 md:first:pl-4",
        column.align === "end" && "text-right",
      )}
    >
      {column.cell(row)}
    </td>
  ));
}

// `memo` forgets type parameters; the component is the same.
const Cells = memo(CellsOfRow) as <Row>(props: CellsProps<Row>) => ReactElement;
