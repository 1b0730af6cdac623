import type { WrittenSecond } from "#server/domain/tally-sheet.ts";
import type { Sql, SqlTx } from "../db.ts";

/** Held by whoever counts attempts, or takes away what was counted. */
const LOCK = 7_104_041;

/** Whether nobody else counts attempts: then nobody does until this transaction ends. */
export async function tryLockCounting(tx: SqlTx): Promise<boolean> {
  const [row] = await tx<{ locked: boolean }[]>`select pg_try_advisory_xact_lock(${LOCK}) as locked`;
  return row?.locked ?? false;
}

/** Waits for whoever counts attempts; nobody does until this transaction ends. */
export async function lockCounting(tx: SqlTx): Promise<void> {
  await tx`select pg_advisory_xact_lock(${LOCK})`;
}

/** Writes down what ended, to be counted a moment later. */
export async function insertTally(
  tx: SqlTx,
  subscriptionId: number,
  seconds: readonly WrittenSecond[],
): Promise<void> {
  if (seconds.length === 0) return;
  await tx`
    insert into processing_tallies (subscription_id, tally)
    values (${subscriptionId}, ${JSON.stringify(seconds)}::json)`;
}

/** Takes the oldest tallies, at most `limit`: whoever commits this has to have counted them. */
export async function takeTallies(
  tx: SqlTx,
  limit: number,
): Promise<{ subscriptionId: number; seconds: WrittenSecond[] }[]> {
  const rows = await tx<{ subscription_id: number; tally: string }[]>`
    delete from processing_tallies where id = any(array(
      select id from processing_tallies order by id limit ${limit}))
    returning subscription_id, tally::text as tally`;
  return rows.map(({ subscription_id, tally }) => ({
    subscriptionId: subscription_id,
    // Only lists of seconds are written.
    seconds: JSON.parse(tally) as WrittenSecond[],
  }));
}

/** When the first attempts were written down that are not counted yet, in microseconds; null where none are left. */
export async function findUncountedSince(sql: Sql | SqlTx): Promise<number | null> {
  const [row] = await sql<{ us: string | null }[]>`
    select least(
      (select (extract(epoch from recorded_at) * 1000000)::bigint from processing_tallies order by id limit 1),
      (select ended_us from uncounted_attempts order by id limit 1))::text as us`;
  return row?.us == null ? null : Number(row.us);
}
