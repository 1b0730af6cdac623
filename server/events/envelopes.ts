import type { Sql, SqlTx } from "#drizzle/db.ts";
import { type EnvelopeRow, listEnvelopeRows } from "#drizzle/queries/event-envelopes.ts";
import { DATA_ENCODINGS } from "#drizzle/queries/event-rows.ts";
import {
  EVENT_KINDS,
  EVENT_SHAPES,
  type EventData,
  type EventEnvelope,
  type ExtensionValue,
} from "#server/domain/event.ts";
import { canonicalInstant } from "#server/domain/instant.ts";
import type { NameCache } from "../names/name-cache.ts";
import type { NameOf } from "./event-matcher.ts";

/** Whole events by position, as they came in. Positions that hold nothing are left out. */
export async function listEnvelopes(
  sql: Sql | SqlTx,
  names: NameCache,
  positions: string[],
): Promise<Map<string, EventEnvelope>> {
  const rows = await listEnvelopeRows(sql, positions);
  const nameOf = await names.resolve(rows.flatMap(envelopeNameIds));
  return new Map(rows.map((row) => [row.position, toEnvelope(row, nameOf)]));
}

/** The ids of all names that an envelope holds. */
export function envelopeNameIds(row: EnvelopeRow): number[] {
  const { type_id, source_id, channel_id, content_type_id, data_schema_id, aggregate_type_id } = row;
  return [type_id, source_id, channel_id, content_type_id, data_schema_id, aggregate_type_id].filter(
    (id) => id !== null,
  );
}

/** The event as it came in. */
export function toEnvelope(row: EnvelopeRow, nameOf: NameOf): EventEnvelope {
  const name = (id: number | null) => (id === null ? null : nameOf(id));
  return {
    id: row.id,
    source: nameOf(row.source_id),
    type: nameOf(row.type_id),
    subject: row.subject,
    time: timeOf(row.time_text, row.event_micros),
    dataContentType: name(row.content_type_id),
    dataSchema: name(row.data_schema_id),
    kind: kindOf(row.kind),
    correlationId: row.correlation_id,
    causationId: row.causation_id,
    partitionKey: row.partition_key,
    aggregateType: name(row.aggregate_type_id),
    aggregateId: row.aggregate_id,
    aggregateVersion: row.aggregate_version,
    traceparent: row.traceparent,
    channel: name(row.channel_id),
    extensions: extensionsOf(row.extensions),
    data: dataOf(row.data_encoding, row.data_text, row.data_bytes),
    shape: shapeOf(row.shape),
  };
}

/** The producer's time in its own spelling. */
export function timeOf(text: string | null, micros: string | null): string | null {
  if (text !== null) return text;
  return micros === null ? null : canonicalInstant(micros);
}

export function kindOf(kind: number | null): EventEnvelope["kind"] {
  return kind === null ? null : (EVENT_KINDS[kind] ?? null);
}

export function shapeOf(shape: number): EventEnvelope["shape"] {
  return EVENT_SHAPES[shape] ?? "internal";
}

export function dataOf(encoding: number, text: string | null, bytes: Uint8Array | null): EventData {
  const name = DATA_ENCODINGS[encoding] ?? "none";
  if (name === "binary") return { encoding: name, bytes: bytes ?? new Uint8Array() };
  if (name === "none") return { encoding: name };
  return { encoding: name, text: text ?? "" };
}

/** Extension attributes as they are stored. */
export function extensionsOf(text: string | null): Record<string, ExtensionValue> | null {
  if (text === null) return null;
  // Written from a record of just this shape.
  return JSON.parse(text) as Record<string, ExtensionValue>;
}
