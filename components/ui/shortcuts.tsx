"use client";

import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { matchKeys, type PendingKeys, readChord } from "./shortcut-keys.ts";

export type Shortcut = {
  /** `mod+k`, `?`, or a sequence such as `g l`. */
  keys: string;
  /** What it does, for the keyboard help. */
  label: string;
  group: "general" | "goTo" | "page";
  run: () => void;
};

type Entry = { owner: symbol; shortcut: Shortcut };

const EDITABLE = "input, textarea, select, [contenteditable='true'], [role='textbox']";
const LAYERS = "[role='dialog'], [role='alertdialog'], [role='menu'], [role='listbox']";
const ACTIVATED_BY_KEY =
  "button, a[href], summary, [role='button'], [role='tab'], [role='checkbox'], [role='switch']";

let entries: readonly Entry[] = [];
const listeners = new Set<() => void>();

function setEntries(next: readonly Entry[]) {
  entries = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Gives keys a meaning while the component is on the page. The last one to claim a key has it. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const signature = shortcuts.map((each) => `${each.keys}\n${each.label}\n${each.group}`).join("\t");
  const run = useEffectEvent((keys: string) => shortcuts.find((each) => each.keys === keys)?.run());

  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the shortcuts, whose `run` changes on each render
  useEffect(() => {
    const owner = Symbol("shortcuts");
    const own = shortcuts.map((each) => ({ owner, shortcut: { ...each, run: () => run(each.keys) } }));
    setEntries([...entries, ...own]);
    return () => setEntries(entries.filter((entry) => entry.owner !== owner));
  }, [signature]);
}

/** Every shortcut that works right now, for the keyboard help. */
export function useActiveShortcuts(): readonly Shortcut[] {
  const current = useSyncExternalStore(
    subscribe,
    () => entries,
    () => entries,
  );
  const byKeys = new Map(current.map(({ shortcut }) => [shortcut.keys, shortcut]));
  return [...byKeys.values()];
}

/** Listens to the keyboard for the whole application. Mount it once. */
export function ShortcutListener(): null {
  useEffect(() => {
    let pending: PendingKeys = null;
    const onKeyDown = (event: KeyboardEvent) => {
      const chord = event.defaultPrevented || event.isComposing ? null : readChord(event);
      if (chord === null || isTakenByTarget(event.target, chord)) return;
      const match = matchKeys(
        entries.map((entry) => entry.shortcut.keys),
        pending,
        chord,
        event.timeStamp,
      );
      pending = match.kind === "pending" ? match.pending : null;
      if (match.kind !== "matched") return;
      event.preventDefault();
      entries.findLast((entry) => entry.shortcut.keys === match.keys)?.shortcut.run();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  return null;
}

/** Typing, open layers and a focused button come first; `mod` chords always reach us. */
function isTakenByTarget(target: EventTarget | null, chord: string): boolean {
  if (!(target instanceof Element) || chord.startsWith("mod+")) return false;
  if (target.closest(EDITABLE) !== null || target.closest(LAYERS) !== null) return true;
  return (chord === "enter" || chord === "space") && target.closest(ACTIVATED_BY_KEY) !== null;
}
