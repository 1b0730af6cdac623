import type { Sql, SqlTx } from "../db.ts";
import { STATUS } from "./delivery-settling.ts";
import { columns } from "./replay-parts.ts";
import { type ItemSource, itemSource } from "./replay-writing.ts";

export type PlannedConsumer = {
  subscription_id: number;
  consumer: string;
  is_ended: boolean;
  is_external: boolean;
  is_paused: boolean;
  concurrency: number;
  items: number;
  /** Of these, deliveries that succeeded before. */
  handled: number;
};

export type PlannedItems = {
  consumers: PlannedConsumer[];
  cases: { case_id: number; items: number }[];
  keys: number;
  unkeyed: number;
  oldest: string | null;
  newest: string | null;
};

/** Cases that a plan names, those with the most items. */
const MAX_CASES = 200;

/** What a replay would have, counted in one look at its items. Those of consumers that are left out are in `consumers` only. */
export async function planItems(sql: Sql | SqlTx, source: ItemSource): Promise<PlannedItems> {
  const [row] = await sql<PlannedItems[]>`
    with ${itemSource(sql, source)}, consumers as (
      select subscription_id, count(*)::int as items,
        (count(*) filter (where delivery_status = ${STATUS.succeeded}))::int as handled
      from source group by subscription_id
    ), cases as (
      select case_id, count(*)::int as items from source where not is_left_out and case_id is not null
      group by case_id order by items desc, case_id limit ${MAX_CASES}
    ), keys as (
      select subscription_id, partition_key, count(*) as items from source where not is_left_out
      group by subscription_id, partition_key
    )
    select
      coalesce((select jsonb_agg(to_jsonb(c) || jsonb_build_object('consumer', s.consumer,
          'is_ended', s.deleted_at is not null, 'is_external', s.target ->> 'kind' = 'external',
          'is_paused', s.paused_at is not null, 'concurrency', s.concurrency) order by s.consumer, s.id)
        from consumers c join subscriptions s on s.id = c.subscription_id), '[]') as consumers,
      coalesce((select jsonb_agg(to_jsonb(c) order by items desc, case_id) from cases c), '[]') as cases,
      (select count(distinct partition_key)::int from keys where partition_key is not null) as keys,
      (select coalesce(sum(items), 0)::int from keys where partition_key is null) as unkeyed,
      (select min(position)::text from source where not is_left_out) as oldest,
      (select max(position)::text from source where not is_left_out) as newest`;
  if (!row) throw new Error("An aggregate gives a row.");
  return row;
}

/** Events that are looked at, the newest ones, for whether later events of a key were handled. */
export const LATER_LOOK = 20_000;

/** Items of which a later event of the same key was handled by the same consumer, as far as the newest events tell. */
export async function countLaterHandled(
  sql: Sql | SqlTx,
  source: ItemSource,
): Promise<{ subscription_id: number; items: number }[]> {
  return sql<{ subscription_id: number; items: number }[]>`
    with ${itemSource(sql, source)}, keyed as materialized (
      select position, subscription_id, partition_key from source where not is_left_out and partition_key is not null
    ), newest as materialized (
      select position, partition_key from (
        select position, partition_key from events
        where position > (select min(position) from keyed) order by position desc limit ${LATER_LOOK}) looked
      where partition_key in (select partition_key from keyed)
    ), handled as materialized (
      select d.subscription_id, n.partition_key, max(n.position) as position
      from newest n join deliveries d on d.position = n.position and d.status = ${STATUS.succeeded}
      group by d.subscription_id, n.partition_key
    )
    select k.subscription_id, count(*)::int as items
    from keyed k join handled h on h.subscription_id = k.subscription_id and h.partition_key = k.partition_key
      and h.position > k.position
    group by k.subscription_id`;
}

/** Items whose type got a schema version after their event was recorded. */
export async function countOlderSchemas(
  sql: Sql | SqlTx,
  source: ItemSource,
): Promise<{ type: string; items: number }[]> {
  const [any] = await sql`select from schemas limit 1`;
  if (!any) return [];
  return sql<{ type: string; items: number }[]>`
    with ${itemSource(sql, source)}, newest as (
      select type_id, (extract(epoch from max(created_at)) * 1000000)::bigint as position from schemas
      group by type_id having count(*) > 1
    )
    select n.name as type, count(*)::int as items
    from source s join newest on newest.type_id = s.type_id and s.position < newest.position
    join interned_names n on n.id = s.type_id
    where not s.is_left_out group by n.name order by n.name`;
}

