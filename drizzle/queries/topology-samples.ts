import type { Sql } from "../db.ts";
import { type EnvelopeRow, envelopeColumns } from "./event-envelopes.ts";
import { newestNamed } from "./named-events.ts";

/** Positions of a stretch of time, the first one included. */
export type PositionRange = { from: string; before: string };

/** Events of a type that one source's newest are looked for among. */
const MAX_LOOKED_THROUGH = 2_000;
/** A longer payload is left out. */
const MAX_PAYLOAD_BYTES = 16 * 1024;

/** The newest events of each type from each source in a range, at most `limit` of each pair. */
export async function listNewestOfPairs(
  sql: Sql,
  pairs: readonly { typeId: number; sourceId: number }[],
  { from, before, limit }: PositionRange & { limit: number },
): Promise<EnvelopeRow[]> {
  const typeIds = pairs.map(({ typeId }) => typeId);
  const sourceIds = pairs.map(({ sourceId }) => sourceId);
  return sql<EnvelopeRow[]>`
    select found.* from unnest(${typeIds}::int[], ${sourceIds}::int[]) as pair (wanted_type, wanted_source)
    cross join lateral (
      select ${envelopeColumns(sql)} from (
        ${newestNamed(sql, { column: "type_id", name: sql`wanted_type`, from, before })}
        limit ${MAX_LOOKED_THROUGH}
      ) newest
      where newest.source_id = wanted_source
        and coalesce(octet_length(data_text), octet_length(data_bytes), 0) <= ${MAX_PAYLOAD_BYTES}
      order by position desc limit ${limit}
    ) found`;
}

export type UncorrelatedRow = { type_id: number; source_id: number; position: string; is_caused: boolean };

/** The newest events without a correlation id of each pair, at most `limit`, among the newest of the type. */
export async function listUncorrelated(
  sql: Sql,
  pairs: readonly { typeId: number; sourceId: number }[],
  { from, before, limit }: PositionRange & { limit: number },
): Promise<UncorrelatedRow[]> {
  const typeIds = pairs.map(({ typeId }) => typeId);
  const sourceIds = pairs.map(({ sourceId }) => sourceId);
  return sql<UncorrelatedRow[]>`
    select found.* from unnest(${typeIds}::int[], ${sourceIds}::int[]) as pair (wanted_type, wanted_source)
    cross join lateral (
      select type_id, source_id, position, causation_id is not null as is_caused from (
        ${newestNamed(sql, { column: "type_id", name: sql`wanted_type`, from, before })}
        limit ${MAX_LOOKED_THROUGH}
      ) newest
      where newest.source_id = wanted_source and correlation_id is null
      order by position desc limit ${limit}
    ) found`;
}

export type KeyRow = { type_id: number; key: string; events: number; looked_at: number; positions: string[] };

/** The most frequent partition keys among the newest events of each type in a range, three of each. */
export async function listFrequentKeys(
  sql: Sql,
  typeIds: readonly number[],
  { from, before }: PositionRange,
): Promise<KeyRow[]> {
  return sql<KeyRow[]>`
    select wanted as type_id, keys.* from unnest(${[...typeIds]}::int[]) as wanted
    cross join lateral (
      select partition_key as key, count(*)::int as events, sum(count(*)) over ()::int as looked_at,
        (array_agg(position order by position desc))[1:10] as positions
      from (
        ${newestNamed(sql, { column: "type_id", name: sql`wanted`, from, before })}
        limit ${MAX_LOOKED_THROUGH}
      ) newest
      where partition_key is not null
      group by partition_key order by count(*) desc limit 3
    ) keys`;
}

const MAX_ATTEMPTS_LOOKED_AT = 20_000;

/** The most attempts that one event took, by subscription, among the newest failures in a range. */
export async function listMostAttempts(
  sql: Sql,
  { from, before }: PositionRange,
): Promise<{ subscription_id: number; most: number }[]> {
  return sql<{ subscription_id: number; most: number }[]>`
    select subscription_id, max(attempt) as most from (
      select subscription_id, attempt from attempts where position >= ${from} and position < ${before}
      order by position desc limit ${MAX_ATTEMPTS_LOOKED_AT}
    ) newest group by subscription_id`;
}

/** The aggregate types of events, by position; those that belong to no aggregate are left out. */
export async function listAggregateTypes(
  sql: Sql,
  positions: readonly string[],
): Promise<Map<string, string>> {
  const rows = await sql<{ position: string; name: string }[]>`
    select position, name from events join interned_names n on n.id = aggregate_type_id
    where position = any(${[...positions]}::bigint[])`;
  return new Map(rows.map(({ position, name }) => [position, name]));
}
