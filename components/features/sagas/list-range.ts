import { resolveTimeRange, type TimeRange } from "#components/shell/time-range.ts";

/** A saga that is stuck may have begun long ago: none is left out by its age unless that is asked for. */
export const ANY_TIME: TimeRange = { kind: "absolute", from: null, to: null };

export function isAnyTime(range: TimeRange): boolean {
  return range.kind === "absolute" && range.from === null && range.to === null;
}

/** A span that ends now keeps the moment at which it was chosen: a list that moves with every second can't be read. */
export function boundsOf(range: TimeRange): { from?: string; to?: string } {
  const { from, to } = resolveTimeRange(range, Date.now());
  return { ...(from !== null && { from }), ...(to !== null && { to }) };
}
