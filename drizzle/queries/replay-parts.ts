import type { Sql, SqlTx } from "../db.ts";

type Part = ReturnType<Sql>;

/** Items that a row of `replay_parts` has: as many as fit on its page. Only the last one of a replay has fewer. */
export const PART_ITEMS = 300;

/** Stands in arrays for no position: from one that has nulls, an element is read past all before it. */
export const NO_POSITION = -1;

/**
 * The items of a replay after `after`, in their order, as a source of rows. No more parts are read than a limit asks for:
 * what makes several rows of one is done after sorting, in the order of the arrays.
 */
export function itemsAfter(sql: Sql | SqlTx, replayId: number, after: Part): Part {
  return sql`(
    select * from (
      select replay_id, first_seq + generate_subscripts(positions, 1) - 1 as seq, ${columns(sql)} from replay_parts
      where replay_id = ${replayId} and first_seq >= coalesce((
        select max(first_seq) from replay_parts where replay_id = ${replayId} and first_seq <= ${after} + 1), 1)
      order by first_seq) in_order
    where seq > ${after})`;
}

/** The items of parts `p`, for a `select` list. */
export function columns(sql: Sql | SqlTx): Part {
  return sql`unnest(positions) as position, unnest(subscription_ids) as subscription_id, unnest(case_ids) as case_id,
    unnest(next_positions) as next_position, unnest(is_behind) as is_behind`;
}

/** The item with the number of a row that names its replay, such as one of `ended_items`, for a `from` clause. */
export function itemNumbered(sql: Sql | SqlTx, row: Part): Part {
  return sql`lateral (
    select p.case_ids[${row}.seq - p.first_seq + 1] as case_id, p.is_behind[${row}.seq - p.first_seq + 1] as is_behind,
      p.next_positions[${row}.seq - p.first_seq + 1] as next_position
    from replay_parts p where p.replay_id = ${row}.replay_id and p.first_seq <= ${row}.seq
    order by p.first_seq desc limit 1)`;
}

/** The item that waits behind a row of its key and has not ended, for a `from` clause. */
export function itemBehind(sql: Sql | SqlTx, row: Part): Part {
  const position: Part = sql`${row}.next_position`;
  const subscriptionId: Part = sql`${row}.subscription_id`;
  return sql`lateral (
    select p.replay_id, p.first_seq + place - 1 as seq, ${position} as position, ${subscriptionId} as subscription_id,
      p.next_positions[place] as next_position, p.case_ids[place] as case_id
    from (
      select * from replay_parts
      where replay_id = ${row}.replay_id and (first_position, first_subscription_id) <= (${position}, ${subscriptionId})
      order by first_position desc, first_subscription_id desc limit 1) p
    cross join ${placeIn(sql, position, subscriptionId)}
    where p.positions[place] = ${position} and not ${hasEnded(sql, sql`p.replay_id`, sql`(p.first_seq + place - 1)`)})`;
}

/**
 * The items that a delivery is, in all replays, for a `from` clause. Planned by itself: by the number of a replay, all of
 * its parts would be read.
 */
export function itemsOf(sql: Sql | SqlTx, position: Part, subscriptionId: Part): Part {
  return sql`lateral (
    select p.replay_id, p.first_seq + place - 1 as seq, coalesce(p.is_behind[place], false) as is_behind
    from replay_parts p cross join ${placeIn(sql, position, subscriptionId)}
    where int8range(p.first_position, p.last_position, '[]') @> ${position}::bigint
      and p.positions[place] = ${position} and p.subscription_ids[place] = ${subscriptionId} offset 0)`;
}

/** Where a delivery stands in a part `p`; elsewhere in it, or nowhere, where it has none of its event. */
function placeIn(sql: Sql | SqlTx, position: Part, subscriptionId: Part): Part {
  return sql`lateral (
    select array_position(p.subscription_ids, ${subscriptionId}, coalesce(array_position(p.positions, ${position}), 1))
      as place) found`;
}

/** Whether an item of a replay has ended, by the columns of a row. */
export function hasEnded(sql: Sql | SqlTx, replayId: Part, seq: Part): Part {
  return sql`exists (
    select from ended_items e where e.replay_id = ${replayId} and e.seq = ${seq}
    union all
    select from ended_rounds n
    where n.replay_id = ${replayId} and n.first_seq = ${partOf(sql, seq)} and ${seq} = any(n.seqs))`;
}

/** The number of the first item of the part that an item is in. */
export function partOf(sql: Sql | SqlTx, seq: Part): Part {
  return sql`((${seq} - 1) / ${PART_ITEMS}::int * ${PART_ITEMS}::int + 1)`;
}
