import type { EventEnvelope } from "#server/domain/event.ts";

/** Why a body as a whole can't be read. */
export type EnvelopeErrorCode = "unreadable-body" | "unsupported-media-type" | "too-many-events";

/** The body as a whole can't be read: nothing in it is taken. */
export class EnvelopeError extends Error {
  readonly code: EnvelopeErrorCode;

  constructor(code: EnvelopeErrorCode, message: string) {
    super(message);
    this.name = "EnvelopeError";
    this.code = code;
  }
}

/** Why one event is not taken. */
export type RejectionCode =
  | "missing-attribute"
  | "invalid-attribute"
  | "duplicate-attribute"
  | "unsupported-specversion"
  | "unknown-shape"
  | "invalid-json"
  | "invalid-data"
  | "too-large"
  | "too-deep"
  | "conflict";

/** An event that is not taken, by its place in the body. */
export type Rejection = { index: number; id?: string; code: RejectionCode; message: string };

/** What reading one event came to, before its place in the body is known. */
export type Refusal = { kind: "refused"; code: RejectionCode; message: string; id?: string };
export type Reading = { kind: "event"; event: EventEnvelope } | Refusal;

export function refuse(code: RejectionCode, message: string): Refusal {
  return { kind: "refused", code, message };
}

/** A value for a message: quoted, on one line, and never long. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** What a body, or a part of it, held. Places are those in the whole body, from 0. */
export type ReadEvents = { events: { index: number; event: EventEnvelope }[]; rejected: Rejection[] };

export function addReading(result: ReadEvents, index: number, reading: Reading): void {
  if (reading.kind === "event") {
    result.events.push({ index, event: reading.event });
    return;
  }
  const { code, message, id } = reading;
  result.rejected.push(id === undefined ? { index, code, message } : { index, id, code, message });
}
