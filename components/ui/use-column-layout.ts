"use client";

import { useEffect, useState } from "react";
import type { ColumnLayout } from "./data-table-columns.ts";

const EMPTY: ColumnLayout = { sizing: {}, visibility: {} };

/** The column layout of one table, remembered in this browser under a name. */
export function useColumnLayout(name: string) {
  const key = `nagare-columns-${name}`;
  const [layout, setLayout] = useState(EMPTY);
  useEffect(() => setLayout(readLayout(localStorage.getItem(key))), [key]);
  const remember = (next: ColumnLayout) => {
    setLayout(next);
    localStorage.setItem(key, JSON.stringify(next));
  };
  return [layout, remember] as const;
}

/** Reads a remembered layout; what can't be read is as if nothing was remembered. */
export function readLayout(text: string | null): ColumnLayout {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    if (typeof value !== "object" || value === null) return EMPTY;
    return {
      sizing: readEntries(value, "sizing", (entry) => typeof entry === "number"),
      visibility: readEntries(value, "visibility", (entry) => typeof entry === "boolean"),
    };
  } catch {
    return EMPTY;
  }
}

function readEntries<Value>(
  source: object,
  name: string,
  isValue: (entry: unknown) => entry is Value,
): Record<string, Value> {
  const entries: unknown = Object.entries(source).find(([key]) => key === name)?.[1];
  if (typeof entries !== "object" || entries === null) return {};
  const valid: Record<string, Value> = {};
  for (const [key, entry] of Object.entries(entries)) {
    if (isValue(entry)) valid[key] = entry;
  }
  return valid;
}
