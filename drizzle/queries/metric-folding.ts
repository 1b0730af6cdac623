import { FIRST_WITH_PERCENTILES } from "#server/domain/metrics/resolution.ts";
import type { Sql, SqlTx } from "../db.ts";

const SLOTS = 4;

/**
 * Sums up the points of one resolution into the next one, from one second up to another, exclusive: both whole steps of
 * the coarser one, of which nothing is summed up yet.
 */
export async function foldPoints(
  tx: SqlTx,
  { resolution, step, from, to }: { resolution: number; step: number; from: number; to: number },
): Promise<void> {
  const percentiles =
    resolution >= FIRST_WITH_PERCENTILES
      ? tx`metric_percentile(bins, counts, 0.5), metric_percentile(bins, counts, 0.95), metric_percentile(bins, counts, 0.99)`
      : tx`null::smallint, null::smallint, null::smallint`;
  await tx`
    with fine as materialized (
      select series_id, second / ${step}::int * ${step}::int as step, second, samples, sum, low, high, last, bins, counts
      from metric_points
      where slot = any(${slotsOf(resolution - 1)}::smallint[])
        and second >= ${from}::bigint and second < ${to}::bigint
    ), binned as (
      select series_id, step, array_agg(bin order by bin) as bins, array_agg(count order by bin) as counts
      from (
        select series_id, step, bin, sum(count)::bigint as count
        from fine, unnest(bins, counts) as b (bin, count) group by 1, 2, 3
      ) each_bin group by 1, 2
    ), summed as (
      select series_id, step, sum(samples)::bigint as samples, sum(sum) as sum, min(low) as low, max(high) as high,
        (array_agg(last order by second desc) filter (where last is not null))[1] as last
      from fine group by 1, 2
    )
    insert into metric_points (slot, series_id, second, samples, sum, low, high, last, bins, counts, p50, p95, p99)
    select metric_slot(${resolution}, step), series_id, step, samples, sum, low, high, last, bins, counts,
      ${percentiles}
    from summed left join binned using (series_id, step)
    order by series_id, step`;
}

/** The first second from one on of which a resolution has points; null where none has any. */
export async function findNextSecond(
  tx: SqlTx,
  { resolution, from }: { resolution: number; from: number },
): Promise<number | null> {
  const firsts = slotsOf(resolution).map(
    (slot) => tx<{ second: string | null }[]>`
      select min(second) as second from ${tx(`metric_points_${slot}`)} where second >= ${from}`,
  );
  const found = (await Promise.all(firsts)).flatMap(([row]) =>
    row?.second == null ? [] : [Number(row.second)],
  );
  return found.length === 0 ? null : Math.min(...found);
}

/** Says up to where a resolution is summed up. */
export async function moveFold(tx: SqlTx, resolution: number, second: number): Promise<void> {
  await tx`update metric_folds set second = ${second} where resolution = ${resolution}`;
}

/** What is to be forgotten of a resolution: whatever begins before the second. */
export type Expiry = { resolution: number; before: number };

const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Empties the slots of a resolution that hold nothing but what has expired. A slot that is in use for longer than a
 * moment is left for the next time. What stays in one whose turn has come again is not read, as it lies before any window.
 */
export async function emptySlots(sql: Sql, { resolution, before }: Expiry): Promise<void> {
  for (const slot of slotsOf(resolution)) {
    const table = `metric_points_${slot}`;
    const [row] = await sql<{ isOver: boolean }[]>`
      select exists (select from ${sql(table)} limit 1)
        and not exists (select from ${sql(table)} where second >= ${before} limit 1) as "isOver"`;
    if (row?.isOver !== true) continue;
    try {
      await sql.begin((tx) => emptySlot(tx, table, before));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === LOCK_NOT_AVAILABLE)) throw error;
    }
  }
}

async function emptySlot(tx: SqlTx, table: string, before: number): Promise<void> {
  await tx`set local lock_timeout = '1s'`;
  await tx`lock table ${tx(table)} in access exclusive mode`;
  const left = await tx`select from ${tx(table)} where second >= ${before} limit 1`;
  if (left.length === 0) await tx`truncate ${tx(table)}`;
}

/** Forgets series without points, at most `limit` of those that were there before the moment. */
export async function deleteEmptySeries(tx: SqlTx, before: string, limit: number): Promise<void> {
  await tx`
    delete from metric_series where id in (
      select id from metric_series s
      where created_at < ${before}::timestamptz and not exists (select from metric_points where series_id = s.id)
      limit ${limit})`;
}

function slotsOf(resolution: number): number[] {
  return Array.from({ length: SLOTS }, (_, place) => resolution * SLOTS + place);
}
