import type { SqlTx } from "../db.ts";

/** An attempt that ended, as the rollups count it. Times in microseconds since 1970, durations in microseconds. */
export type EndedAttempt = {
  typeId: number;
  /** Where the delivery stands after it, by number. */
  status: number;
  endedUs: number;
  durationUs: number;
  /** From the event's own time to the end; null of one that did not succeed. */
  criticalUs: number | null;
};

/** Writes an attempt down, to be counted a moment later. */
export async function insertUncounted(
  tx: SqlTx,
  subscriptionId: number,
  { typeId, status, endedUs, durationUs, criticalUs }: EndedAttempt,
): Promise<void> {
  await tx`
    insert into uncounted_attempts (subscription_id, type_id, status, ended_us, duration_us, critical_us)
    values (${subscriptionId}, ${typeId}, ${status}, ${endedUs}, ${durationUs}, ${criticalUs})`;
}

/** Takes attempts that nobody else is just taking, at most `limit`: whoever commits this has to have counted them. */
export async function takeUncounted(
  tx: SqlTx,
  limit: number,
): Promise<(EndedAttempt & { subscriptionId: number })[]> {
  const rows = await tx<
    {
      subscription_id: number;
      type_id: number;
      status: number;
      ended_us: string;
      duration_us: string;
      critical_us: string | null;
    }[]
  >`
    delete from uncounted_attempts where id = any(array(
      select id from uncounted_attempts order by id limit ${limit} for update skip locked))
    returning subscription_id, type_id, status, ended_us, duration_us, critical_us`;
  return rows.map((row) => ({
    subscriptionId: row.subscription_id,
    typeId: row.type_id,
    status: row.status,
    endedUs: Number(row.ended_us),
    durationUs: Number(row.duration_us),
    criticalUs: row.critical_us === null ? null : Number(row.critical_us),
  }));
}
