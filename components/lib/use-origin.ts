"use client";

import { useSyncExternalStore } from "react";

const subscribeToNothing = () => () => {};

/** The address under which this page was opened, for commands that work from where the reader is. */
export function useOrigin(): string {
  return useSyncExternalStore(
    subscribeToNothing,
    () => location.origin,
    () => "",
  );
}
