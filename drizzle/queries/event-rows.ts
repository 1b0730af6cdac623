import { EVENT_KINDS, EVENT_SHAPES, type EventEnvelope } from "#server/domain/event.ts";
import { canonicalMillis, instantMicros } from "#server/domain/instant.ts";
import { BinaryCopy } from "../copy-binary.ts";
import type { InternedField } from "./interned-names.ts";

/** The order stands in the database too: positions in this list are what `data_encoding` holds. */
export const DATA_ENCODINGS = ["none", "json", "text", "binary"] as const;

/** The columns of `eventRows`, in order. */
export const EVENT_COLUMNS = `position, event_time, type_id, source_id, channel_id, content_type_id,
  data_schema_id, aggregate_type_id, aggregate_version, kind, shape, data_encoding, id, time_text, subject,
  correlation_id, causation_id, partition_key, aggregate_id, traceparent, extensions, data_text, data_bytes`;
const COLUMNS = 23;

/** Bytes of an identity that are kept, and how many identities a row holds at most, so that it fills a page. */
export const PREFIX_BYTES = 8;
export const BATCH_ENTRIES = 1_000;

/** An event that is to be stored, with its identity worked out. */
export type NewEvent = { identity: string; event: EventEnvelope };

type NameIds = (field: InternedField, name: string | null) => number | null;

/** Where the event with this index in its batch stands in the order of all. */
export type PositionOf = (index: number) => number;

/** Rows of `identity_batches` for a binary COPY: one for each stretch of consecutive positions, of at most a thousand. */
export function identityRows(events: readonly NewEvent[], positionOf: PositionOf): Buffer {
  const copy = new BinaryCopy(events.length * 9 + 1024);
  for (let from = 0; from < events.length; ) {
    const to = endOfStretch(events.length, from, positionOf);
    copy.row(2);
    copy.int8(positionOf(from));
    copy.begin((to - from) * PREFIX_BYTES);
    for (let at = from; at < to; at += 1) copy.uuidPrefix(events[at]?.identity ?? "");
    from = to;
  }
  return copy.finish();
}

function endOfStretch(count: number, from: number, positionOf: PositionOf): number {
  const last = Math.min(count, from + BATCH_ENTRIES);
  let to = from + 1;
  while (to < last && positionOf(to) === positionOf(from) + (to - from)) to += 1;
  return to;
}

/** Rows of `events` for a binary COPY. */
export function eventRows(events: readonly NewEvent[], positionOf: PositionOf, ids: NameIds): Buffer {
  const copy = new BinaryCopy(events.length * 512);
  for (const [index, { event }] of events.entries()) writeRow(copy, positionOf(index), event, ids);
  return copy.finish();
}

function writeRow(copy: BinaryCopy, position: number, event: EventEnvelope, ids: NameIds): void {
  const { data, time } = event;
  copy.row(COLUMNS);
  copy.int8(position);
  const millis = time === null ? null : canonicalMillis(time);
  if (time === null) copy.none();
  else if (millis === null) copy.timestamp(instantMicros(time));
  else copy.timestampMillis(millis);
  copy.int4(ids("type", event.type));
  copy.int4(ids("source", event.source));
  copy.int4(ids("channel", event.channel));
  copy.int4(ids("content-type", event.dataContentType));
  copy.int4(ids("data-schema", event.dataSchema));
  copy.int4(ids("aggregate-type", event.aggregateType));
  copy.int4(event.aggregateVersion);
  copy.int2(event.kind === null ? null : EVENT_KINDS.indexOf(event.kind));
  copy.int2(EVENT_SHAPES.indexOf(event.shape));
  copy.int2(DATA_ENCODINGS.indexOf(data.encoding));
  copy.text(event.id);
  copy.text(millis === null ? time : null);
  copy.text(event.subject);
  copy.text(event.correlationId);
  copy.text(event.causationId);
  copy.text(event.partitionKey);
  copy.text(event.aggregateId);
  copy.text(event.traceparent);
  copy.text(event.extensions === null ? null : JSON.stringify(event.extensions));
  copy.text(data.encoding === "json" || data.encoding === "text" ? data.text : null);
  copy.bytes(data.encoding === "binary" ? data.bytes : null);
}
