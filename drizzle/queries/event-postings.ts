import type { Sql, SqlTx } from "../db.ts";

/** Fewer events are looked through as fast as they would be found. */
const FEWEST = 4_096;
/** The more at once, the more events of a rare name share a row. */
const MOST = 32_768;

/**
 * Notes where the next events up to `upTo` stand, by type, source and subject, once there are enough of them. Several
 * processes may do this: the checkpoint's row lock lets one work at a time.
 *
 * @returns whether there is more to note at once.
 */
export async function addPostings(sql: Sql | SqlTx, upTo: string, fewest = FEWEST): Promise<boolean> {
  const [row] = await sql<{ is_more: boolean }[]>`
    select add_event_postings(${upTo}, ${fewest}, ${MOST}) as is_more`;
  return row?.is_more ?? false;
}

/** Forgets where events before the moment stood. */
export async function deletePostingsBefore(sql: Sql, moment: string): Promise<void> {
  await sql`delete from event_postings where last < position_at(${moment}::timestamptz)`;
}

/** Takes `marked_events` out of the postings. No others are added until the transaction ends. */
export async function deleteMarkedPostings(tx: SqlTx): Promise<void> {
  await tx`select from checkpoints where name = 'event-postings' for update`;
  await tx`
    create temporary table thinned_postings on commit drop as
      select distinct named.name_id, posting.first
      from marked_events cross join lateral (values (type_id), (source_id), (subject_posting(subject))) named (name_id)
      cross join lateral (
        select first, last from event_postings p where p.name_id = named.name_id and first <= position
        order by first desc limit 1
      ) posting
      where position <= posting.last`;
  await tx`
    with kept as (
      select p.name_id, p.first, array(
        select low from unnest(p.low_bits) low
        where not exists (select from marked_events where position = ((p.first >> 31) << 31) | low)
        order by low) as low_bits
      from thinned_postings join event_postings p using (name_id, first)
    )
    update event_postings p set low_bits = kept.low_bits
    from kept where kept.name_id = p.name_id and kept.first = p.first`;
  await tx`
    delete from event_postings p using thinned_postings t
    where t.name_id = p.name_id and t.first = p.first and cardinality(low_bits) = 0`;
}
