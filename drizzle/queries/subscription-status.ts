import type { Sql, SqlTx } from "../db.ts";
import { STATUS } from "./delivery-settling.ts";

/** Counting stops here: behind it, a number is "at least". */
export const MAX_COUNTED = 10_000;

export type OpenCounts = {
  /** Waiting, under way or to be tried again. */
  open: number;
  retrying: number;
  oldest: string | null;
};

/** Deliveries of a subscription that are written down and not settled, of those waiting at most `MAX_COUNTED`. */
export async function countOpenDeliveries(tx: SqlTx, subscriptionId: number): Promise<OpenCounts> {
  const [row] = await tx<OpenCounts[]>`
    select count(*)::int as open, (count(*) filter (where status = ${STATUS.retrying}))::int as retrying,
      min(position) as oldest
    from (
      (select status, position from deliveries
        where subscription_id = ${subscriptionId} and status in (0, 3) limit ${MAX_COUNTED})
      union all
      (select status, position from deliveries where subscription_id = ${subscriptionId} and status = 1)
    ) open`;
  return row ?? { open: 0, retrying: 0, oldest: null };
}

/** Dead deliveries of a subscription, counted up to `MAX_COUNTED`. */
export async function countDeadDeliveries(tx: SqlTx, subscriptionId: number): Promise<number> {
  const [row] = await tx<{ dead: number }[]>`
    select count(*)::int as dead from (
      select from deliveries where subscription_id = ${subscriptionId} and status = 4 limit ${MAX_COUNTED}) dead`;
  return row?.dead ?? 0;
}

export type OpenLeaseRow = { after_position: string; to_position: string; generation: number };

/** The stretches that are being delivered to a subscription. */
export async function listLeases(tx: SqlTx, subscriptionId: number): Promise<OpenLeaseRow[]> {
  return tx<OpenLeaseRow[]>`
    select after_position, to_position, generation from delivery_leases
    where subscription_id = ${subscriptionId} order by id limit 100`;
}

export type AttemptSums = {
  succeeded: number;
  failed: number;
  lately_succeeded: number;
  lately_failed: number;
};

/** Attempts of a subscription that ended in the minutes from `from` on, and in those from `lately` on among them. */
export async function sumAttempts(
  tx: SqlTx,
  subscriptionId: number,
  { from, lately }: { from: string; lately: string },
): Promise<AttemptSums> {
  const [row] = await tx<AttemptSums[]>`
    select coalesce(sum(succeeded), 0)::float8 as succeeded, coalesce(sum(failed), 0)::float8 as failed,
      coalesce(sum(succeeded) filter (where minute >= ${lately}::timestamptz), 0)::float8 as lately_succeeded,
      coalesce(sum(failed) filter (where minute >= ${lately}::timestamptz), 0)::float8 as lately_failed
    from processing_minutes where minute >= ${from}::timestamptz and subscription_id = ${subscriptionId}`;
  return row ?? { succeeded: 0, failed: 0, lately_succeeded: 0, lately_failed: 0 };
}

/** Positions after one and up to another, oldest first, at most `limit`. */
export async function listPositions(
  sql: Sql | SqlTx,
  { after, upTo, limit }: { after: string; upTo: string; limit: number },
): Promise<string[]> {
  const rows = await sql<{ position: string }[]>`
    select position from events where position > ${after} and position <= ${upTo}
    order by position limit ${limit}`;
  return rows.map((row) => row.position);
}
