"use client";

import { useCallback, useSyncExternalStore } from "react";

/** True when a finger is the pointer and targets have to be larger. */
export function useCoarsePointer(): boolean {
  return useMediaQuery("(pointer: coarse)");
}

/** True on a phone, where little stands beside each other. */
export function useNarrowScreen(): boolean {
  return useMediaQuery("(max-width: 40rem)");
}

/** Whether something is true of the screen; never while the server renders. */
function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(query).matches,
    () => false,
  );
}
