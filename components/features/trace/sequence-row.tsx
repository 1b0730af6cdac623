"use client";

import { memo } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { SvgShapes } from "#components/ui/picture/svg-shapes.tsx";
import type { SequenceRow } from "./sequence-rows.ts";
import {
  drawRow,
  type Measures,
  ROW_HEIGHT,
  TIMES_HEIGHT,
  TIMES_WIDTH,
  timesPlace,
  widthOf,
} from "./sequence-shapes.ts";
import type { RowText } from "./write-sequence-svg.ts";

type SequenceRowItemProps = {
  domId: string;
  row: SequenceRow;
  text: RowText;
  columns: number;
  measures: Measures;
  top: number;
  isLinked: boolean;
  hasCursor: boolean;
  onSelect: (row: SequenceRow) => void;
  onFold: (key: string, isUnfolded: boolean) => void;
};

/** One message, or one of its repetitions. */
export const SequenceRowItem = memo(function SequenceRowItem(props: SequenceRowItemProps) {
  const { row, text, columns, measures, isLinked, hasCursor, onSelect, onFold } = props;
  const isHead = row.kind === "arrow";
  const canUnfold = isHead && row.times > 1;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree, which has the focus, takes the keys for all rows
    <div
      id={props.domId}
      role="treeitem"
      tabIndex={-1}
      aria-label={`${text.time}, ${text.title}`}
      aria-level={isHead ? 1 : 2}
      aria-selected={isLinked}
      aria-expanded={canUnfold ? row.isUnfolded : undefined}
      title={text.title}
      onClick={() => onSelect(row)}
      style={{ height: ROW_HEIGHT, transform: `translateY(${props.top}px)` }}
      className={classNames(
        "absolute inset-x-0 top-0 cursor-pointer",
        isLinked ? "bg-selected/70" : "hover:bg-hover/60",
        !isHead && "bg-sunken/60",
        hasCursor && "group-focus-visible/tree:shadow-[inset_2px_0_0_var(--accent)]",
      )}
    >
      <span
        style={{ width: measures.gutter - 12 }}
        className="sticky left-0 flex h-full items-center justify-end whitespace-nowrap text-2xs text-ink-muted"
      >
        {text.time}
      </span>
      <svg
        aria-hidden="true"
        width={widthOf(columns, measures)}
        height={ROW_HEIGHT}
        className="pointer-events-none absolute top-0 left-0"
      >
        <SvgShapes shapes={drawRow(row, text, columns, measures)} />
      </svg>
      {canUnfold ? <Unfold row={row} measures={measures} onFold={onFold} /> : null}
    </div>
  );
});

type UnfoldProps = {
  row: Extract<SequenceRow, { kind: "arrow" }>;
  measures: Measures;
  onFold: (key: string, isUnfolded: boolean) => void;
};

/** Takes the clicks on the number that is drawn on the line; keys fold the row itself. */
function Unfold({ row, measures, onFold }: UnfoldProps) {
  const { x, y } = timesPlace(row, measures);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the right and left arrow keys do it on the row
    // biome-ignore lint/a11y/noStaticElementInteractions: a part of the row, which is what is expanded
    <span
      data-unfold=""
      onClick={(event) => {
        event.stopPropagation();
        onFold(row.key, !row.isUnfolded);
      }}
      style={{ left: x - 4, top: y - 6, width: TIMES_WIDTH + 8, height: TIMES_HEIGHT + 12 }}
      className="absolute rounded-full hover:shadow-[inset_0_0_0_1px_var(--accent)]"
    />
  );
}
