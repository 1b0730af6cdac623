import type { TraceReference } from "./sagas.ts";

/** By what a flow belongs together, beside a correlation id. */
export const OTHER_CORRELATIONS = ["trace", "payload"] as const;

/** Which flow an address means. */
export function toTraceReference(
  value: string,
  { correlation, subject }: { correlation: string | null; subject: string | null },
): TraceReference {
  const by = OTHER_CORRELATIONS.find((one) => one === correlation) ?? "correlation-id";
  return { by, value, subject };
}

/** What `GET /api/v1/traces` is asked for a flow, as it was at a moment (microseconds since 1970), or is now for null. */
export function traceQuery({ by, value, subject }: TraceReference, atUs: number | null) {
  return { by, value, subject, at: atUs === null ? null : String(atUs) };
}

/** What the page at an address asks the API for first, as a path with its query; null where that is not worth a head start. */
export function readOfPage(address: string): string | null {
  const [, segment, search = ""] = /^\/flows\/([^/?]+)(?:\?(.*))?$/.exec(address) ?? [];
  if (segment === undefined) return null;
  const asked = new URLSearchParams(search);
  const names = { correlation: asked.get("correlation"), subject: asked.get("subject") };
  const { by, value, subject } = toTraceReference(readSegment(segment), names);
  const query = new URLSearchParams({ by, value, ...(subject ? { subject } : {}) });
  return `/api/v1/traces?${query}`;
}

/** A segment of a path, which arrives as it stands in the address. */
export function readSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
