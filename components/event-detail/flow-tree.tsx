"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useEffectEvent, useId, useRef, useState } from "react";
import { moveCursor } from "#components/ui/row-cursor.ts";
import { useCoarsePointer } from "#components/ui/use-coarse-pointer.ts";
import type { FlowRow } from "./flow-rows.ts";
import { FlowTreeHeader, FlowTreeRow } from "./flow-tree-row.tsx";

const HEADER_HEIGHT = 28;
const ROW_HEIGHT = 28;
const TOUCH_ROW_HEIGHT = 44;
const OVERSCAN = 12;
/** The height before the browser has measured: enough rows for the first picture. */
const INITIAL_RECT = { width: 600, height: 900 };

type FlowTreeProps = {
  label: string;
  rows: readonly FlowRow[];
  durationMs: number;
  /** The event that is shown elsewhere on the page; its row is marked. */
  currentPosition: string | null;
  onOpen: (position: string) => void;
};

/** The events of a flow as a tree by causation. Arrows move through it, Enter or a click opens an event. */
export function FlowTree({ label, rows, durationMs, currentPosition, onOpen }: FlowTreeProps) {
  const t = useTranslations("flow");
  const treeId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useCoarsePointer() ? TOUCH_ROW_HEIGHT : ROW_HEIGHT;
  const ids = rows.map(({ node }) => node.position);
  // The cursor starts where the open event is, and again when another one is opened.
  const [cursor, setCursor] = useState<{ from: string | null; id: string } | null>(null);
  const activeId = cursor !== null && cursor.from === currentPosition ? cursor.id : currentPosition;

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => ids[index] ?? index,
    overscan: OVERSCAN,
    initialRect: INITIAL_RECT,
    scrollMargin: HEADER_HEIGHT,
    scrollPaddingStart: HEADER_HEIGHT,
  });
  const reveal = useEffectEvent((position: string) => {
    const index = ids.indexOf(position);
    if (index !== -1) virtualizer.scrollToIndex(index);
  });
  useEffect(() => {
    if (currentPosition !== null) reveal(currentPosition);
  }, [currentPosition]);

  const move = (delta: number) => {
    const next = moveCursor(ids, activeId, delta);
    if (next === null) return;
    setCursor({ from: currentPosition, id: next });
    virtualizer.scrollToIndex(ids.indexOf(next));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined && event.key !== "Enter") return;
    event.preventDefault();
    if (step !== undefined) move(step);
    else if (activeId !== null) onOpen(activeId);
  };

  return (
    <div ref={scroller} className="@container min-h-0 flex-1 overflow-auto">
      <FlowTreeHeader />
      <div
        role="tree"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={activeId === null ? undefined : `${treeId}-${activeId}`}
        onKeyDown={onKeyDown}
        // The row under the cursor shows where the focus is, so there is always one.
        onFocus={() => {
          if (activeId === null) move(0);
        }}
        className="group/tree relative outline-none"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const { position } = row.node;
          return (
            <FlowTreeRow
              key={position}
              domId={`${treeId}-${position}`}
              row={row}
              top={item.start - HEADER_HEIGHT}
              height={rowHeight}
              durationMs={durationMs}
              isCurrent={position === currentPosition}
              hasCursor={position === activeId}
              missingCauseLabel={t("missingCause", { id: row.node.causationId ?? "" })}
              onOpen={onOpen}
            />
          );
        })}
      </div>
    </div>
  );
}

const STEPS: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};
