import {
  EVENT_KINDS,
  EVENT_SHAPES,
  type EventData,
  type EventEnvelope,
  type ExtensionValue,
} from "#server/domain/event.ts";
import { canonicalInstant } from "#server/domain/instant.ts";
import type { Sql, SqlTx } from "../db.ts";
import { DATA_ENCODINGS } from "./event-writing.ts";

type EnvelopeRow = {
  position: string;
  id: string;
  source: string;
  type: string;
  subject: string | null;
  event_micros: string | null;
  time_text: string | null;
  content_type: string | null;
  data_schema: string | null;
  kind: number | null;
  correlation_id: string | null;
  causation_id: string | null;
  partition_key: string | null;
  aggregate_type: string | null;
  aggregate_id: string | null;
  aggregate_version: number | null;
  traceparent: string | null;
  channel: string | null;
  extensions: string | null;
  shape: number;
  data_encoding: number;
  data_text: string | null;
  data_bytes: Uint8Array | null;
};

const MAX_ENVELOPES = 10_000;

/** Whole events by position, as they came in. Positions that hold nothing are left out. */
export async function listEnvelopes(
  sql: Sql | SqlTx,
  positions: string[],
): Promise<Map<string, EventEnvelope>> {
  const rows = await sql<EnvelopeRow[]>`
    select e.position, e.id, source.name as source, type.name as type, e.subject,
      (extract(epoch from e.event_time) * 1000000)::bigint as event_micros, e.time_text,
      content_type.name as content_type, data_schema.name as data_schema, e.kind,
      e.correlation_id, e.causation_id, e.partition_key, aggregate_type.name as aggregate_type,
      e.aggregate_id, e.aggregate_version, e.traceparent, channel.name as channel,
      e.extensions, e.shape, e.data_encoding, e.data_text, e.data_bytes
    from events e
    join interned_names type on type.id = e.type_id
    join interned_names source on source.id = e.source_id
    left join interned_names content_type on content_type.id = e.content_type_id
    left join interned_names data_schema on data_schema.id = e.data_schema_id
    left join interned_names aggregate_type on aggregate_type.id = e.aggregate_type_id
    left join interned_names channel on channel.id = e.channel_id
    where e.position = any(${positions.slice(0, MAX_ENVELOPES)}::bigint[])`;
  return new Map(rows.map((row) => [row.position, toEnvelope(row)]));
}

function toEnvelope(row: EnvelopeRow): EventEnvelope {
  return {
    id: row.id,
    source: row.source,
    type: row.type,
    subject: row.subject,
    time: timeOf(row.time_text, row.event_micros),
    dataContentType: row.content_type,
    dataSchema: row.data_schema,
    kind: kindOf(row.kind),
    correlationId: row.correlation_id,
    causationId: row.causation_id,
    partitionKey: row.partition_key,
    aggregateType: row.aggregate_type,
    aggregateId: row.aggregate_id,
    aggregateVersion: row.aggregate_version,
    traceparent: row.traceparent,
    channel: row.channel,
    extensions: extensionsOf(row.extensions),
    data: dataOf(row.data_encoding, row.data_text, row.data_bytes),
    shape: shapeOf(row.shape),
  };
}

/** The producer's time in its own spelling. */
export function timeOf(text: string | null, micros: string | null): string | null {
  if (text !== null) return text;
  return micros === null ? null : canonicalInstant(BigInt(micros));
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

function extensionsOf(text: string | null): Record<string, ExtensionValue> | null {
  if (text === null) return null;
  // Written by `copyEvents` from a record of just this shape.
  return JSON.parse(text) as Record<string, ExtensionValue>;
}
