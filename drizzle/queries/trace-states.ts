import type { Sql } from "../db.ts";

export type AggregateOfEvents = { type: string; id: string };

/** The aggregates that some events belong to, those of the earliest first, at most `limit`. */
export async function listAggregatesOfEvents(
  sql: Sql,
  positions: readonly string[],
  limit: number,
): Promise<AggregateOfEvents[]> {
  return sql<AggregateOfEvents[]>`
    select name as type, aggregate_id as id from (
      select aggregate_type_id, aggregate_id, min(position) as first from events
      where position = any(${[...positions]}::bigint[]) and aggregate_id is not null and aggregate_type_id is not null
      group by 1, 2 order by 3 limit ${limit}
    ) found join interned_names on interned_names.id = aggregate_type_id order by first`;
}

/** The events of a stream that were recorded up to a position, in the order of recording, at most `limit`. */
export async function listStreamEventsUpTo(
  sql: Sql,
  streamId: string,
  { upTo, limit }: { upTo: string; limit: number },
): Promise<{ version: number; position: string; archived: string | null }[]> {
  return sql<{ version: number; position: string; archived: string | null }[]>`
    select version, position, archived from (
      select version, position, archived from stream_events
      where stream_id = ${streamId} and position <= ${upTo} limit ${limit}) kept
    order by position, version`;
}

/** Of the first `limit` events in a stretch of the log, those of an aggregate; and how many were looked at. */
export async function listLoggedOfAggregate(
  sql: Sql,
  { type, id }: AggregateOfEvents,
  { after, upTo, limit }: { after: string; upTo: string; limit: number },
): Promise<{ looked: number; events: { version: number; position: string; archived: null }[] }> {
  const rows = await sql<{ looked: number; version: number | null; position: string | null }[]>`
    with stretch as materialized (
      select position, aggregate_version as version, aggregate_type_id, aggregate_id from events
      where position > ${after} and position <= ${upTo} order by position limit ${limit}
    )
    select looked, version, position from (select count(*)::int as looked from stretch) counted
    left join (
      select position, version from stretch
      where aggregate_id = ${id} and version is not null and aggregate_type_id = (
        select id from interned_names
        where field = 'aggregate-type' and md5(name) = md5(${type}) and name = ${type})
    ) own on true order by position`;
  return {
    looked: rows[0]?.looked ?? 0,
    events: rows.flatMap(({ version, position }) =>
      version === null || position === null ? [] : [{ version, position, archived: null }],
    ),
  };
}
