"use client";

import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function readNow() {
  // While nobody listens nothing ticks, so a reader sets the clock; readers of the same moment must agree.
  if (timer === undefined && Date.now() - now >= 1000) now = Date.now();
  return now;
}

/** Now, in milliseconds, once a second from one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, readNow, readNow);
}
