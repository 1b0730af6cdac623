"use client";

import { useTranslations } from "next-intl";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import { classNames } from "./class-names.ts";

const STEP_PERCENT = 4;

type SplitPaneProps = {
  main: ReactNode;
  /** The second pane; null gives the whole width to the first. */
  side: ReactNode | null;
  /** Width of the side in percent at first. */
  initialPercent?: number;
  minPercent?: number;
  maxPercent?: number;
};

/**
 * Two panes with a divider that is dragged or moved by arrow keys. On narrow screens the side covers the main,
 * which keeps its state and place below.
 */
export function SplitPane(props: SplitPaneProps) {
  const { main, side, initialPercent = 42, minPercent = 20, maxPercent = 75 } = props;
  const t = useTranslations("common");
  const box = useRef<HTMLDivElement>(null);
  const [percent, setPercent] = useState(initialPercent);
  const move = (next: number) => setPercent(Math.min(maxPercent, Math.max(minPercent, next)));

  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || box.current === null) return;
    const { right, width } = box.current.getBoundingClientRect();
    move(((right - event.clientX) / width) * 100);
  };
  const step = (event: KeyboardEvent) => {
    const direction = { ArrowLeft: 1, ArrowRight: -1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    move(percent + direction * STEP_PERCENT);
  };

  return (
    <div ref={box} className="@container relative flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">{main}</div>
      {side === null ? null : (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: a divider that moves is no thematic break */}
          <div
            role="separator"
            aria-orientation="vertical"
            aria-label={t("resizePanels")}
            aria-valuenow={Math.round(percent)}
            aria-valuemin={minPercent}
            aria-valuemax={maxPercent}
            tabIndex={0}
            onPointerDown={(event) => {
              event.preventDefault();
              event.currentTarget.setPointerCapture(event.pointerId);
            }}
            onPointerMove={drag}
            onDoubleClick={() => setPercent(initialPercent)}
            onKeyDown={step}
            className="-mx-1 relative z-10 hidden w-2 shrink-0 cursor-col-resize touch-none after:absolute after:inset-y-0 after:left-1 after:w-px after:bg-line hover:after:bg-accent @3xl:block"
          />
          <div
            style={{ "--side": `${percent}%` }}
            className={classNames(
              "absolute inset-0 z-10 flex min-w-0 flex-col bg-surface",
              "@3xl:static @3xl:w-(--side) @3xl:shrink-0",
            )}
          >
            {side}
          </div>
        </>
      )}
    </div>
  );
}
