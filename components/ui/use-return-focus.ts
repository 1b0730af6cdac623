"use client";

import { useRef } from "react";

/**
 * Gives the focus back to what had it before a layer opened. Radix does so only for layers with a trigger of their own.
 *
 * @returns what goes to the content of a Radix layer
 */
export function useReturnFocus(onOpenAutoFocus?: (event: Event) => void) {
  const opener = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: (event: Event) => {
      opener.current = document.activeElement;
      onOpenAutoFocus?.(event);
    },
    onCloseAutoFocus: (event: Event) => {
      // What opened it may be gone by now, such as the row of what was deleted.
      if (!(opener.current instanceof HTMLElement) || !opener.current.isConnected) return;
      event.preventDefault();
      opener.current.focus();
    },
  };
}
