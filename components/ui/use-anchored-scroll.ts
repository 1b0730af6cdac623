"use client";

import { type RefObject, useLayoutEffect, useRef } from "react";
import { type Anchor, anchoredScrollTop } from "./row-cursor.ts";

/**
 * Keeps the rows that a person looks at where they are when others arrive above. At the very top nothing is
 * held: there one watches the newest.
 */
export function useAnchoredScroll(
  scroller: RefObject<HTMLElement | null>,
  ids: readonly string[],
  rowHeight: number,
): void {
  const anchor = useRef<Anchor | null>(null);
  const shown = useRef(ids);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (shown.current !== ids && anchor.current !== null) {
      const wanted = anchoredScrollTop(ids, anchor.current, rowHeight, element.scrollTop);
      if (wanted !== null) element.scrollTop = wanted;
    }
    shown.current = ids;
    const note = () => {
      const first = Math.floor(element.scrollTop / rowHeight);
      const id = element.scrollTop === 0 ? undefined : ids[first];
      anchor.current = id === undefined ? null : { id, offset: element.scrollTop - first * rowHeight };
    };
    note();
    element.addEventListener("scroll", note, { passive: true });
    return () => element.removeEventListener("scroll", note);
  }, [scroller, ids, rowHeight]);
}
