"use client";

import { type MouseEvent, memo, type ReactElement } from "react";
import { classNames } from "./class-names.ts";
import type { DataColumn } from "./data-table-columns.ts";

type DataTableRowProps<Row> = {
  domId: string;
  row: Row;
  index: number;
  top: number;
  height: number;
  columns: readonly DataColumn<Row>[];
  isActive: boolean;
  className: string | undefined;
  onClick: (index: number) => void;
};

function Row<Row>(props: DataTableRowProps<Row>) {
  const { row, index, columns, isActive } = props;
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
      style={{ height: props.height, transform: `translateY(${props.top}px)` }}
      className={classNames(
        "absolute inset-x-0 top-0 grid cursor-default grid-cols-(--tracks) items-center border-line border-b",
        isActive ? "bg-selected shadow-[inset_2px_0_0_var(--accent)]" : "hover:bg-hover",
        props.className,
      )}
    >
      {columns.map((column) => (
        <td
          key={column.id}
          className={classNames(
            "min-w-0 truncate px-2 *:align-middle first:pl-3 last:pr-3 md:last:pr-4 md:first:pl-4",
            column.align === "end" && "text-right",
          )}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** One row, drawn anew only when it, its place or its columns change. */
// `memo` forgets type parameters; the component is the same.
export const DataTableRow = memo(Row) as <Row>(props: DataTableRowProps<Row>) => ReactElement;
