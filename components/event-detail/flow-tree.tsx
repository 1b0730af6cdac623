"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useTranslations } from "next-intl";
import {
  Fragment,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useId,
  useRef,
  useState,
} from "react";
import { moveCursor } from "#components/ui/row-cursor.ts";
import { useCoarsePointer } from "#components/ui/use-media-query.ts";
import { FlowDetailToggle } from "./flow-detail-toggle.tsx";
import type { FlowArrangement, FlowNode, FlowRow } from "./flow-rows.ts";
import { FlowTreeHeader, FlowTreeRow } from "./flow-tree-row.tsx";

const HEADER_HEIGHT = 28;
const ROW_HEIGHT = 28;
const TOUCH_ROW_HEIGHT = 44;
const DETAIL_HEIGHT = 120;
const OVERSCAN = 12;
/** The height before the browser has measured: enough rows for the first picture. */
const INITIAL_RECT = { width: 600, height: 900 };

/** What can be opened below a row. */
export type FlowDetails = {
  opened: ReadonlySet<string>;
  onToggle: (position: string) => void;
  /** Names the button that opens it. */
  label: string;
  render: (node: FlowNode) => ReactNode;
};

type FlowTreeProps = {
  label: string;
  rows: readonly FlowRow[];
  arrangement: FlowArrangement;
  durationMs: number;
  /** The event that is shown elsewhere on the page; its row is marked. */
  currentPosition: string | null;
  onOpen: (position: string) => void;
  /** What is not known about what led to an event; null where nothing is missing. Else only what it says itself. */
  gapOf?: (node: FlowNode) => string | null;
  details?: FlowDetails;
};

/**
 * The events of a flow as a tree by causation, or as a list. Arrows move through it and open details, Enter or a click
 * opens an event.
 */
export function FlowTree(props: FlowTreeProps) {
  const { label, rows, arrangement, durationMs, currentPosition, onOpen, details } = props;
  const t = useTranslations("flow");
  const gapOf =
    props.gapOf ??
    ((node: FlowNode) => (node.missingCause ? t("missingCause", { id: node.causationId ?? "" }) : null));
  const treeId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useCoarsePointer() ? TOUCH_ROW_HEIGHT : ROW_HEIGHT;
  const ids = rows.map(({ node }) => node.position);
  // The cursor starts where the open event is, and again when another one is opened.
  const [cursor, setCursor] = useState<{ from: string | null; id: string } | null>(null);
  const activeId = cursor !== null && cursor.from === currentPosition ? cursor.id : currentPosition;

  const items = details === undefined ? rows.map(toItem) : rows.flatMap((row) => withDetail(row, details));
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (items[index]?.isDetail ? DETAIL_HEIGHT : rowHeight),
    getItemKey: (index) => keyOf(items[index]) ?? index,
    overscan: OVERSCAN,
    initialRect: INITIAL_RECT,
    scrollMargin: HEADER_HEIGHT,
    scrollPaddingStart: HEADER_HEIGHT,
  });
  const scrollTo = (position: string) => {
    const index = items.findIndex(({ row, isDetail }) => !isDetail && row.node.position === position);
    if (index !== -1) virtualizer.scrollToIndex(index);
  };
  const reveal = useEffectEvent(scrollTo);
  useEffect(() => {
    if (currentPosition !== null) reveal(currentPosition);
  }, [currentPosition]);

  const move = (delta: number) => {
    const next = moveCursor(ids, activeId, delta);
    if (next === null) return;
    setCursor({ from: currentPosition, id: next });
    scrollTo(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step !== undefined) move(step);
    else if (activeId !== null && event.key === "Enter") onOpen(activeId);
    else if (activeId !== null && details !== undefined && event.key === "ArrowRight") {
      if (!details.opened.has(activeId)) details.onToggle(activeId);
    } else if (activeId !== null && details !== undefined && event.key === "ArrowLeft") {
      if (details.opened.has(activeId)) details.onToggle(activeId);
    } else return;
    event.preventDefault();
  };

  return (
    <div ref={scroller} className="@container min-h-0 flex-1 overflow-auto">
      <FlowTreeHeader arrangement={arrangement} hasToggle={details !== undefined} />
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
          const drawn = items[item.index];
          if (drawn === undefined) return null;
          const { row, isDetail } = drawn;
          const { position } = row.node;
          const top = item.start - HEADER_HEIGHT;
          if (isDetail) {
            return (
              <div
                key={keyOf(drawn)}
                ref={virtualizer.measureElement}
                data-index={item.index}
                style={{ transform: `translateY(${top}px)` }}
                className="absolute inset-x-0 top-0 border-line border-y bg-sunken"
              >
                {details?.render(row.node)}
              </div>
            );
          }
          return (
            <Fragment key={position}>
              <FlowTreeRow
                domId={`${treeId}-${position}`}
                row={row}
                top={top}
                height={rowHeight}
                durationMs={durationMs}
                arrangement={arrangement}
                isCurrent={position === currentPosition}
                hasCursor={position === activeId}
                gap={gapOf(row.node)}
                hasToggle={details !== undefined}
                onOpen={onOpen}
              />
              {details === undefined ? null : (
                <FlowDetailToggle details={details} node={row.node} top={top} height={rowHeight} />
              )}
            </Fragment>
          );
        })}
      </div>
    </div>
  );
}

type Item = { row: FlowRow; isDetail: boolean };

function toItem(row: FlowRow): Item {
  return { row, isDetail: false };
}

function withDetail(row: FlowRow, { opened }: FlowDetails): Item[] {
  return opened.has(row.node.position) ? [toItem(row), { row, isDetail: true }] : [toItem(row)];
}

function keyOf(item: Item | undefined): string | null {
  return item === undefined ? null : `${item.row.node.position}${item.isDetail ? "/detail" : ""}`;
}

const STEPS: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};
