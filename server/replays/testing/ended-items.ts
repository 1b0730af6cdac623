import type { Sql } from "#drizzle/db.ts";

/** All items that have ended, as a query of rows. */
export function endedItems(sql: Sql): ReturnType<Sql> {
  return sql`
    select replay_id, seq, position, subscription_id, generation, started_at, ended_at, outcome from ended_items
    union all
    select n.replay_id, i.seq, p.positions[i.seq - p.first_seq + 1], n.subscription_id, n.generation, n.started_at,
      i.ended_at, 0
    from ended_rounds n join replay_parts p on p.replay_id = n.replay_id and p.first_seq = n.first_seq
    cross join unnest(n.seqs, n.ended_at) as i (seq, ended_at)`;
}
