import type { Sql, SqlTx } from "../db.ts";
import { LETTER_STATUS } from "./dead-letters.ts";
import { lockKeeper } from "./failure-cases.ts";
import { keysOf } from "./letter-keys.ts";

/**
 * Forgets letters for which a condition on `dead_letters l` holds, and takes them out of the counters of their cases;
 * how many deliveries ever died of a case stays. Gives how many those were.
 */
export async function deleteLetters(tx: SqlTx, where: ReturnType<Sql>): Promise<number> {
  await lockKeeper(tx);
  const [row] = await tx<{ letters: number }[]>`
    with deleted as (
      delete from dead_letters l where ${where}
      returning l.position, l.subscription_id, l.case_id, coalesce(l.number, l.former_number) as number,
        l.event_id, l.correlation_id, l.partition_key
    ), unresolved as (
      delete from unresolved_letters u using deleted l
      where u.position = l.position and u.subscription_id = l.subscription_id
      returning u.position, u.subscription_id, u.counted_as
    ), gone as materialized (
      select l.*, case when u.position is null then ${LETTER_STATUS.resolved}::smallint else u.counted_as end as counted_as
      from deleted l left join unresolved u on u.position = l.position and u.subscription_id = l.subscription_id
    ), unlisted as (
      delete from letter_keys k using gone g cross join ${keysOf(tx, tx`g`)}
      where k.hash = key.hash and k.number = g.number
    ), forgotten as (
      delete from letter_actions a using gone
      where a.position = gone.position and a.subscription_id = gone.subscription_id
    ), sums as (
      select case_id, count(*) filter (where counted_as = 0) as parked,
        count(*) filter (where counted_as = 1) as replaying, count(*) filter (where counted_as = 2) as resolved,
        count(*) filter (where counted_as = 3) as discarded
      from gone where case_id is not null group by case_id
    ), counted as (
      update failure_cases c set parked = c.parked - sums.parked, replaying = c.replaying - sums.replaying,
        resolved = c.resolved - sums.resolved, discarded = c.discarded - sums.discarded
      from sums where c.id = sums.case_id
    )
    select count(*)::int as letters from gone`;
  return row?.letters ?? 0;
}

/** Forgets some of the letters of events before the position, at most `limit`. Gives how many those were. */
export async function deleteLettersBefore(tx: SqlTx, position: string, limit: number): Promise<number> {
  return deleteLetters(
    tx,
    tx`(l.position, l.subscription_id) in (
      select position, subscription_id from dead_letters
      where position < ${position} order by position limit ${limit})`,
  );
}

/** Forgets what was counted before the moment, and cases since then without a letter that nobody wrote anything about. */
export async function deleteCasesBefore(tx: SqlTx, moment: string): Promise<void> {
  await lockKeeper(tx);
  await tx`delete from case_counts where since < ${moment}::timestamptz`;
  await tx`
    delete from failure_cases c
    where last_at < ${moment}::timestamptz and status = 'open' and owner is null and ticket_url is null
      and not exists (select from dead_letters l where l.case_id = c.id)
      and not exists (select from case_notes n where n.case_id = c.id)`;
}

/** Forgets letters of some events and subscriptions, which are aside in tables of this transaction, and their cases. */
export async function deleteMarkedLetters(tx: SqlTx): Promise<void> {
  await deleteLetters(
    tx,
    tx`l.position in (select position from marked_events)
      or l.subscription_id in (select id from marked_subscriptions)`,
  );
  await tx`delete from delivery_edits where position in (select position from marked_events)`;
  await tx`
    delete from failure_cases c where subscription_id in (select id from marked_subscriptions)
      and not exists (select from dead_letters l where l.case_id = c.id)`;
}
