import type { TimeRange } from "#components/shell/time-range.ts";

/** Short enough that a rate is that of now, long enough for a verdict. */
export const TOPOLOGY_RANGE: TimeRange = { kind: "relative", preset: "15m" };
