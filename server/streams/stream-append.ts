import type { NewStreamEvents } from "#drizzle/queries/stream-writing.ts";
import type { SchemaViolation } from "#server/domain/schemas/type-schemas.ts";

/** One caller's events for the end of one stream. Their versions are given when they are stored. */
export type StreamAppend = NewStreamEvents;

/** What became of an append that was decided. */
export type StreamWriteOutcome =
  /** Stored now, or found stored before, by the same append sent earlier: then with what was answered then. */
  | { kind: "appended"; firstVersion: number; positions: string[]; isRepeat: boolean }
  /** The stream is at another version than was expected; nothing was stored. */
  | { kind: "version-conflict"; actualVersion: number }
  /** Events with these ids and the same source are stored already, as something else; nothing was stored. */
  | { kind: "identity-conflict"; ids: string[] };

/** The same of an append that was offered. */
export type StreamAppendOutcome =
  | StreamWriteOutcome
  /** The schema of its type does not take one of the events (the one with this index); nothing was stored. */
  | { kind: "refused"; place: number; violation: SchemaViolation };

/** Bytes that an append keeps busy while it waits: its payloads and a flat share for the rest. */
export function weightOf({ events }: StreamAppend): number {
  return events.reduce((sum, { event: { data } }) => {
    if (data.encoding === "none") return sum + 400;
    return sum + 400 + (data.encoding === "binary" ? data.bytes.length : data.text.length);
  }, 0);
}
