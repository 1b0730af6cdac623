import type { Sql, SqlTx } from "../db.ts";

/** Writes down how far a generation has come by now, where it is the one that is served. */
export async function noteProgress(
  tx: SqlTx,
  { name, generation }: { name: string; generation: number },
): Promise<void> {
  await tx`
    insert into projection_progress (projection, generation, version, position)
    select name, generation, version, position from projections join projection_generations using (name, generation)
    where name = ${name} and generation = ${generation}`;
}

/** The present moment by the clock that progress and positions are of, microseconds since 1970. */
export async function getPresentUs(sql: Sql): Promise<number> {
  const [row] = await sql<{ us: string }[]>`
    select (extract(epoch from clock_timestamp()) * 1000000)::bigint as us`;
  return Number(row?.us ?? 0);
}

export type ProgressRow = { version: number; position: string; applied_us: string };

/** How far the read model that was served had come at a moment; null where that is not known. */
export async function findProgressAt(
  sql: Sql,
  projection: string,
  atUs: number,
): Promise<ProgressRow | null> {
  const [row] = await sql<ProgressRow[]>`
    select version, position, (extract(epoch from applied_at) * 1000000)::bigint as applied_us
    from projection_progress
    where projection = ${projection} and applied_at <= to_timestamp(0) + ${atUs} * interval '1 microsecond'
    order by applied_at desc limit 1`;
  return row ?? null;
}

/** When the event at a position came to be shown, microseconds since 1970; null where it isn't, or nobody knows. */
export async function findAppliedUs(sql: Sql, projection: string, position: string): Promise<number | null> {
  const [row] = await sql<{ applied_us: string; is_first: boolean }[]>`
    select (extract(epoch from applied_at) * 1000000)::bigint as applied_us,
      not exists (
        select from projection_progress earlier
        where earlier.projection = ${projection} and earlier.applied_at < p.applied_at) as is_first
    from projection_progress p
    where projection = ${projection} and position >= ${position}
      and applied_at >= to_timestamp(0) + (${position}::bigint - ${CLOCKS_APART_US}) * interval '1 microsecond'
    order by applied_at limit 1`;
  // The first row that is kept says that it was applied by then, and not when.
  return row === undefined || row.is_first ? null : Number(row.applied_us);
}

/** So much the clocks of two servers may differ. */
const CLOCKS_APART_US = 60_000_000;

/** Forgets progress before a moment, but for what says how far each had come at it. */
export async function deleteProgressBefore(sql: Sql, moment: string): Promise<void> {
  await sql`
    delete from projection_progress p using (
      select name, (
        select max(applied_at) from projection_progress
        where projection = name and applied_at <= ${moment}::timestamptz) as kept
      from projections) known
    where p.projection = known.name and p.applied_at < known.kept`;
}
