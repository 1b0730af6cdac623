import type { Sql, SqlTx } from "../db.ts";
import { keysOf } from "./letter-keys.ts";
import { itemsOf } from "./replay-parts.ts";

/** By number: parked, replaying, resolved, discarded. */
export const LETTER_STATUS = { parked: 0, replaying: 1, resolved: 2, discarded: 3 } as const;
export type LetterStatusNumber = (typeof LETTER_STATUS)[keyof typeof LETTER_STATUS];

/** Characters of the last error's text that a letter holds; the rest stands with the attempt. */
export const MESSAGE_LENGTH = 500;

export type Death = {
  position: string;
  generation: number;
  /** Microseconds since 1970. */
  diedAtUs: number;
  message: string;
  /** Of this generation. */
  attempts: number;
};

/**
 * Writes the letters of deliveries that died, in the transaction that says so. Where a letter stands already, the
 * delivery died before: it is parked again, counts one death more, and waits for the keeper to put it into the case of
 * its new error; until then its old case counts it. A death that is written already changes nothing, and one whose
 * event retention dropped leaves no letter.
 */
export async function insertDeadLetters(tx: SqlTx, subscriptionId: number, deaths: Death[]): Promise<void> {
  if (deaths.length === 0) return;
  const given = deaths.map((death) => ({ ...death, message: death.message.slice(0, MESSAGE_LENGTH * 2) }));
  // In one order for everybody, so that two transactions never wait for each other.
  await tx`
    insert into dead_letters as old (position, subscription_id, generation, type_id, source_id, event_id, partition_key,
      correlation_id, message, attempts, first_died_at, died_at)
    select e.position, ${subscriptionId}, g.generation, e.type_id, e.source_id, e.id, e.partition_key, e.correlation_id,
      left(g.message, ${MESSAGE_LENGTH}), g.attempts + case when g.generation = 0 then 0 else (
        select count(*) from attempts a
        where a.position = e.position and a.subscription_id = ${subscriptionId} and a.generation < g.generation) end,
      to_timestamp(g."diedAtUs" / 1e6), to_timestamp(g."diedAtUs" / 1e6)
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g (position bigint, generation integer,
      "diedAtUs" bigint, message text, attempts integer)
    join events e on e.position = g.position
    order by e.position
    on conflict (position, subscription_id) do update set generation = excluded.generation, number = null,
      former_number = coalesce(old.number, old.former_number), status = ${LETTER_STATUS.parked}, message = excluded.message, attempts = excluded.attempts,
      deaths = old.deaths + 1, died_at = excluded.died_at, changed_at = now()
    where old.generation < excluded.generation or old.status <> ${LETTER_STATUS.parked}`;
}

/** A letter that waits for its case. */
export type UngroupedRow = {
  position: string;
  subscription_id: number;
  generation: number;
  type_id: number;
  consumer: string;
  status: LetterStatusNumber;
  message: string;
  died_ms: number;
  /** The case that counts it now, and under which status. */
  case_id: number | null;
  counted_as: LetterStatusNumber | null;
  /** The number that it had before it died again. */
  former_number: string | null;
  /** Of the last error of its generation; null where none was recorded. */
  error_hash: string | null;
};

/** The letters that are in no case yet, in the order in which they died, held until the transaction ends. */
export async function claimUngrouped(tx: SqlTx, limit: number): Promise<UngroupedRow[]> {
  return tx<UngroupedRow[]>`
    with next as materialized (
      select position, subscription_id, generation, type_id, status, message, died_at, case_id, counted_as, former_number
      from dead_letters where number is null order by died_at limit ${limit} for update skip locked
    )
    select n.position, n.subscription_id, n.generation, n.type_id, s.consumer, n.status, n.message, n.case_id,
      n.counted_as, n.former_number, (extract(epoch from n.died_at) * 1000)::float8 as died_ms, md5(a.error::text) as error_hash
    from next n join subscriptions s on s.id = n.subscription_id
    left join lateral (
      select error from attempts
      where position = n.position and subscription_id = n.subscription_id and generation = n.generation
        and error is not null
      order by attempt desc limit 1) a on true
    order by n.died_at, n.position, n.subscription_id`;
}

/** The last error of a generation. */
export async function findLastError(
  tx: SqlTx,
  {
    position,
    subscription_id,
    generation,
  }: Pick<UngroupedRow, "position" | "subscription_id" | "generation">,
): Promise<unknown> {
  const [row] = await tx<{ error: unknown }[]>`
    select error from attempts
    where position = ${position} and subscription_id = ${subscription_id} and generation = ${generation}
      and error is not null
    order by attempt desc limit 1`;
  return row?.error ?? null;
}

export type NumberedLetter = {
  position: string;
  subscriptionId: number;
  caseId: number;
  formerNumber: string | null;
};

/**
 * Puts letters into their cases and numbers them in the order given, and lets their keys lead to these numbers. Whoever
 * holds them is the only one who numbers.
 */
