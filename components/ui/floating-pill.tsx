"use client";

import { ArrowUp } from "lucide-react";

type FloatingPillProps = { onClick: () => void; children: string };

/** Over the top of a list that is held: what waits above it. Its container is positioned. */
export function FloatingPill({ onClick, children }: FloatingPillProps) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="-translate-x-1/2 absolute top-9 left-1/2 z-20 flex h-7 animate-enter items-center gap-1.5 whitespace-nowrap rounded-full bg-accent px-3 font-medium text-on-accent text-xs shadow-raised hover:bg-accent-strong pointer-coarse:h-10"
    >
      <ArrowUp aria-hidden className="size-3.5" />
      {children}
    </button>
  );
}