/** Items that another replay, which has not ended, has too and has not done with. */
export async function countInOthers(
  sql: Sql | SqlTx,
  source: ItemSource,
): Promise<{ replay_id: number; items: number }[]> {
  const replays = await sql<{ id: number }[]>`
    select id from replays where status in ('planned', 'running', 'paused')`;
  const open = replays.map(({ id }) => id);
  if (open.length === 0) return [];
  return sql<{ replay_id: number; items: number }[]>`
    with ${itemSource(sql, source)}, wanted as materialized (
      select position, subscription_id from source where not is_left_out
    ), both_kinds as (
      select null::int as replay_id, position, subscription_id from wanted
      union all
      select replay_id, position, subscription_id from (
        select replay_id, first_seq + generate_subscripts(positions, 1) - 1 as seq, ${columns(sql)} from replay_parts
        where replay_id = any(${open}::int[])
          and last_position >= (select min(position) from wanted) and first_position <= (select max(position) from wanted)) i
      -- All at once: looked for one by one, half a million would take seconds.
      where (replay_id, seq) not in (
        select replay_id, seq from ended_items where replay_id = any(${open}::int[])
        union all
        select replay_id, unnest(seqs) from ended_rounds where replay_id = any(${open}::int[]))
    ), met as (
      select replay_id, bool_or(replay_id is null) over (partition by position, subscription_id) as is_wanted
      from both_kinds
    )
    select replay_id, count(*)::int as items from met where is_wanted and replay_id is not null
    group by replay_id order by replay_id`;
}

export type RecentProcessing = {
  subscription_id: number;
  /** Attempts of the last five minutes. */
  attempts: number;
  failed: number;
  /** Attempts of the last day, and how long they took together, in microseconds. */
  day_attempts: number;
  day_duration_us: number;
};

/** How consumers fared of late. */
export async function sumRecentProcessing(
  sql: Sql | SqlTx,
  subscriptionIds: number[],
): Promise<RecentProcessing[]> {
  return sql<RecentProcessing[]>`
    select subscription_id,
      coalesce(sum(succeeded + failed) filter (where minute > now() - interval '5 minutes'), 0)::float8 as attempts,
      coalesce(sum(failed) filter (where minute > now() - interval '5 minutes'), 0)::float8 as failed,
      sum(succeeded + failed)::float8 as day_attempts, sum(duration_us)::float8 as day_duration_us
    from processing_minutes
    where minute > now() - interval '1 day' and subscription_id = any(${subscriptionIds}::int[])
    group by subscription_id`;
}

export type ItemPayload = {
  position: string;
  subscription_id: number;
  consumer: string;
  type: string;
  data_encoding: number;
  data_text: string | null;
  data_bytes: Uint8Array | null;
  extensions: string | null;
  data_schema: string | null;
};

export type ItemKey = { position: string; subscription_id: number };

/** The first items of a replay, oldest first. */
export async function listItemKeys(sql: Sql | SqlTx, source: ItemSource, limit: number): Promise<ItemKey[]> {
  return sql<ItemKey[]>`
    with ${itemSource(sql, source)}
    select position, subscription_id from source where not is_left_out order by position, subscription_id limit ${limit}`;
}

/** The payloads of these items, in the same order. */
export async function listItemPayloads(sql: Sql | SqlTx, keys: readonly ItemKey[]): Promise<ItemPayload[]> {
  return sql<ItemPayload[]>`
    select c.position, c.subscription_id, s.consumer, t.name as type, e.data_encoding, e.data_text, e.data_bytes,
      e.extensions, ds.name as data_schema
    from unnest(${keys.map((key) => key.position)}::bigint[], ${keys.map((key) => key.subscription_id)}::int[])
      as c (position, subscription_id)
    join subscriptions s on s.id = c.subscription_id join events e on e.position = c.position
    join interned_names t on t.id = e.type_id left join interned_names ds on ds.id = e.data_schema_id
    order by c.position, c.subscription_id`;
}
