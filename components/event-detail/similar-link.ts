import { formatTimeRange, PRESETS, presetMs, type TimeRange } from "#components/shell/time-range.ts";
import type { SimilarBy } from "./attributes.ts";

const HOUR_MS = 3_600_000;
/** No shorter than this: events that resemble one are rarely all of the last five minutes. */
const LEAST_MS = HOUR_MS;

/** A list of the events that share a value with one, over a time that the event itself lies in. */
export function similarHref(
  event: { recordedAt: string },
  by: SimilarBy,
  value: string,
  { range = coveringRange(event.recordedAt, Date.now()) }: { range?: TimeRange } = {},
): string {
  const params = new URLSearchParams({ [by]: value });
  for (const [name, part] of Object.entries(formatTimeRange(range))) {
    if (part !== null) params.set(name, part);
  }
  return `/events?${params}`;
}

/** The shortest common span that reaches back to a moment; around it, when none does. */
export function coveringRange(recordedAt: string, now: number): TimeRange {
  const at = Date.parse(recordedAt);
  const preset = PRESETS.find((each) => presetMs(each) >= LEAST_MS && now - presetMs(each) < at);
  if (preset !== undefined) return { kind: "relative", preset };
  const half = 12 * HOUR_MS;
  return {
    kind: "absolute",
    from: new Date(at - half).toISOString(),
    to: new Date(at + half).toISOString(),
  };
}
