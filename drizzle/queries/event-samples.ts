import type { Sql, SqlTx } from "../db.ts";
import { type EnvelopeRow, envelopeColumns } from "./event-envelopes.ts";
import { newestOfEach, oldestNamed, rangeBetween } from "./named-events.ts";

/**
 * The newest events of each type with their payloads, newest first within a type: at most `limit`, and fewer where
 * their payloads would have more than `maxBytes` together.
 */
export async function listNewestOfTypes(
  sql: Sql,
  typeIds: readonly number[],
  { limit, maxBytes }: { limit: number; maxBytes: number },
): Promise<EnvelopeRow[]> {
  if (typeIds.length === 0) return [];
  return sql<EnvelopeRow[]>`
    with newest as materialized (${newestOfEach(sql, { column: "type_id", names: typeIds, each: limit })})
    select ${envelopeColumns(sql)} from (
      select *, sum(coalesce(octet_length(data_text), octet_length(data_bytes), 0))
        over (partition by type_id order by position desc) as bytes
      from events
      where position = any(array(select position from newest)) and position >= (select min(position) from newest)
    ) sized
    where bytes <= ${maxBytes}
    order by type_id, position desc`;
}

/** Payload bytes that one read brings along, beyond the first event's. */
const MAX_READ_BYTES = 16 * 1024 * 1024;

/**
 * Events of these types after one position and up to another, oldest first, at most `limit`; fewer where their payloads
 * are large. `isEnd` says whether there are no more.
 */
export async function listEventsOfTypesAfter(
  sql: Sql | SqlTx,
  { typeIds, after, upTo, limit }: { typeIds: readonly number[]; after: string; upTo: string; limit: number },
): Promise<{ rows: EnvelopeRow[]; isEnd: boolean }> {
  const rows = await sql<(EnvelopeRow & { found: number })[]>`
    select ${envelopeColumns(sql)}, found from (
      select *, count(*) over ()::int as found, row_number() over by_position as place,
        sum(coalesce(octet_length(data_text), octet_length(data_bytes), 0)) over by_position as bytes
      from (
        select found.* from unnest(${[...typeIds]}::int[]) wanted (id)
        cross join lateral (
          ${oldestNamed(sql, { column: "type_id", name: sql`wanted.id`, ...rangeBetween(sql, after, upTo) })}
          limit ${limit}
        ) found
        order by found.position limit ${limit}
      ) next
      window by_position as (order by position)
    ) sized
    where place = 1 or bytes <= ${MAX_READ_BYTES} order by position`;
  const found = rows[0]?.found ?? 0;
  return { rows, isEnd: found < limit && rows.length === found };
}
