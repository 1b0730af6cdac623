"use client";

import { type PointerEvent, type UIEvent, useEffect, useRef } from "react";

/** A pointer that has not moved for so long is not about to click. */
const POINTING_MS = 2_000;

/**
 * Holds the list while somebody reads it: scrolled away from its top, or with the pointer on the move over its rows.
 * Spread what it gives on an element around the table.
 */
export function useReadingHolds(setHold: (reason: string, isOn: boolean) => void) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const letGo = () => {
    clearTimeout(timer.current);
    setHold("pointing", false);
  };
  return {
    onScrollCapture: (event: UIEvent) => {
      if (event.target instanceof Element) setHold("scrolled", event.target.scrollTop > 0);
    },
    onPointerMove: (event: PointerEvent) => {
      const isOverRow = event.target instanceof Element && event.target.closest("tbody tr") !== null;
      if (event.pointerType !== "mouse" || !isOverRow) return;
      clearTimeout(timer.current);
      timer.current = setTimeout(letGo, POINTING_MS);
      setHold("pointing", true);
    },
    onPointerLeave: letGo,
  };
}
