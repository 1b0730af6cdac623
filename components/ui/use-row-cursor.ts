"use client";

import { useTranslations } from "next-intl";
import { type KeyboardEvent, useCallback, useRef } from "react";
import { moveCursor } from "./row-cursor.ts";
import { useShortcuts } from "./shortcuts.tsx";

type RowCursorOptions = {
  ids: readonly string[];
  activeId: string | null;
  /** Where the first step lands when no row has the cursor. */
  firstInView: number;
  pageSize: number;
  onActiveChange: (id: string | null) => void;
  onOpen: (index: number) => void;
  scrollTo: (index: number) => void;
};

/** The cursor of a table: j, k, Enter and Escape from anywhere on the page, arrows inside the table. */
export function useRowCursor(options: RowCursorOptions) {
  const t = useTranslations("common.table");
  const activeIndex = options.activeId === null ? -1 : options.ids.indexOf(options.activeId);

  const move = (delta: number) => {
    const next = moveCursor(options.ids, options.activeId, delta, options.firstInView);
    if (next === null) return;
    options.onActiveChange(next);
    options.scrollTo(options.ids.indexOf(next));
  };
  const openActive = () => {
    if (activeIndex !== -1) options.onOpen(activeIndex);
  };
  const release = () => options.onActiveChange(null);

  useShortcuts([
    { keys: "j", label: t("nextRow"), group: "page", run: () => move(1) },
    { keys: "k", label: t("previousRow"), group: "page", run: () => move(-1) },
    { keys: "enter", label: t("openRow"), group: "page", run: openActive },
    { keys: "escape", label: t("release"), group: "page", run: release },
  ]);

  const steps: Record<string, number> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: options.pageSize,
    PageUp: -options.pageSize,
    Home: Number.NEGATIVE_INFINITY,
    End: Number.POSITIVE_INFINITY,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined || event.target !== event.currentTarget) return;
    event.preventDefault();
    move(step);
  };

  const latestOptions = useRef(options);
  latestOptions.current = options;
  /** The same function on every render, so that rows need not be drawn anew. */
  const open = useCallback((index: number) => {
    const { ids, onActiveChange, onOpen } = latestOptions.current;
    const id = ids[index];
    if (id === undefined) return;
    onActiveChange(id);
    onOpen(index);
  }, []);

  return { activeIndex, onKeyDown, open };
}
