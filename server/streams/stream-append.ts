import type { NewStreamEvents } from "#drizzle/queries/stream-writing.ts";

/** One caller's events for the end of one stream. Their versions are given when they are stored. */
export type StreamAppend = NewStreamEvents;

/** What became of an append. */
export type StreamAppendOutcome =
  /** Stored now, or found stored before, by the same append sent earlier: then with what was answered then. */
  | { kind: "appended"; firstVersion: number; positions: string[]; isRepeat: boolean }
  /** The stream is at another version than was expected; nothing was stored. */
  | { kind: "version-conflict"; actualVersion: number }
  /** Events with these ids and the same source are stored already, as something else; nothing was stored. */
  | { kind: "identity-conflict"; ids: string[] };

/** Bytes that an append keeps busy while it waits: its payloads and a flat share for the rest. */
export function weightOf({ events }: StreamAppend): number {
  return events.reduce((sum, { event: { data } }) => {
    if (data.encoding === "none") return sum + 400;
    return sum + 400 + (data.encoding === "binary" ? data.bytes.length : data.text.length);
  }, 0);
}
