"use client";

import { type FocusEvent, useState } from "react";
import { keepPlaces, orderCounts, type TypeCounts } from "./list-counts.ts";

type Held = { types: readonly TypeCounts[]; rows: readonly TypeCounts[] };

/**
 * Types and steps by urgency. While a pointer or the focus is among them they keep their places, whatever is counted:
 * who reaches for one gets that one.
 */
export function useHeldCounts(types: readonly TypeCounts[], chosen: readonly string[]) {
  const [held, setHeld] = useState<Held | null>(null);
  const [isPointed, setIsPointed] = useState(false);
  const [isFocused, setIsFocused] = useState(false);
  const isHeld = isPointed || isFocused;
  const ordered = orderCounts(types, chosen);
  const next = isHeld ? holdCounts(held, types, ordered) : null;
  // React renders again at once with what is held, before anything is drawn.
  if (next !== held) setHeld(next);
  return {
    ordered: next?.rows ?? ordered,
    /** For the element around them. */
    holding: {
      onPointerEnter: () => setIsPointed(true),
      onPointerLeave: () => setIsPointed(false),
      // A click leaves the focus where it was, and its owner goes on elsewhere.
      onFocus: ({ target }: FocusEvent) => setIsFocused(target.matches(":focus-visible")),
      onBlur: ({ currentTarget, relatedTarget }: FocusEvent) =>
        setIsFocused(currentTarget.contains(relatedTarget)),
    },
  };
}

function holdCounts(held: Held | null, types: readonly TypeCounts[], ordered: readonly TypeCounts[]): Held {
  if (held === null) return { types, rows: ordered };
  return held.types === types ? held : { types, rows: keepPlaces(held.rows, ordered) };
}
