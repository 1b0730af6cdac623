import { indexEffects, indexSpans } from "./index-spans.ts";
import type { Trace } from "./trace.ts";

/** A stretch of a trace in which it could not have gone on faster unless just this had been shorter. */
export type CriticalSegment = {
  /** `unknown` where nothing was recorded of what happened. */
  kind: "work" | "wait" | "unknown";
  message: number | null;
  /** What was recorded of it; null where nothing was. */
  span: number | null;
  startUs: number;
  endUs: number;
};

const NOTHING_KNOWN = { kind: "unknown", message: null, span: null } as const;

/**
 * What the duration of a trace is made of: from its last moment back to its first one along what led to what. The
 * segments follow each other without a break, so that their lengths add up to that of the trace. A service that waits
 * for several others goes on with the last of them, which is the one that it names as the cause.
 *
 * Every event is passed at most once.
 */
export function findCriticalPath(trace: Trace): CriticalSegment[] {
  const { events, messages, spans, startUs, endUs } = trace;
  const spansOf = indexSpans(trace);
  const ledBy = indexEffects(trace);
  const path: CriticalSegment[] = [];
  let cursor = endUs;
  const addTo = (until: number, about: Pick<CriticalSegment, "kind" | "message" | "span">) => {
    const from = Math.max(until, startUs);
    if (from >= cursor) return;
    path.push({ ...about, startUs: from, endUs: cursor });
    cursor = from;
  };
  const last = findLast(trace);
  let event: number | null = last.event;
  let message: number | null = last.message;
  while (event !== null) {
    if (message !== null) {
      const unknown = { kind: "unknown", message, span: null } as const;
      for (const index of (spansOf[message] ?? []).toReversed()) {
        const span = spans[index];
        if (span === undefined || span.startUs >= cursor) continue;
        addTo(Math.min(span.endUs ?? cursor, cursor), unknown);
        addTo(span.startUs, { kind: span.kind, message, span: index });
      }
      addTo(messages[message]?.sentUs ?? cursor, unknown);
      event = messages[message]?.event ?? event;
    }
    message = ledBy[event] ?? null;
    const cause: number | null = events[event]?.cause ?? null;
    // A service that goes on by itself waited for something that nobody recorded.
    if (message === null && cause !== null) addTo(events[cause]?.atUs ?? cursor, NOTHING_KNOWN);
    event = cause;
  }
  addTo(startUs, NOTHING_KNOWN);
  return path.reverse();
}

/** The message that was worked on last, or the last event where that was recorded later still. */
function findLast({ events, spans, messages }: Trace): { event: number | null; message: number | null } {
  let latest = Number.NEGATIVE_INFINITY;
  let last: number | null = null;
  for (let event = 0; event < events.length; event += 1) {
    const atUs = events[event]?.atUs ?? latest;
    if (atUs < latest) continue;
    latest = atUs;
    last = event;
  }
  let found: { event: number | null; message: number | null } = { event: last, message: null };
  for (const { endUs, startUs, message } of spans) {
    if ((endUs ?? startUs) < latest) continue;
    latest = endUs ?? startUs;
    found = { event: messages[message]?.event ?? null, message };
  }
  return found;
}
