import type { Sql, SqlTx } from "../db.ts";
import { STATUS } from "./delivery-settling.ts";

/** Counting stops here: behind it, a number is "at least". */
export const MAX_COUNTED = 10_000;

export type StatusRow = {
  id: number;
  /** Waiting, under way or to be tried again; of those waiting at most `MAX_COUNTED`. */
  open: number;
  retrying: number;
  oldest: string | null;
  /** At most `MAX_COUNTED`. */
  dead: number;
  /** Attempts that ended in the minutes from `from` on, and in those from `lately` on among them. */
  succeeded: number;
  failed: number;
  lately_succeeded: number;
  lately_failed: number;
};

/** How subscriptions stand, by what is written down of their deliveries and attempts. */
export async function listStatuses(
  tx: SqlTx,
  subscriptionIds: readonly number[],
  { from, lately }: { from: string; lately: string },
): Promise<StatusRow[]> {
  return tx<StatusRow[]>`
    select s.id, o.*, d.*, a.*
    from unnest(${[...subscriptionIds]}::int[]) s(id)
    cross join lateral (
      select count(*)::int as open, (count(*) filter (where status = ${STATUS.retrying}))::int as retrying,
        min(position) as oldest
      from (
        (select status, position from deliveries
          where subscription_id = s.id and status in (0, 3) limit ${MAX_COUNTED})
        union all
        (select status, position from deliveries where subscription_id = s.id and status = 1)
      ) open
    ) o
    cross join lateral (
      select count(*)::int as dead from (
        select from deliveries where subscription_id = s.id and status = 4 limit ${MAX_COUNTED}) dead
    ) d
    cross join lateral (
      select coalesce(sum(succeeded), 0)::float8 as succeeded, coalesce(sum(failed), 0)::float8 as failed,
        coalesce(sum(succeeded) filter (where minute >= ${lately}::timestamptz), 0)::float8 as lately_succeeded,
        coalesce(sum(failed) filter (where minute >= ${lately}::timestamptz), 0)::float8 as lately_failed
      from processing_minutes where minute >= ${from}::timestamptz and subscription_id = s.id
    ) a`;
}

export type OpenLeaseRow = {
  subscription_id: number;
  after_position: string;
  to_position: string;
  generation: number;
};

/** The stretches that are being delivered to subscriptions. */
export async function listLeases(tx: SqlTx, subscriptionIds: readonly number[]): Promise<OpenLeaseRow[]> {
  return tx<OpenLeaseRow[]>`
    select l.* from unnest(${[...subscriptionIds]}::int[]) s(id)
    cross join lateral (
      select subscription_id, after_position, to_position, generation from delivery_leases
      where subscription_id = s.id order by delivery_leases.id limit 100) l`;
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
