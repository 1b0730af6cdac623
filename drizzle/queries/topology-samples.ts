import type { Sql } from "../db.ts";
import { newestOfEach } from "./named-events.ts";

/** Positions of a stretch of time, the first one included. */
export type PositionRange = { from: string; before: string };

/** Events of one type that are looked at. */
const MOST_OF_TYPE = 2_000;
/** Events that are looked at in one question, however many types there are. */
const MOST_IN_ALL = 40_000;
/** A longer payload is left out. */
const MAX_PAYLOAD_BYTES = 16 * 1024;

/** Events of a type from a source. */
export type TypeOfSource = { typeId: number; sourceId: number };

export type Wanted = {
  typeIds: readonly number[];
  /** Whose newest events are wanted, at most `newest` of each; without those of long payloads. */
  pairs: readonly TypeOfSource[];
  newest: number;
  /** Of whom events without a correlation id are wanted, at most `uncorrelated` of each. */
  tornPairs: readonly TypeOfSource[];
  uncorrelated: number;
};

export type UncorrelatedRow = { type_id: number; source_id: number; position: string; is_caused: boolean };
export type KeyRow = { type_id: number; key: string; events: number; looked_at: number; positions: string[] };

export type NewestSeen = {
  /** Of the pairs, newest first. */
  positions: string[];
  uncorrelated: UncorrelatedRow[];
  /** The three most frequent partition keys of each type. */
  keys: KeyRow[];
};

/**
 * Looks once at the newest events of each type in a range, the same number of each, and says what is wanted of them. A
 * source of whose events of a type none is among these is not found.
 */
export async function lookAtNewest(
  sql: Sql,
  { typeIds, pairs, newest, tornPairs, uncorrelated }: Wanted,
  { from, before }: PositionRange,
): Promise<NewestSeen> {
  const each = Math.min(MOST_OF_TYPE, Math.ceil(MOST_IN_ALL / Math.max(1, typeIds.length)));
  const among = (wanted: readonly TypeOfSource[]) => sql`(type_id, source_id) in (
    select * from unnest(${wanted.map((one) => one.typeId)}::int[], ${wanted.map((one) => one.sourceId)}::int[]))`;
  const [row] = await sql<NewestSeen[]>`
    with newest as materialized (
      ${newestOfEach(sql, { column: "type_id", names: typeIds, from, before, each })}
    ), looked_at as materialized (
      select position, type_id, source_id, correlation_id is null as is_bare, causation_id is not null as is_caused,
        partition_key, coalesce(octet_length(data_text), octet_length(data_bytes), 0) as bytes
      from events
      where position = any(array(select position from newest)) and position >= ${from} and position < ${before}
    ), whole as (
      select position, row_number() over (partition by type_id, source_id order by position desc) as place
      from looked_at where bytes <= ${MAX_PAYLOAD_BYTES} and ${among(pairs)}
    ), bare as (
      select type_id, source_id, position::text, is_caused,
        row_number() over (partition by type_id, source_id order by position desc) as place
      from looked_at where is_bare and ${among(tornPairs)}
    ), keyed as (
      select type_id, partition_key as key, count(*) as events, (array_agg(position::text order by position desc))[1:10] as positions,
        sum(count(*)) over (partition by type_id) as looked_at,
        row_number() over (partition by type_id order by count(*) desc) as place
      from looked_at where partition_key is not null group by type_id, partition_key
    )
    select
      array(select position from whole where place <= ${newest} order by position desc) as positions,
      coalesce((select jsonb_agg(to_jsonb(bare) - 'place' order by place) from bare
        where place <= ${uncorrelated}), '[]') as uncorrelated,
      coalesce((select jsonb_agg(to_jsonb(keyed) - 'place' order by place) from keyed where place <= 3), '[]') as keys`;
  return row ?? { positions: [], uncorrelated: [], keys: [] };
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
  if (positions.length === 0) return new Map();
  const rows = await sql<{ position: string; name: string }[]>`
    select position, name from events join interned_names n on n.id = aggregate_type_id
    where position = any(${[...positions]}::bigint[])`;
  return new Map(rows.map(({ position, name }) => [position, name]));
}
