import type { Sql } from "../db.ts";

export type Partition = {
  parent: string;
  name: string;
  /** `leaving` and `detached` are left behind by a process that ended while it dropped a partition. */
  state: "attached" | "leaving" | "detached";
};

/** The partitions whose whole day ended before the cut-off, oldest first. */
export async function listExpiredPartitions(sql: Sql, cutoff: string): Promise<Partition[]> {
  return sql<Partition[]>`
    select left(relname, -9) as parent, relname as name,
      case when inhrelid is null then 'detached' when inhdetachpending then 'leaving' else 'attached' end as state
    from pg_class left join pg_inherits on inhrelid = pg_class.oid
    where relnamespace = (select relnamespace from pg_class where oid = 'events'::regclass) and relkind = 'r'
      and relname ~ '^(events|deliveries|attempts|schema_violations)_\\d{8}$'
      and to_date(right(relname, 8), 'YYYYMMDD') + 1 <= (${cutoff}::timestamptz at time zone 'UTC')::date
    order by right(relname, 8), relname`;
}

/** Takes a partition out of its table and drops it; reads and writes of the others go on. */
export async function dropPartition(sql: Sql, { parent, name, state }: Partition): Promise<void> {
  if (state === "attached") await sql`alter table ${sql(parent)} detach partition ${sql(name)} concurrently`;
  if (state === "leaving") await sql`alter table ${sql(parent)} detach partition ${sql(name)} finalize`;
  await sql`drop table ${sql(name)}`;
}

/** Forgets the identities of events before the position that are not in a run, a bounded number of batches. @returns how many batches. */
export async function deleteIdentitiesBefore(sql: Sql, position: string, limit: number): Promise<number> {
  const { count } = await sql`
    delete from identity_batches where first in (
      select first from identity_batches
      where first < ${position} and first + octet_length(prefixes) / 8 <= ${position} order by first limit ${limit})`;
  return count;
}

/** Forgets the counts of hours before the beginning of a day (UTC). */
export async function deleteHourlyCountsBefore(sql: Sql, moment: string): Promise<void> {
  await sql`delete from hourly_counts where hour < ${moment}::timestamptz`;
  await sql`delete from daily_counts where day < ${moment}::timestamptz`;
  await sql`delete from schema_counts where hour < ${moment}::timestamptz`;
}

/** Forgets what was counted of minutes before the moment, and who was not seen any more since then. */
export async function deleteRollupsBefore(sql: Sql, moment: string): Promise<void> {
  for (const table of [
    "processing_minutes",
    "processing_bins",
    "event_minutes",
    "cause_minutes",
    "flow_starts",
    "flow_minutes",
  ]) {
    await sql`delete from ${sql(table)} where minute < ${moment}::timestamptz`;
  }
  await sql`delete from flow_candidates where look_at < ${moment}::timestamptz`;
  await sql`delete from service_sightings where updated_at < ${moment}::timestamptz`;
  await sql`delete from source_reactions where updated_at < ${moment}::timestamptz`;
}
