import type { Sql } from "../db.ts";

export type Partition = { parent: string; name: string };

/** The partitions whose whole day ended before the cut-off, oldest first. */
export async function listExpiredPartitions(sql: Sql, cutoff: string): Promise<Partition[]> {
  return sql<Partition[]>`
    select inhparent::regclass::text as parent, child.relname as name
    from pg_inherits join pg_class child on child.oid = inhrelid
    where inhparent in ('events'::regclass, 'deliveries'::regclass, 'attempts'::regclass)
      and not inhdetachpending
      and to_date(right(child.relname, 8), 'YYYYMMDD') + 1 <= (${cutoff}::timestamptz at time zone 'UTC')::date
    order by right(child.relname, 8), child.relname`;
}

/** Takes a partition out of its table and drops it; reads and writes of the others go on. */
export async function dropPartition(sql: Sql, { parent, name }: Partition): Promise<void> {
  await sql`alter table ${sql(parent)} detach partition ${sql(name)} concurrently`;
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
