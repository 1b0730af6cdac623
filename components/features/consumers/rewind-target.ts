import { readMoment } from "#components/shell/local-moment.ts";

export const REWIND_POINTS = ["time", "position", "beginning"] as const;
export type RewindPoint = (typeof REWIND_POINTS)[number];

/** Where a rewind goes to, as the API takes it, or null for a text that names no such point. */
export function readRewindTarget(point: RewindPoint, text: string, timeZone: string): string | null {
  switch (point) {
    case "beginning":
      return "beginning";
    case "position":
      return /^\d{1,18}$/.test(text.trim()) ? text.trim() : null;
    case "time":
      return readMoment(text, timeZone);
  }
}
