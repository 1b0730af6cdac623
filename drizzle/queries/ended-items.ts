import type { Sql, SqlTx } from "../db.ts";
import { ITEM_OUTCOME } from "./open-items.ts";
import { PART_ITEMS, partOf } from "./replay-parts.ts";

type Part = ReturnType<Sql>;

/** Items of a part that succeed together have one row of `ended_rounds`; fewer than these, a row of `ended_items` each. */
const FEWEST_TOGETHER = 16;
const MOST_OF_PART = Math.floor(PART_ITEMS / FEWEST_TOGETHER);

/** How an item `i` ended, in a row or none, for a `left join` as `e`. */
export function endOf(sql: Sql | SqlTx): Part {
  return sql`lateral (
    select outcome, new_case_id, started_at, ended_at, generation from ended_items
    where replay_id = i.replay_id and seq = i.seq
    union all
    select ${ITEM_OUTCOME.succeeded}::smallint, null, started_at, ended_at[array_position(seqs, i.seq)], generation
    from ended_rounds
    where replay_id = i.replay_id and first_seq = ${partOf(sql, sql`i.seq`)} and i.seq = any(seqs)) e`;
}

/** Items of a replay that succeeded, after `after` in its order, as a source of rows. */
export function succeededAfter(
  sql: Sql | SqlTx,
  replayId: number,
  { after, limit }: { after: number; limit: number },
): Part {
  // So many that whole parts have enough: of the first one all may come before, and the last one may be cut.
  const rounds = 2 * MOST_OF_PART + Math.ceil(limit / FEWEST_TOGETHER) + 1;
  return sql`(
    select replay_id, seq, positions[place] as position, subscription_ids[place] as subscription_id,
      case_ids[place] as case_id, is_behind[place] as is_behind
    from (
      (select seq from ended_items
        where replay_id = ${replayId} and outcome = ${ITEM_OUTCOME.succeeded} and seq > ${after} order by seq limit ${limit})
      union all
      select seq from (
        select unnest(seqs) as seq from (
          select seqs from ended_rounds
          where replay_id = ${replayId} and first_seq >= ${partOf(sql, sql`(${after}::int + 1)`)}
          order by first_seq limit ${rounds}) some_rounds) together
      where seq > ${after}
      order by seq limit ${limit}) ended
    join replay_parts on replay_id = ${replayId} and first_seq = ${partOf(sql, sql`seq`)}
    cross join lateral (select seq - first_seq + 1 as place) found
    order by seq limit ${limit})`;
}

type Together = {
  /** With `replay_id`, `generation` and `started_at` of the stretch that they were handed over in, if it is ours. */
  stretch: Part;
  subscriptionId: number;
  /** With `seq`, `position` and `settled_at` of each. */
  items: Part;
};

/** Writes that items of a stretch succeeded, for a `with` clause. */
export function writeSucceeded(sql: SqlTx, { stretch, subscriptionId, items }: Together): Part {
  return sql`rounds as materialized (
      select ${partOf(sql, sql`seq`)} as first_seq, array_agg(seq) as seqs, array_agg(position) as positions,
        array_agg(settled_at) as ended_at
      from ${items} i group by 1
    ), together as (
      insert into ended_rounds (replay_id, first_seq, subscription_id, generation, started_at, seqs, ended_at)
      select m.replay_id, r.first_seq, ${subscriptionId}, m.generation, m.started_at, r.seqs, r.ended_at
      from ${stretch} m cross join rounds r where cardinality(r.seqs) >= ${FEWEST_TOGETHER}
    ), one_by_one as (
      insert into ended_items (position, started_at, ended_at, replay_id, seq, subscription_id, generation, outcome)
      select i.position, m.started_at, i.ended_at, m.replay_id, i.seq, ${subscriptionId}, m.generation,
        ${ITEM_OUTCOME.succeeded}
      from ${stretch} m cross join rounds r
      cross join unnest(r.seqs, r.positions, r.ended_at) as i (seq, position, ended_at)
      where cardinality(r.seqs) < ${FEWEST_TOGETHER}
    )`;
}
