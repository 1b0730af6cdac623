import type { Sql, SqlTx } from "../db.ts";

/** A whole event as it is stored: names by id, the payload in one of two columns. */
export type EnvelopeRow = {
  position: string;
  id: string;
  source_id: number;
  type_id: number;
  subject: string | null;
  event_micros: string | null;
  time_text: string | null;
  content_type_id: number | null;
  data_schema_id: number | null;
  kind: number | null;
  correlation_id: string | null;
  causation_id: string | null;
  partition_key: string | null;
  aggregate_type_id: number | null;
  aggregate_id: string | null;
  aggregate_version: number | null;
  traceparent: string | null;
  channel_id: number | null;
  extensions: string | null;
  shape: number;
  data_encoding: number;
  data_text: string | null;
  data_bytes: Uint8Array | null;
};

const MAX_ENVELOPES = 10_000;

/** Whole events by position, at most 10,000. Positions that hold nothing are left out. */
export async function listEnvelopeRows(sql: Sql | SqlTx, positions: string[]): Promise<EnvelopeRow[]> {
  return sql<EnvelopeRow[]>`
    select ${envelopeColumns(sql)} from events
    where position = any(${`{${positions.slice(0, MAX_ENVELOPES).join(",")}}`}::text::bigint[]) order by position`;
}

/**
 * Whole events after one position and up to another, oldest first: at most `limit`, and no more once their payloads
 * together exceed `maxBytes`.
 */
export async function listEnvelopeRowsAfter(
  sql: Sql | SqlTx,
  { after, upTo, limit, maxBytes }: { after: string; upTo: string; limit: number; maxBytes: number },
): Promise<EnvelopeRow[]> {
  return sql<EnvelopeRow[]>`
    select ${envelopeColumns(sql)} from (
      select *, sum(bytes) over (order by position rows between unbounded preceding and 1 preceding) as bytes_before
      from (
        select *, coalesce(octet_length(data_text), 0) + coalesce(octet_length(data_bytes), 0) as bytes
        from events where position > ${after} and position <= ${upTo} order by position limit ${limit}
      ) next
    ) events
    where coalesce(bytes_before, 0) <= ${maxBytes} order by position`;
}

/** Events after one position and up to another, oldest first, at most `limit`; without their payloads. */
export async function listHeaderRowsAfter(
  sql: Sql | SqlTx,
  { after, upTo, limit }: { after: string; upTo: string; limit: number },
): Promise<EnvelopeRow[]> {
  return sql<EnvelopeRow[]>`
    select ${headerColumns(sql)}, 0 as data_encoding, null as data_text, null as data_bytes from events
    where position > ${after} and position <= ${upTo} order by position limit ${limit}`;
}

/** Events by position without their payloads; positions that hold nothing are left out. */
export async function listHeaderRows(sql: Sql | SqlTx, positions: readonly string[]): Promise<EnvelopeRow[]> {
  return sql<EnvelopeRow[]>`
    select ${headerColumns(sql)}, 0 as data_encoding, null as data_text, null as data_bytes from events
    where position = any(${[...positions]}::bigint[]) order by position`;
}

/** Events after one position and up to another without their payloads, of these types only. */
export async function listHeaderRowsOfTypes(
  sql: Sql | SqlTx,
  { after, upTo, typeIds }: { after: string; upTo: string; typeIds: number[] },
): Promise<EnvelopeRow[]> {
  return sql<EnvelopeRow[]>`
    select ${headerColumns(sql)}, 0 as data_encoding, null as data_text, null as data_bytes from events
    where position > ${after} and position <= ${upTo} and type_id = any(${typeIds}::int[]) order by position`;
}

/** The columns of `EnvelopeRow`, for a `select` from `events`. */
export function envelopeColumns(sql: Sql | SqlTx) {
  return sql`${headerColumns(sql)}, data_encoding, data_text, data_bytes`;
}

function headerColumns(sql: Sql | SqlTx) {
  return sql`position, id, source_id, type_id, subject,
    (extract(epoch from event_time) * 1000000)::bigint as event_micros, time_text,
    content_type_id, data_schema_id, kind, correlation_id, causation_id, partition_key, aggregate_type_id,
    aggregate_id, aggregate_version, traceparent, channel_id, extensions, shape`;
}
