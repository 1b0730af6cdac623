"use client";

import { useSyncExternalStore } from "react";
import type { AsOfDto } from "#server/contract/events.ts";

let freshness: AsOfDto | null = null;
const listeners = new Set<() => void>();

/** Notes how fresh the server says it is; every pulse and frame carries it. */
export function setFreshness(next: AsOfDto | null): void {
  freshness = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The last freshness the server told this tab; null before the first. */
export function useFreshness(): AsOfDto | null {
  return useSyncExternalStore(
    subscribe,
    () => freshness,
    () => null,
  );
}
