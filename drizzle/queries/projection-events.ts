import type { Sql, SqlTx } from "../db.ts";
import { oldestNamed, rangeBetween } from "./named-events.ts";

export type ArchivedRow = { position: string; version: number; archived: string };

type Stretch = { after: string; upTo: string; limit: number };

/** Positions of events of these types after one position and up to another, oldest first, at most `limit`. */
export async function listPositionsOfTypes(
  sql: Sql | SqlTx,
  typeIds: number[],
  { after, upTo, limit }: Stretch,
): Promise<string[]> {
  // Each type leads through its own postings, however rare it is among the others.
  const rows = await sql<{ position: string }[]>`
    select found.position from unnest(${typeIds}::int[]) wanted (id)
    cross join lateral (
      select position from (
        ${oldestNamed(sql, { column: "type_id", name: sql`wanted.id`, ...rangeBetween(sql, after, upTo) })}
        limit ${limit}
      ) events
    ) found
    order by found.position limit ${limit}`;
  return rows.map(({ position }) => position);
}

/** What stands in the same stretch of events that were kept with their streams, of any type. */
export async function listArchived(
  sql: Sql | SqlTx,
  { after, upTo, limit }: Stretch,
): Promise<ArchivedRow[]> {
  return sql<ArchivedRow[]>`
    select position, version, archived from stream_events
    where archived is not null and position > ${after} and position <= ${upTo}
    order by position limit ${limit}`;
}
