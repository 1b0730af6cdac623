import type { SqlTx } from "../db.ts";
import { LETTER_STATUS, type LetterStatusNumber } from "./dead-letters.ts";
import { resolveLetters } from "./letter-resolving.ts";
import { hasEnded, itemsOf } from "./replay-parts.ts";

export type LetterPlace = { position: string; subscriptionId: number };

export type SettledReplaying = {
  /** Letters whose status changed. */
  moved: number;
  /** The last letter looked at; null when it was the last of all. */
  last: LetterPlace | null;
};

/**
 * Looks at some letters that are delivered again, those after `after`, and says of them how that ended: resolved when a
 * newer generation of the delivery succeeded, discarded when it was. One whose consumer was rewound past it without
 * getting it again, since its filters have changed or another consumer of the queue has taken it, is parked again.
 */
export async function settleReplaying(
  tx: SqlTx,
  { after, limit }: { after: LetterPlace | null; limit: number },
): Promise<SettledReplaying> {
  const from = after ?? { position: "-1", subscriptionId: 0 };
  const [row] = await tx<{ looked: number; moved: number; position: string | null; sub: number | null }[]>`
    with looked as materialized (
      select u.position, u.subscription_id, l.generation from (
        select position, subscription_id from unresolved_letters
        -- Replaying; no parameter, or the plan could not know that the index of these is the one to take.
        where status = 1
          and (position, subscription_id) > (${from.position}, ${from.subscriptionId}::int)
        order by position, subscription_id limit ${limit}) u
      join dead_letters l on l.position = u.position and l.subscription_id = u.subscription_id
    ), ended as materialized (
      select l.position, l.subscription_id, l.generation, case
        when d.generation > l.generation and d.status = 2 then ${LETTER_STATUS.resolved}::int
        when d.status = 5 then ${LETTER_STATUS.discarded}::int
        else ${LETTER_STATUS.parked}::int end as status
      from looked l
      join deliveries d on d.position = l.position and d.subscription_id = l.subscription_id
      -- Of what a replay has in flight, it says itself how that ended.
      where (((d.generation > l.generation and d.status = 2) or d.status = 5) and not exists (
          select from open_items i
          where i.position = l.position and i.subscription_id = l.subscription_id and i.state = 2))
        or (d.status = 4 and d.generation = l.generation
          and exists (
            select from subscriptions s join delivery_cursors c on c.id = s.cursor_id
            where s.id = l.subscription_id and c.generation > l.generation and c.position >= l.position)
          and not exists (
            select from delivery_leases
            where subscription_id = l.subscription_id and after_position < l.position and to_position >= l.position)
          and not exists (
            select from ${itemsOf(tx, tx`l.position`, tx`l.subscription_id`)} i
            where not ${hasEnded(tx, tx`i.replay_id`, tx`i.seq`)}))
    ), held as materialized (
      select e.status as becomes, u.*
      from ended e cross join lateral (
        select position, subscription_id, case_id, status, counted_as from unresolved_letters
        where position = e.position and subscription_id = e.subscription_id
        offset 0 for update) u
      join dead_letters l on l.position = e.position and l.subscription_id = e.subscription_id
      where u.status = ${LETTER_STATUS.replaying} and l.generation = e.generation
    ), moved as (
      update unresolved_letters u set status = h.becomes from held h
      where u.position = h.position and u.subscription_id = h.subscription_id and h.becomes <> ${LETTER_STATUS.resolved}
    ), ${resolveLetters(tx, tx`(select * from held where becomes = ${LETTER_STATUS.resolved})`)}
    select (select count(*)::int from looked) as looked, (select count(*)::int from held) as moved, position,
      subscription_id as sub
    from (select) one left join lateral (
      select position, subscription_id from looked order by position desc, subscription_id desc limit 1) last on true`;
  if (!row) return { moved: 0, last: null };
  const { looked, moved, position, sub } = row;
  const isMore = looked === limit && position !== null && sub !== null;
  return { moved, last: isMore ? { position, subscriptionId: sub } : null };
}

/** Letters that are delivered again with the rewind of a cursor, from one position to another. */
export async function markRewound(
  tx: SqlTx,
  { subscriptionIds, after, upTo }: { subscriptionIds: number[]; after: string; upTo: string },
): Promise<number> {
  const result = await tx`
    with rewound as materialized (
      select position, subscription_id from unresolved_letters
      where status = ${LETTER_STATUS.parked} and subscription_id = any(${subscriptionIds}::int[])
        and position > ${after} and position <= ${upTo}
      order by position, subscription_id for update
    )
    update unresolved_letters l set status = ${LETTER_STATUS.replaying} from rewound r
    where l.position = r.position and l.subscription_id = r.subscription_id`;
  return result.count;
}

/** Letters of a subscription that ends: what would have been delivered again stays dead. */
export async function parkOfEnded(tx: SqlTx, subscriptionId: number): Promise<void> {
  await tx`
    update unresolved_letters l set status = ${LETTER_STATUS.parked}
    from deliveries d
    where l.subscription_id = ${subscriptionId} and l.status = 1
      and d.position = l.position and d.subscription_id = l.subscription_id and d.status = 4`;
}

/** How things stand with letters whose consumer delivers on its own, after what it reported. */
export async function followReports(
  tx: SqlTx,
  reports: { position: string; subscriptionId: number; status: LetterStatusNumber }[],
): Promise<void> {
  if (reports.length === 0) return;
  await tx`
    with given as materialized (
      select l.position, l.subscription_id, l.number, l.case_id, l.partition_key, r.status as becomes
      from jsonb_to_recordset(${JSON.stringify(reports)}::jsonb) as r (position bigint, "subscriptionId" integer,
        status smallint)
      join dead_letters l on l.position = r.position and l.subscription_id = r."subscriptionId"
      order by l.position, l.subscription_id for update of l
    ), held as materialized (
      select g.becomes, u.*
      from given g cross join lateral (
        select position, subscription_id, case_id, status, counted_as from unresolved_letters
        where position = g.position and subscription_id = g.subscription_id
        offset 0 for update) u
    ), moved as (
      insert into unresolved_letters as old (position, subscription_id, number, case_id, status, counted_as, key)
      select position, subscription_id, number, case_id, becomes,
        case when case_id is not null then ${LETTER_STATUS.resolved}::smallint end,
        hashtextextended(partition_key, subscription_id)
      from given where becomes <> ${LETTER_STATUS.resolved}
      on conflict (position, subscription_id) do update set status = excluded.status
      where old.status not in (excluded.status, ${LETTER_STATUS.discarded})
    ), ${resolveLetters(tx, tx`(select * from held where becomes = ${LETTER_STATUS.resolved})`, { withDiscarded: true })}
    select`;
}
