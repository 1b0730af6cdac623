"use client";

import { Fragment, useSyncExternalStore } from "react";

const NAMES: Record<string, string> = {
  shift: "⇧",
  enter: "↵",
  escape: "Esc",
  space: "Space",
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
};

const subscribeToNothing = () => () => {};
const isMac = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Keys as they are pressed: `mod+k` together, `g l` one after the other. */
export function Kbd({ keys }: { keys: string }) {
  const modifier = useSyncExternalStore(subscribeToNothing, isMac, () => false) ? "⌘" : "Ctrl";
  return (
    <span className="inline-flex shrink-0 items-center gap-1">
      {keys.split(" ").map((chord, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the chords of a sequence never move
        <Fragment key={index}>
          {chord.split("+").map((key) => (
            <kbd
              key={key}
              className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border border-line-strong bg-surface px-1 font-sans text-2xs text-ink-muted"
            >
              {key === "mod" ? modifier : (NAMES[key] ?? key.toUpperCase())}
            </kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
