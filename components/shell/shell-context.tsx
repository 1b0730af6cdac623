"use client";

import { createContext, type ReactNode, use, useMemo, useState } from "react";
import { COOKIES, writeCookie } from "#components/lib/cookies.ts";

type ShellLayer = "navigation" | "palette" | "help" | null;

type ShellState = {
  /** The navigation shows icons only (on wide screens). */
  isNarrow: boolean;
  toggleNarrow: () => void;
  /** What lies over the page; one at a time. */
  layer: ShellLayer;
  setLayer: (layer: ShellLayer) => void;
};

const ShellContext = createContext<ShellState | null>(null);

export function ShellProvider({ startsNarrow, children }: { startsNarrow: boolean; children: ReactNode }) {
  const [isNarrow, setIsNarrow] = useState(startsNarrow);
  const [layer, setLayer] = useState<ShellLayer>(null);
  const state = useMemo(
    () => ({
      isNarrow,
      toggleNarrow: () => {
        setIsNarrow(!isNarrow);
        writeCookie(COOKIES.sidebar, isNarrow ? "wide" : "narrow");
      },
      layer,
      setLayer,
    }),
    [isNarrow, layer],
  );
  return <ShellContext value={state}>{children}</ShellContext>;
}

export function useShell(): ShellState {
  const shell = use(ShellContext);
  if (shell === null) throw new Error("useShell needs a ShellProvider above it.");
  return shell;
}
