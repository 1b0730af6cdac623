"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useEffectEvent, useId, useMemo, useRef, useState } from "react";
import { SvgShapes } from "#components/ui/picture/svg-shapes.tsx";
import { moveCursor } from "#components/ui/row-cursor.ts";
import { useNarrowScreen } from "#components/ui/use-media-query.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";
import { SequenceHeads } from "./sequence-heads.tsx";
import { SequenceRowItem } from "./sequence-row.tsx";
import type { SequencePicture, SequenceRow } from "./sequence-rows.ts";
import { columnX, drawLifeline, HEAD_HEIGHT, measure, ROW_HEIGHT, widthOf } from "./sequence-shapes.ts";
import { findLinked, type TraceSelection } from "./trace-selection.ts";
import type { RowText } from "./write-sequence-svg.ts";

const OVERSCAN = 10;
/** Before the browser has measured: enough rows for the first picture. */
const INITIAL_RECT = { width: 800, height: 900 };

type SequenceDiagramProps = {
  trace: Trace;
  picture: SequencePicture;
  textOf: (row: SequenceRow) => RowText;
  selection: TraceSelection | null;
  onSelect: (selection: TraceSelection | null) => void;
  onFold: (key: string, isUnfolded: boolean) => void;
  onMove: (lifeline: string, delta: -1 | 1) => void;
  onHide: (lifeline: string) => void;
};

/** The diagram itself. Arrows move from row to row and fold, Enter selects, Escape lets go. */
export function SequenceDiagram(props: SequenceDiagramProps) {
  const { trace, picture, textOf, selection, onSelect, onFold } = props;
  const { columns, rows } = picture;
  const t = useTranslations("sequence");
  const treeId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useNarrowScreen();
  const [cursor, setCursor] = useState<string | null>(null);
  const linked = useMemo(() => findLinked(trace, selection), [trace, selection]);
  const isLinked = ({ arrow }: SequenceRow) =>
    arrow.kind === "publish"
      ? arrow.events.some((event) => linked.events.has(event))
      : arrow.messages.some((message) => linked.messages.has(message));

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: OVERSCAN,
    initialRect: INITIAL_RECT,
    scrollMargin: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
  });
  const available = virtualizer.scrollRect?.width;
  const measures = useMemo(
    () => measure(columns, isNarrow ? "narrow" : "wide", available),
    [columns, isNarrow, available],
  );
  const reveal = useEffectEvent(() => {
    const index = rows.findIndex(isLinked);
    if (index !== -1) virtualizer.scrollToIndex(index);
  });
  useEffect(() => {
    // What was selected here is in sight; what was selected elsewhere is brought there.
    if (selection !== null) reveal();
  }, [selection]);

  const keys = rows.map(({ key }) => key);
  const activeKey = cursor !== null && keys.includes(cursor) ? cursor : null;
  const active = rows.find(({ key }) => key === activeKey);
  const move = (delta: number) => {
    const next = moveCursor(keys, activeKey, delta);
    if (next === null) return;
    setCursor(next);
    virtualizer.scrollToIndex(keys.indexOf(next));
  };
  const select = (row: SequenceRow) => {
    setCursor(row.key);
    onSelect(selectionOf(row));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step !== undefined) move(step);
    else if (active !== undefined && (event.key === "Enter" || event.key === " ")) select(active);
    else if (active?.kind === "arrow" && active.times > 1 && event.key === "ArrowRight")
      onFold(active.key, true);
    else if (active !== undefined && event.key === "ArrowLeft") {
      const head = rows.slice(0, keys.indexOf(active.key) + 1).findLast(({ kind }) => kind === "arrow");
      if (head !== undefined) {
        setCursor(head.key);
        onFold(head.key, false);
      }
    } else return;
    event.preventDefault();
  };

  const height = virtualizer.getTotalSize();
  const width = widthOf(columns.length, measures);
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto overscroll-contain">
      <div style={{ width, minWidth: "100%" }}>
        <SequenceHeads columns={columns} measures={measures} onMove={props.onMove} onHide={props.onHide} />
        <div
          role="tree"
          aria-label={t("label", { count: picture.shown })}
          tabIndex={0}
          aria-activedescendant={activeKey === null ? undefined : `${treeId}-${activeKey}`}
          onKeyDown={onKeyDown}
          onFocus={() => {
            if (activeKey === null) move(0);
          }}
          className="group/tree relative outline-none"
          style={{ height }}
        >
          <svg
            aria-hidden="true"
            width={width}
            height={height}
            className="pointer-events-none absolute top-0 left-0"
          >
            {columns.map((column, index) => (
              <g key={column.key} transform={`translate(${columnX(index, measures)} 0)`}>
                <SvgShapes shapes={[drawLifeline(column, height)]} />
              </g>
            ))}
          </svg>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <SequenceRowItem
                key={row.key}
                domId={`${treeId}-${row.key}`}
                row={row}
                text={textOf(row)}
                columns={columns.length}
                measures={measures}
                top={item.start - HEAD_HEIGHT}
                isLinked={isLinked(row)}
                hasCursor={row.key === activeKey}
                onSelect={select}
                onFold={onFold}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** What a row stands for, for the other views of the trace. */
function selectionOf(row: SequenceRow): TraceSelection | null {
  if (row.kind === "attempt") return { kind: "span", span: row.span };
  if (row.kind === "again") return { kind: "event", event: row.event };
  const { arrow } = row;
  const [event] = arrow.events;
  const [message] = arrow.messages;
  if (arrow.kind !== "publish" && message !== undefined) return { kind: "message", message };
  return event === undefined ? null : { kind: "event", event };
}

const STEPS: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};
