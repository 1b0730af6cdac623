import type { Sql, SqlTx } from "../db.ts";
import { columns, itemsOf, PART_ITEMS } from "./replay-parts.ts";

type Part = ReturnType<Sql>;

/** Of a letter `l`, that its delivery is not handed over. */
export function isNotHanded(sql: Sql | SqlTx): Part {
  return sql`not exists (
    select from handed_stretches h cross join ${itemsOf(sql, sql`l.position`, sql`l.subscription_id`)} i
    where h.subscription_id = l.subscription_id and l.position between h.first_position and h.last_position
      and i.replay_id = h.replay_id and h.seqs @> i.seq)`;
}

/** The stretch `h` that an item `i` was handed over in, for a `left join`; it may stand when the item has ended. */
export function handedWith(sql: Sql | SqlTx): Part {
  return sql`lateral (
    select started_at, generation from handed_stretches s where s.replay_id = i.replay_id and s.seqs @> i.seq limit 1) h`;
}

/** The items of some stretches with these, as a source of rows; those too that have ended or are open by now. */
export function handedItems(sql: Sql | SqlTx, stretches: Part): Part {
  return sql`(
    select h.*, i.seq, i.position, i.case_id, i.next_position, i.is_behind
    from ${stretches} h cross join lateral (
      select first_seq + generate_subscripts(positions, 1) - 1 as seq, ${columns(sql)} from replay_parts p
      where p.replay_id = h.replay_id and p.first_seq > lower(h.seqs) - ${PART_ITEMS}::int
        and p.first_seq < upper(h.seqs)) i
    where h.seqs @> i.seq)`;
}
