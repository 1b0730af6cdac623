/** One piece of work that is over, as a trace shows it. Moments in milliseconds since 1970. */
export type SpanRecord = {
  name: string;
  kind: "server" | "consumer" | "internal";
  startMs: number;
  endMs: number;
  /** W3C trace contexts: of what it is a part, and what else it belongs to. */
  parent?: string | null;
  links?: readonly string[];
  attributes: Readonly<Record<string, string | number>>;
  /** Why it failed; null where it did not. */
  error?: string | null;
};

/** Where the program's own traces go. */
export type SpanSink = { record: (span: SpanRecord) => void };

const TRACE_CONTEXT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})/;

/** Reads a `traceparent`; null where it is none. */
export function readTraceContext(
  text: string,
): { traceId: string; spanId: string; traceFlags: number } | null {
  const found = TRACE_CONTEXT.exec(text);
  if (found === null || text.startsWith("ff")) return null;
  const [, traceId = "", spanId = "", flags = "00"] = found;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1 };
}
