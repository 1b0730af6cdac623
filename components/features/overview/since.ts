import type { Format } from "#components/ui/format-context.tsx";

const MINUTE_MS = 60_000;

/** Since when, short and in full. What is known to the minute is not written as if it were known to the second. */
export function writeSince(since: string, format: Format): { clock: string; whole: string } {
  const isMinute = Date.parse(since) % MINUTE_MS === 0;
  return isMinute
    ? { clock: format.clock(since).slice(0, 5), whole: format.minute(since) }
    : { clock: format.clock(since), whole: format.dateTime(since) };
}
