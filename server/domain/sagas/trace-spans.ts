import type { Gap, Span, TraceMessage } from "./trace.ts";
import type { HandledMessage } from "./trace-messages.ts";

/** Clocks of the programs that deliver may be off by so much before it is worth telling. */
const LEAST_SKEW_US = 10_000;

/**
 * Work and waiting of each message, from the moment it was sent: for its turn, the attempts, the time between them,
 * and as a dead letter until it is replayed. Spans of one message follow each other and never overlap.
 */
export function findSpans(messages: readonly HandledMessage[]): { spans: Span[]; gaps: Gap[] } {
  const found: { spans: Span[]; gaps: Gap[] } = { spans: [], gaps: [] };
  for (const [index, handled] of messages.entries()) addSpans(handled, index, found);
  return found;
}

function addSpans(
  { message, history }: HandledMessage,
  index: number,
  { spans, gaps }: { spans: Span[]; gaps: Gap[] },
): void {
  let cursor = message.sentUs;
  let last: { generation: number } | null = null;
  for (const { generation, attempt, startedUs, durationUs, outcome, error } of history) {
    if (startedUs === null) continue;
    if (last === null && message.sentUs - startedUs >= LEAST_SKEW_US) {
      gaps.push({
        kind: "clock-skew",
        event: message.event,
        against: "attempt",
        byUs: message.sentUs - startedUs,
      });
    }
    const startUs = Math.max(startedUs, cursor);
    if (startUs > cursor) {
      const reason = reasonBetween(last, generation);
      spans.push({ kind: "wait", reason, message: index, generation, startUs: cursor, endUs: startUs });
    }
    const endUs = durationUs === null ? null : Math.max(startUs, startedUs + durationUs);
    spans.push({ kind: "work", message: index, generation, attempt, startUs, endUs, outcome, error });
    cursor = endUs ?? startUs;
    last = { generation };
  }
  const reason = reasonAtEnd(message, last);
  if (reason !== null) {
    const { generation } = message;
    spans.push({ kind: "wait", reason, message: index, generation, startUs: cursor, endUs: null });
  }
}

function reasonBetween(last: { generation: number } | null, generation: number): "queued" | "retry" | "dead" {
  if (last === null) return "queued";
  return last.generation < generation ? "dead" : "retry";
}

function reasonAtEnd(
  { status }: TraceMessage,
  last: { generation: number } | null,
): "queued" | "retry" | "dead" | null {
  if (status === "retrying") return "retry";
  if (status === "dead") return "dead";
  if (status !== "pending") return null;
  return last === null ? "queued" : "dead";
}
