"use client";

import { useRouter } from "next/navigation";
import type { MouseEvent } from "react";
import { withWindow } from "./time-range.ts";

/** For a link to another page: keeps the window of time that was zoomed into when it is followed. */
export function useWindowKeeper() {
  const router = useRouter();
  return (event: MouseEvent<HTMLAnchorElement>, href: string): void => {
    const isForHere =
      event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    const kept = withWindow(href, window.location.search);
    if (!isForHere || kept === href) return;
    event.preventDefault();
    router.push(kept);
  };
}
