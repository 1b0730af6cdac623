import type { Sql, SqlTx } from "../db.ts";
import { LETTER_STATUS } from "./dead-letters.ts";
import { PART_ITEMS } from "./replay-parts.ts";

export type NewReplay = {
  reason: string;
  view: string | null;
  actor: string;
  ruleId: number | null;
  selection: unknown;
  cutOff: string;
  newer: number;
  delivery: unknown;
  status: string;
  run: unknown;
};

export async function insertReplay(tx: SqlTx, values: NewReplay): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into replays (reason, view, actor, rule_id, selection, cut_off, newer, delivery, status, run)
    values (${values.reason}, ${values.view}, ${values.actor}, ${values.ruleId},
      ${JSON.stringify(values.selection)}::jsonb, ${values.cutOff}, ${values.newer},
      ${JSON.stringify(values.delivery)}::jsonb, ${values.status}, ${JSON.stringify(values.run)}::jsonb)
    returning id`;
  if (!row) throw new Error("The replay was not inserted.");
  return row.id;
}

/** Which deliveries a replay would have. */
export type ItemSource = {
  /** A condition on `dead_letters_with_status l`. */
  where: ReturnType<Sql>;
  /** The condition needs no more of letters than `unresolved_letters` has. */
  isListed: boolean;
  to: "consumer" | "all";
};

/**
 * The deliveries that a replay takes, for a `with` clause: of parked letters those of their consumers, or those of every
 * consumer of their events. `is_left_out` is true of consumers that have ended, or that their own systems deliver to.
 *
 * @param isFrozen so that they are read once, and no more of them than is frozen.
 */
export function itemSource(
  sql: Sql | SqlTx,
  { where, isListed, to }: ItemSource,
  { isFrozen = false } = {},
): ReturnType<Sql> {
  const aside = isFrozen ? sql`not materialized` : sql`materialized`;
  const listed = sql`
    select l.position, l.subscription_id, l.case_id, l.key from unresolved_letters l
    where ${where} and l.status = ${LETTER_STATUS.parked}`;
  const read = sql`
    select l.position, l.subscription_id, l.case_id, l.partition_key, l.type_id, l.key from (
      select l.*, u.status, u.key
      from unresolved_letters u join dead_letters l on l.position = u.position and l.subscription_id = u.subscription_id
      where u.status = ${LETTER_STATUS.parked}) l
    where ${where}`;
  const parked = isFrozen && isListed && to === "consumer" ? listed : read;
  const leftOut = sql`(s.deleted_at is not null or s.target ->> 'kind' = 'external') as is_left_out`;
  if (to === "consumer") {
    return sql`source as ${aside} (
      select l.*, null::smallint as delivery_status, ${leftOut}
      from (${parked}) l join subscriptions s on s.id = l.subscription_id)`;
  }
  return sql`letters as materialized (${parked}), source as ${aside} (
    select d.position, d.subscription_id, own.case_id, e.partition_key, e.type_id, d.status as delivery_status,
      hashtextextended(e.partition_key, d.subscription_id) as key, ${leftOut}
    from (select position, min(partition_key) as partition_key, min(type_id) as type_id from letters group by position) e
    join deliveries d on d.position = e.position
    join subscriptions s on s.id = d.subscription_id
    left join letters own on own.position = d.position and own.subscription_id = d.subscription_id)`;
}

/**
 * Freezes a selection: the items of a replay, oldest first.
 *
 * @param without deliveries that are left out since their payloads can't be edited.
 * @returns how many there are.
 */
export async function insertReplayItems(
  tx: SqlTx,
  replayId: number,
  source: ItemSource,
  without: { position: string; subscriptionId: number }[],
): Promise<number> {
  await sortInMemory(tx);
  const [row] = await tx<{ items: number }[]>`
    with ${itemSource(tx, source, { isFrozen: true })}, inserted as (
      insert into replay_parts (replay_id, first_seq, first_position, first_subscription_id, last_position, positions,
        subscription_ids, case_ids, keys, next_positions, is_behind)
      select ${replayId}, part * ${PART_ITEMS}::int + 1, positions[1], subscription_ids[1],
        positions[cardinality(positions)], positions, subscription_ids, case_ids, case when is_keyed then keys end,
        case when not is_keyed then array_fill(null::bigint, array[cardinality(positions)]) end,
        case when not is_keyed then array_fill(false, array[cardinality(positions)]) end
      from (
        select (seq - 1) / ${PART_ITEMS}::int as part, array_agg(position order by seq) as positions,
          array_agg(subscription_id order by seq) as subscription_ids, array_agg(case_id order by seq) as case_ids,
          array_agg(key order by seq) as keys, count(key) > 0 as is_keyed
        from (
          select row_number() over (order by position, subscription_id) as seq, position, subscription_id, case_id,
            key
          from source where not is_left_out ${exclude(tx, without)}) numbered
        group by part) parts
      returning cardinality(positions) as items
    )
    select coalesce(sum(items), 0)::int as items from inserted`;
  return row?.items ?? 0;
}

/** Holds a replay of which nobody has found out yet which items wait behind which. False where that is known. */
export async function lockUnlinked(tx: SqlTx, replayId: number): Promise<boolean> {
  const rows = await tx`select from replays where id = ${replayId} and not is_linked for update`;
  return rows.length > 0;
}

/**
 * Puts each item behind the one before it in its key. Keys are compared by a hash of consumer and key, which is many times
 * faster than by both: two of one hash would only wait for each other. Parts without any key need none of this.
 */
export async function linkItems(tx: SqlTx, replayId: number): Promise<void> {
  await sortInMemory(tx);
  await tx`
    with links as materialized (
      select replay_id, first_seq, array_agg(next_position order by place) as next_positions,
        array_agg(is_behind order by place) as is_behind
      from (
        select replay_id, first_seq, place, case when key is not null then lead(position) over in_key end as next_position,
          key is not null and row_number() over in_key > 1 as is_behind
        from (
          select replay_id, first_seq, generate_subscripts(positions, 1) as place, unnest(positions) as position,
            unnest(subscription_ids) as subscription_id, unnest(keys) as key
          from replay_parts where replay_id = ${replayId} and keys is not null) items
        window in_key as (partition by key, subscription_id order by position)) linked
      group by replay_id, first_seq
    ), linked as (
      update replay_parts p set next_positions = l.next_positions, is_behind = l.is_behind, keys = null
      from links l where p.replay_id = l.replay_id and p.first_seq = l.first_seq
    )
    update replays set is_linked = true where id = ${replayId}`;
}

/** Half a million items are, in what follows in this transaction. */
async function sortInMemory(tx: SqlTx): Promise<void> {
  await tx`select set_config('work_mem', '128MB', true)`;
}

function exclude(tx: SqlTx, without: { position: string; subscriptionId: number }[]): ReturnType<Sql> {
  if (without.length === 0) return tx``;
  const positions = without.map(({ position }) => position);
  const subscriptionIds = without.map(({ subscriptionId }) => subscriptionId);
  return tx`and (position, subscription_id) not in (
    select * from unnest(${positions}::bigint[], ${subscriptionIds}::int[]))`;
}

/** Waits for whoever is at a replay, and holds it for this transaction. */
export async function lockReplay(
  tx: SqlTx,
  id: number,
): Promise<{ id: number; status: string; run: unknown } | null> {
  const [row] = await tx<{ id: number; status: string; run: unknown }[]>`
    select id, status, run from replays where id = ${id} for update`;
  return row ?? null;
}

/** The highest generation that a replay gave to a delivery of these subscriptions; 0 without any. */
export async function getLastGeneration(tx: SqlTx, subscriptionIds: number[]): Promise<number> {
  const [row] = await tx<{ generation: number }[]>`
    select coalesce(max(generation), 0) as generation from (
      select generation, subscription_id from ended_items
      union all select generation, subscription_id from ended_rounds
      union all select generation, subscription_id from open_items
      union all select generation, subscription_id from handed_stretches) given
    where subscription_id = any(${subscriptionIds}::int[])`;
  return row?.generation ?? 0;
}

/** Forgets replays that ended before the moment, with their items; what was done stays in the audit trail. */
export async function deleteReplaysBefore(sql: Sql, moment: string): Promise<void> {
  await sql`
    with gone as (delete from replays where ended_at < ${moment}::timestamptz returning id),
    closed as (delete from open_items o using gone where o.replay_id = gone.id),
    handed as (delete from handed_stretches h using gone where h.replay_id = gone.id),
    counted as (delete from ended_counts c using gone where c.replay_id = gone.id),
    ended as (delete from ended_items e using gone where e.replay_id = gone.id),
    rounds as (delete from ended_rounds n using gone where n.replay_id = gone.id)
    delete from replay_parts p using gone where p.replay_id = gone.id`;
}
