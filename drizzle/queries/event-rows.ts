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

const MAX_EXACT = Number.MAX_SAFE_INTEGER;

/** An event that is to be stored, with its identity worked out. */
export type NewEvent = { identity: string; event: EventEnvelope };

type NameIds = (field: InternedField, name: string | null) => number | null;

/** Where the event with this index in its batch stands in the order of all. */
export type PositionOf = (index: number) => number;

/** Rows of `event_identities` for a binary COPY, in the order of the index, so that two appends never deadlock. */
export function identityRows(events: readonly NewEvent[], positionOf: PositionOf): Buffer {
  const copy = new BinaryCopy(events.length * 34 + 64);
  for (const index of orderOf(events)) {
    const one = events[index];
    if (one === undefined) continue;
    copy.row(2);
    copy.uuid(one.identity);
    copy.int8(positionOf(index));
  }
  return copy.finish();
}

/** The indexes of the events in the order of their identities. */
function orderOf(events: readonly NewEvent[]): number[] {
  // Numbers are sorted in a tenth of the time of texts: as many leading bits of the identity as leave room for the index.
  const places = 2 ** Math.ceil(Math.log2(events.length + 1));
  const leading = Math.floor(MAX_EXACT / places);
  const keys = Float64Array.from(events, ({ identity }, index) => {
    const bits = Number.parseInt(identity.slice(0, 8) + identity.slice(9, 13), 16);
    return Math.floor((bits / 2 ** 48) * leading) * places + index;
  }).sort();
  const order = Array.from(keys, (key) => key % places);
  const isTied = order.some(
    (_, at) => at > 0 && prefixOf(keys, at, places) === prefixOf(keys, at - 1, places),
  );
  if (!isTied) return order;
  const identityOf = (index: number) => events[index]?.identity ?? "";
  return order.sort((a, b) => (identityOf(a) < identityOf(b) ? -1 : 1));
}

function prefixOf(keys: Float64Array, at: number, places: number): number {
  return Math.floor((keys[at] ?? 0) / places);
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
