import type { Sql, SqlTx } from "../db.ts";

export type StreamRow = {
  id: string;
  type: string;
  aggregate_id: string;
  first_version: number | null;
  version: number;
  last_position: string;
  events: string;
  duplicates: string;
  observed: string;
};

/** The stream of an aggregate, or null. */
export async function findStream(
  sql: Sql | SqlTx,
  type: string,
  aggregateId: string,
): Promise<StreamRow | null> {
  const [row] = await sql<StreamRow[]>`
    select streams.id, name as type, aggregate_id, first_version, version, last_position, events, duplicates, observed
    from streams join interned_names on interned_names.id = type_id
    where field = 'aggregate-type' and md5(name) = md5(${type}) and name = ${type} and aggregate_id = ${aggregateId}`;
  return row ?? null;
}

/**
 * Streams that changed before a position, the latest first: at most `limit` of them among the `budget` that are looked
 * at. `searchedFrom` is where the search stopped at its budget, null when it went to the end.
 */
export async function listStreams(
  sql: Sql,
  {
    typeId,
    likes,
    before,
    limit,
    budget,
  }: { typeId: number | null; likes: string | null; before: string; limit: number; budget: number },
): Promise<{ rows: StreamRow[]; searchedFrom: string | null }> {
  const ofType = typeId === null ? sql`` : sql`and type_id = ${typeId}`;
  const rows = await sql<(StreamRow & { looked: string; reached: string | null })[]>`
    with looked as materialized (
      select id, type_id, aggregate_id, first_version, version, last_position, events, duplicates, observed
      from streams where last_position < ${before} ${ofType}
      order by last_position desc limit ${likes === null ? limit : budget}
    ), extent as (
      select count(*) as looked, min(last_position) as reached from looked
    ), found as (
      select * from looked ${likes === null ? sql`` : sql`where aggregate_id ilike ${likes}`}
      order by last_position desc limit ${limit}
    )
    select found.*, name as type, extent.* from extent
    left join (found join interned_names on interned_names.id = type_id) on true
    order by last_position desc`;
  const [first] = rows;
  const isCut = likes !== null && Number(first?.looked ?? 0) === budget;
  return {
    rows: rows.filter((row) => row.aggregate_id !== null),
    searchedFrom: isCut ? (first?.reached ?? null) : null,
  };
}

export type StreamEventRow = { version: number; position: string; archived: string | null };

/** Events of a stream from one version up to another, in order, at most `limit`; those of one version by position. */
export async function listStreamEvents(
  sql: Sql | SqlTx,
  streamId: string,
  {
    fromVersion,
    afterPosition,
    toVersion,
    limit,
  }: { fromVersion: number; afterPosition: string; toVersion: number; limit: number },
): Promise<StreamEventRow[]> {
  return sql<StreamEventRow[]>`
    select version, position, archived from stream_events
    where stream_id = ${streamId} and (version, position) > (${fromVersion}, ${afterPosition}::bigint)
      and version <= ${toVersion}
    order by version, position limit ${limit}`;
}
