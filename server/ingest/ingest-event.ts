import type { EventEnvelope } from "#server/domain/event.ts";

/** An event on its way in, with its identity worked out once. */
export type IngestEvent = { event: EventEnvelope; identity: string };

/** Bytes that an event keeps busy while it waits: its payload and a flat share for the rest. */
export function weightOf({ event }: IngestEvent): number {
  const { data } = event;
  if (data.encoding === "none") return 400;
  return 400 + (data.encoding === "binary" ? data.bytes.length : data.text.length);
}
