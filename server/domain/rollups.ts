const HOUR_MS = 3_600_000;

/** Counts are kept by the minute for so long, and by the hour from then on. */
export const MINUTES_KEPT_MS = 26 * HOUR_MS;

/** Whether a window that begins at a moment can be told by the hour only. Milliseconds since 1970. */
export function isKeptByHour(startMs: number, nowMs: number): boolean {
  return startMs < nowMs - MINUTES_KEPT_MS;
}
