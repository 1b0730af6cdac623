import type { Sql, SqlTx } from "../db.ts";
import { keysOf } from "./letter-keys.ts";

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
    with dying as (
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
        former_number = coalesce(old.number, old.former_number), message = excluded.message, attempts = excluded.attempts,
        deaths = old.deaths + 1, died_at = excluded.died_at
      where old.generation < excluded.generation or not exists (
        select from unresolved_letters u
        where u.position = old.position and u.subscription_id = old.subscription_id and u.status = ${LETTER_STATUS.parked})
      returning position, subscription_id, case_id, partition_key
    )
    insert into unresolved_letters as old (position, subscription_id, case_id, status, counted_as, key)
    select position, subscription_id, case_id, ${LETTER_STATUS.parked},
      case when case_id is not null then ${LETTER_STATUS.resolved}::smallint end,
      hashtextextended(partition_key, subscription_id)
    from dying order by position
    on conflict (position, subscription_id) do update set status = excluded.status, number = null`;
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
      select position, subscription_id, generation, type_id, message, died_at, case_id, former_number
      from dead_letters where number is null order by died_at limit ${limit} for update skip locked
    ), unresolved as materialized (
      select u.position, u.subscription_id, u.status, u.counted_as
      from next n cross join lateral (
        select * from unresolved_letters u where u.position = n.position and u.subscription_id = n.subscription_id
        offset 0 for update) u
    )
    select n.position, n.subscription_id, n.generation, n.type_id, s.consumer,
      coalesce(u.status, ${LETTER_STATUS.resolved}::smallint) as status, n.message, n.case_id,
      case when u.position is not null then u.counted_as when n.case_id is not null
        then ${LETTER_STATUS.resolved}::smallint end as counted_as,
      n.former_number, (extract(epoch from n.died_at) * 1000)::float8 as died_ms, md5(a.error::text) as error_hash
    from next n join subscriptions s on s.id = n.subscription_id
    left join unresolved u on u.position = n.position and u.subscription_id = n.subscription_id
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
      update dead_letters l set number = n.number, former_number = null, case_id = n."caseId"
      from numbered n where l.position = n.position and l.subscription_id = n."subscriptionId"
      returning l.event_id, l.correlation_id, l.partition_key, n.number, n.former_number
    ), counted as (
      update unresolved_letters u set number = n.number, case_id = n."caseId", counted_as = u.status
      from numbered n where u.position = n.position and u.subscription_id = n."subscriptionId"
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
      select position, subscription_id, counted_as as old from unresolved_letters
      where number is not null and counted_as is distinct from status
      order by position limit ${limit} for update skip locked
    ), followed as (
      update unresolved_letters l set counted_as = l.status from changed c
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

export type WaitingLetters = { ungrouped: boolean; uncounted: boolean; replaying: boolean };

/** Whether any letters wait for their case, for their counter, or for how their delivery ends. */
export async function findWaiting(sql: Sql | SqlTx): Promise<WaitingLetters> {
  // By the first of each, not "exists": where statistics say that there are many, that is planned as a full scan, though
  // there is none any more. The status is no parameter, or the plan could not know that its index is the one to take.
  const [row] = await sql<WaitingLetters[]>`
    select (select died_at from dead_letters where number is null order by died_at limit 1) is not null as ungrouped,
      (select position from unresolved_letters
        where number is not null and counted_as is distinct from status order by position limit 1) is not null or (select id from case_moves limit 1) is not null as uncounted,
      (select position from unresolved_letters where status = 1
        order by position, subscription_id limit 1) is not null as replaying`;
  return row ?? { ungrouped: true, uncounted: true, replaying: true };
}

/** The highest number that a letter has; "0" without any. */
export async function getLastNumber(sql: Sql | SqlTx): Promise<string> {
  const [row] = await sql<{ number: string }[]>`
    select coalesce(max(number), 0)::text as number from dead_letters`;
  return row?.number ?? "0";
}