export async function numberLetters(tx: SqlTx, letters: NumberedLetter[]): Promise<void> {
  await tx`
    with numbered as materialized (
      select g.*, nextval('dead_letter_numbers') as number
      from (
        select * from rows from (jsonb_to_recordset(${JSON.stringify(letters)}::jsonb)
          as (position bigint, "subscriptionId" integer, "caseId" integer, "formerNumber" bigint)) with ordinality
          as r (position, "subscriptionId", "caseId", former_number, nth) order by nth) g
    ), lettered as (
      update dead_letters l set number = n.number, former_number = null, case_id = n."caseId", counted_as = l.status
      from numbered n where l.position = n.position and l.subscription_id = n."subscriptionId"
      returning l.event_id, l.correlation_id, l.partition_key, n.number, n.former_number
    ), left_behind as (
      delete from letter_keys k using lettered l cross join ${keysOf(tx, tx`l`)}
      where l.former_number is not null and k.hash = key.hash and k.number = l.former_number
    )
    insert into letter_keys (hash, number)
    select key.hash, l.number from lettered l cross join ${keysOf(tx, tx`l`)} on conflict do nothing`;
}

export type StatusMove = {
  case_id: number;
  old: LetterStatusNumber;
  new: LetterStatusNumber;
  letters: number;
};

/** Lets letters be counted under the status that they have by now, and gives by how much that changes each case. */
export async function followStatuses(tx: SqlTx, limit: number): Promise<StatusMove[]> {
  return tx<StatusMove[]>`
    with changed as materialized (
      select position, subscription_id, counted_as as old from dead_letters
      where number is not null and counted_as is distinct from status
      order by position limit ${limit} for update skip locked
    ), followed as (
      update dead_letters l set counted_as = l.status from changed c
      where l.position = c.position and l.subscription_id = c.subscription_id
      returning l.case_id, c.old, l.status as new
    )
    select case_id, old, new, count(*)::int as letters from followed group by 1, 2, 3`;
}

/** Takes what replays have noted of letters that they moved, which are counted under their new status already. */
export async function takeCaseMoves(tx: SqlTx, limit: number): Promise<StatusMove[]> {
  return tx<StatusMove[]>`
    delete from case_moves where id in (select id from case_moves order by id limit ${limit})
    returning case_id, old, new, letters`;
}

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
      select position, subscription_id, generation from dead_letters
      -- Replaying; no parameter, or the plan could not know that the index of these is the one to take.
      where status = 1
        and (position, subscription_id) > (${from.position}, ${from.subscriptionId}::int)
      order by position, subscription_id limit ${limit}
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
            where not exists (select from ended_items e where e.replay_id = i.replay_id and e.seq = i.seq)))
    ), moved as (
      update dead_letters l set status = e.status, changed_at = now() from ended e
      where l.position = e.position and l.subscription_id = e.subscription_id
        -- Not by the index of those that are replaying: it would be read once for each of them.
        and l.status + 0 = ${LETTER_STATUS.replaying} and l.generation = e.generation
      returning 1
    )
    select (select count(*)::int from looked) as looked, (select count(*)::int from moved) as moved, position,
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
      select position, subscription_id from dead_letters
      where status = ${LETTER_STATUS.parked} and subscription_id = any(${subscriptionIds}::int[])
        and position > ${after} and position <= ${upTo}
      order by position, subscription_id for update
    )
    update dead_letters l set status = ${LETTER_STATUS.replaying}, changed_at = now() from rewound r
    where l.position = r.position and l.subscription_id = r.subscription_id`;
  return result.count;
}

/** Letters of a subscription that ends: what would have been delivered again stays dead. */
export async function parkOfEnded(tx: SqlTx, subscriptionId: number): Promise<void> {
  await tx`
    update dead_letters l set status = ${LETTER_STATUS.parked}, changed_at = now()
    from deliveries d
    where l.subscription_id = ${subscriptionId} and l.status = ${LETTER_STATUS.replaying}
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
      select l.position, l.subscription_id, r.status
      from jsonb_to_recordset(${JSON.stringify(reports)}::jsonb) as r (position bigint, "subscriptionId" integer,
        status smallint)
      join dead_letters l on l.position = r.position and l.subscription_id = r."subscriptionId"
      where l.status <> r.status
        and (r.status = ${LETTER_STATUS.resolved} or l.status <> ${LETTER_STATUS.discarded})
      order by l.position, l.subscription_id for update of l
    )
    update dead_letters l set status = g.status, changed_at = now() from given g
    where l.position = g.position and l.subscription_id = g.subscription_id`;
}

export type WaitingLetters = { ungrouped: boolean; uncounted: boolean; replaying: boolean };

/** Whether any letters wait for their case, for their counter, or for how their delivery ends. */
export async function findWaiting(sql: Sql | SqlTx): Promise<WaitingLetters> {
  // By the first of each, not "exists": where statistics say that there are many, that is planned as a full scan, though
  // there is none any more. The status is no parameter, or the plan could not know that its index is the one to take.
  const [row] = await sql<WaitingLetters[]>`
    select (select died_at from dead_letters where number is null order by died_at limit 1) is not null as ungrouped,
      (select position from dead_letters where number is not null and counted_as is distinct from status
        order by position limit 1) is not null or (select id from case_moves limit 1) is not null as uncounted,
      (select position from dead_letters where status = 1
        order by position, subscription_id limit 1) is not null as replaying`;
  return row ?? { ungrouped: true, uncounted: true, replaying: true };
}

/** The highest number that a letter has; "0" without any. */
export async function getLastNumber(sql: Sql | SqlTx): Promise<string> {
  const [row] = await sql<{ number: string }[]>`
    select coalesce(max(number), 0)::text as number from dead_letters`;
  return row?.number ?? "0";
}
