import { EVENT_KINDS, EVENT_SHAPES, type EventEnvelope } from "#server/domain/event.ts";
import { instantMicros, isCanonicalInstant } from "#server/domain/instant.ts";
import { BinaryCopy, copyIn } from "../copy-binary.ts";
import type { Sql, SqlTx } from "../db.ts";
import type { InternedField } from "./interned-names.ts";

/** The order stands in the database too: positions in this list are what `data_encoding` holds. */
export const DATA_ENCODINGS = ["none", "json", "text", "binary"] as const;

const COLUMNS = 23;
/** To be followed by the options; the format is ours to choose. */
export const COPY_EVENTS = `copy events (position, event_time, type_id, source_id, channel_id, content_type_id,
  data_schema_id, aggregate_type_id, aggregate_version, kind, shape, data_encoding, id, time_text, subject,
  correlation_id, causation_id, partition_key, aggregate_id, traceparent, extensions, data_text, data_bytes)
  from stdin`;
export const COPY_IDENTITIES = "copy event_identities (identity, position) from stdin";
const BINARY = "(format binary)";

/** An event on its way into the table: with its place in the order. */
export type PlacedEvent = { position: number; identity: string; event: EventEnvelope };

type NameIds = (field: InternedField, name: string | null) => number | null;

/**
 * Takes `count` consecutive positions for this transaction and gives the first. Until the transaction ends, no
 * reader passes them.
 */
export async function beginAppend(tx: SqlTx, count: number): Promise<number> {
  const [row] = await tx<{ first: string }[]>`select begin_append(${count}) as first`;
  return Number(row?.first);
}

/**
 * Claims the identities.
 *
 * Rejects with a unique violation (23505) when one is taken; the transaction is lost then.
 */
export async function copyIdentities(tx: SqlTx, placed: PlacedEvent[]): Promise<void> {
  await copyIn(tx, `${COPY_IDENTITIES} ${BINARY}`, identityRows(placed));
}

/** Writes the events at their positions. */
export async function copyEvents(tx: SqlTx, placed: PlacedEvent[], ids: NameIds): Promise<void> {
  await copyIn(tx, `${COPY_EVENTS} ${BINARY}`, eventRows(placed, ids));
}

/** Rows of `event_identities` for a binary COPY, in the order of the index, so that two appends never deadlock. */
export function identityRows(placed: PlacedEvent[]): Buffer {
  const sorted = placed.toSorted((a, b) => (a.identity < b.identity ? -1 : 1));
  const copy = new BinaryCopy(sorted.length * 34 + 64);
  for (const one of sorted) {
    copy.row(2);
    copy.uuid(one.identity);
    copy.int8(one.position);
  }
  return copy.finish();
}

/** Rows of `events` for a binary COPY. */
export function eventRows(placed: PlacedEvent[], ids: NameIds): Buffer {
  const copy = new BinaryCopy(placed.length * 512);
  for (const one of placed) writeRow(copy, one, ids);
  return copy.finish();
}

function writeRow(copy: BinaryCopy, { position, event }: PlacedEvent, ids: NameIds): void {
  const { data, time } = event;
  copy.row(COLUMNS);
  copy.int8(position);
  copy.timestamp(time === null ? null : instantMicros(time));
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
  copy.text(time === null || isCanonicalInstant(time) ? null : time);
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

/** Which of these identities are taken, and by the event at which position. */
export async function listTakenIdentities(sql: Sql, identities: string[]): Promise<Map<string, string>> {
  const rows = await sql<{ identity: string; position: string }[]>`
    select identity, position from event_identities where identity = any(${identities}::uuid[])`;
  return new Map(rows.map((row) => [row.identity, row.position]));
}

/** Makes the partitions for the days around now, so that an append never finds none. */
export async function ensureEventPartitions(sql: Sql): Promise<void> {
  await sql`select ensure_event_partition(now()), ensure_event_partition(now() + interval '1 day')`;
}
