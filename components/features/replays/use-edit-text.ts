"use client";

import { useEffect, useState } from "react";
import type { EditKind } from "./edit-draft.ts";

const NAME = "#edit=";
/** Browsers allow only so many changes of an address in a while. */
const WRITE_MS = 500;

/**
 * The text of an edit, kept behind the `#` of the address: a link has it, but browsers send it to nobody, so that
 * payloads get into no log and may be long. Another kind of edit has another text, which switching back finds again.
 */
export function useEditText(kind: EditKind) {
  const [texts, setTexts] = useState<Partial<Record<EditKind, string>>>({});
  const [isRead, setIsRead] = useState(false);
  // What stands in the address is of the kind that stands there too.
  const [linkedKind] = useState(kind);
  const text = texts[kind] ?? null;

  useEffect(() => {
    const linked = readText();
    if (linked !== null) setTexts((known) => ({ [linkedKind]: linked, ...known }));
    setIsRead(true);
  }, [linkedKind]);

  useEffect(() => {
    if (!isRead) return;
    const timer = setTimeout(() => writeText(text), WRITE_MS);
    return () => clearTimeout(timer);
  }, [isRead, text]);

  return {
    text,
    /** Whether the address has been looked at. */
    isRead,
    setText: (next: string) => setTexts((known) => ({ ...known, [kind]: next })),
  };
}

function readText(): string | null {
  if (!location.hash.startsWith(NAME)) return null;
  try {
    return decodeURIComponent(location.hash.slice(NAME.length));
  } catch {
    return null;
  }
}

function writeText(text: string | null) {
  const hash = text === null ? "" : `${NAME}${encodeURIComponent(text)}`;
  if (location.hash === hash) return;
  history.replaceState(history.state, "", `${location.pathname}${location.search}${hash}`);
}
