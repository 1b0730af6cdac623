import type { Sql, SqlTx } from "../db.ts";
import { type SummaryRow, summaryColumns } from "./event-reading.ts";

/** Payload bytes that one read of the log may bring along, beyond the first event's. */
const MAX_DATA_BYTES = 16 * 1024 * 1024;

/**
 * The position up to which the log is final: nothing can appear at or below it any more. Read the log in a later
 * statement, outside of any repeatable-read transaction.
 */
export async function getSafePosition(sql: Sql | SqlTx): Promise<string> {
  const [row] = await sql<{ safe: string }[]>`select safe_position() as safe`;
  return row?.safe ?? "0";
}

/** The last position that was handed out, whether or not anything stands there yet. */
export async function getLastPosition(sql: Sql | SqlTx): Promise<string> {
  const [row] = await sql<{ last: string }[]>`select last_value as last from event_positions`;
  return row?.last ?? "0";
}

/**
 * The log after one position and up to another, oldest first, at most `limit` rows. With payloads it may be fewer, so
 * that their bytes stay bounded: the end is reached only when no row comes.
 */
export async function listLog(
  sql: Sql,
  { after, upTo, limit, withData }: { after: string; upTo: string; limit: number; withData: boolean },
): Promise<SummaryRow[]> {
  const end = withData ? lastThatFits(sql, { after, upTo, limit }) : sql`${upTo}`;
  return sql<SummaryRow[]>`
    select ${summaryColumns(sql, withData)} from events
    where position > ${after} and position <= ${end} order by position limit ${limit}`;
}

/** Sizes come without reading the payloads themselves. */
function lastThatFits(
  sql: Sql,
  { after, upTo, limit }: { after: string; upTo: string; limit: number },
): ReturnType<Sql> {
  return sql`(
    select max(position) from (
      select position, row_number() over one_by_one as place, sum(size) over one_by_one as bytes
      from (
        select position, coalesce(octet_length(data_text), octet_length(data_bytes), 0) as size from events
        where position > ${after} and position <= ${upTo} order by position limit ${limit}
      ) next
      window one_by_one as (order by position)
    ) sized
    where place = 1 or bytes <= ${MAX_DATA_BYTES})`;
}

/** Whether more than `rows` events stand after one position and up to another. */
export async function isLogLongerThan(
  sql: Sql,
  { after, upTo, rows }: { after: string; upTo: string; rows: number },
): Promise<boolean> {
  const found = await sql`
    select position from events where position > ${after} and position <= ${upTo}
    order by position offset ${rows} limit 1`;
  return found.length > 0;
}

/**
 * Reads the next so many events by their key. A day that has just begun has no statistics yet: Postgres takes what is
 * left of it for little, and would collect and sort all of that to find the first few.
 */
export async function readInLogOrder<T>(tx: SqlTx, read: () => Promise<T>): Promise<T> {
  await tx`set local enable_sort = off`;
  const found = await read();
  await tx`set local enable_sort = on`;
  return found;
}
