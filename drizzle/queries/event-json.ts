import { EVENT_KINDS, EVENT_SHAPES, type EventEnvelope } from "#server/domain/event.ts";
import { canonicalMillis, instantMicros } from "#server/domain/instant.ts";
import { DATA_ENCODINGS, type NewEvent } from "./event-rows.ts";
import type { InternedField } from "./interned-names.ts";

type NameIds = (field: InternedField, name: string | null) => number | null;

const HOUR_MICROS = 3_600_000_000n;

/** Events as the argument of the database's `append_events`. */
export function eventsJson(events: readonly NewEvent[], ids: NameIds): string {
  return JSON.stringify(events.map(({ identity, event }) => ({ identity, ...eventJson(event, ids) })));
}

/** The columns of an event for a function of the database that takes JSON. What is null is left out. */
export function eventJson(event: EventEnvelope, ids: NameIds): Record<string, unknown> {
  const { data, time } = event;
  const micros = time === null ? null : instantMicros(time);
  const nameId = (field: InternedField, name: string | null) => ids(field, name) ?? undefined;
  return {
    // Two whole numbers: one of microseconds would lose digits, in JSON as in SQL.
    event_hours: micros === null ? undefined : Number(micros / HOUR_MICROS),
    event_micros: micros === null ? undefined : Number(micros % HOUR_MICROS),
    type_id: nameId("type", event.type),
    source_id: nameId("source", event.source),
    channel_id: nameId("channel", event.channel),
    content_type_id: nameId("content-type", event.dataContentType),
    data_schema_id: nameId("data-schema", event.dataSchema),
    aggregate_type_id: nameId("aggregate-type", event.aggregateType),
    aggregate_version: event.aggregateVersion ?? undefined,
    kind: event.kind === null ? undefined : EVENT_KINDS.indexOf(event.kind),
    shape: EVENT_SHAPES.indexOf(event.shape),
    data_encoding: DATA_ENCODINGS.indexOf(data.encoding),
    id: event.id,
    time_text: time === null || canonicalMillis(time) !== null ? undefined : time,
    subject: event.subject ?? undefined,
    correlation_id: event.correlationId ?? undefined,
    causation_id: event.causationId ?? undefined,
    partition_key: event.partitionKey ?? undefined,
    aggregate_id: event.aggregateId ?? undefined,
    traceparent: event.traceparent ?? undefined,
    extensions: event.extensions === null ? undefined : JSON.stringify(event.extensions),
    data_text: data.encoding === "json" || data.encoding === "text" ? data.text : undefined,
    data_bytes: data.encoding === "binary" ? `\\x${Buffer.from(data.bytes).toString("hex")}` : undefined,
  };
}
