import type { Sql } from "../db.ts";

/** Names of the event partitions whose whole day ended before the cut-off, oldest first. */
export async function listExpiredPartitions(sql: Sql, cutoff: string): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select child.relname as name
    from pg_inherits join pg_class child on child.oid = inhrelid
    where inhparent = 'events'::regclass and not inhdetachpending
      and to_date(substring(child.relname from 8), 'YYYYMMDD') + 1 <= (${cutoff}::timestamptz at time zone 'UTC')::date
    order by child.relname`;
  return rows.map((row) => row.name);
}

/** Takes a partition out of the table and drops it; reads and writes of the others go on. */
export async function dropEventPartition(sql: Sql, name: string): Promise<void> {
  await sql`alter table events detach partition ${sql(name)} concurrently`;
  await sql`drop table ${sql(name)}`;
}

/** Forgets up to `limit` identities of events before the position. Gives how many it forgot. */
export async function deleteIdentitiesBefore(sql: Sql, position: string, limit: number): Promise<number> {
  const result = await sql`
    delete from event_identities where ctid = any(array(
      select ctid from event_identities where position < ${position} limit ${limit}))`;
  return result.count;
}

/** Forgets the hourly counts of hours before the moment. */
export async function deleteHourlyCountsBefore(sql: Sql, moment: string): Promise<void> {
  await sql`delete from hourly_counts where hour < ${moment}::timestamptz`;
}
