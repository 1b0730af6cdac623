import type { Database } from "#drizzle/db.ts";

const DAYS = 30;
const TYPES = 20;
const TYPES_OF_EACH = 2;
const HOUR_S = 3_600;
const QUARTER_S = 6 * HOUR_S;

/** What each consumer has of each of its types, and what is summed up from that. */
const SERIES = [
  { metric: "attempts_succeeded", isHistogram: false },
  { metric: "attempts_failed", isHistogram: false },
  { metric: "processing_time", isHistogram: true },
] as const;

/**
 * Fills the metrics of consumers as if each had handled its types in every hour of the last thirty days, and in every
 * minute since the hour began.
 */
export async function fillMetrics(
  { sql }: Database,
  { consumers, signal }: { consumers: number; signal: AbortSignal },
): Promise<{ from: string; to: string; points: number }> {
  const now = Math.floor(Date.now() / 60_000) * 60;
  const hour = Math.floor(now / HOUR_S) * HOUR_S;
  const quarter = Math.floor(now / QUARTER_S) * QUARTER_S;
  const day = Math.floor(now / 86_400) * 86_400;
  const from = hour - DAYS * 86_400;
  const pairs = sql`(
    select 'consumer-' || c as consumer, 'type.' || (c * ${TYPES_OF_EACH}::int + t) % ${TYPES}::int as type
    from generate_series(1, ${consumers}::int) c, generate_series(1, ${TYPES_OF_EACH}::int) t) pairs`;
  for (const { metric } of SERIES) {
    await sql`
      insert into metric_series (metric, label_names, labels)
      select ${metric}, 'consumer,type', jsonb_build_object('consumer', consumer, 'type', type) from ${pairs}
      union all select distinct ${metric}, 'consumer', jsonb_build_object('consumer', consumer) from ${pairs}
      union all select distinct ${metric}, 'type', jsonb_build_object('type', type) from ${pairs}
      union all select ${metric}, '', '{}'::jsonb`;
  }
  await sql`
    insert into metric_series (metric, label_names, labels)
    select distinct 'backlog', 'consumer', jsonb_build_object('consumer', consumer) from ${pairs}
    union all select 'backlog', '', '{}'::jsonb`;
  const levels = [
    { resolution: 5, start: Math.floor(from / 86_400) * 86_400, end: day, step: 86_400 },
    { resolution: 4, start: Math.floor(from / QUARTER_S) * QUARTER_S, end: quarter, step: QUARTER_S },
    { resolution: 3, start: from, end: hour, step: HOUR_S },
    { resolution: 2, start: hour, end: now, step: 60 },
  ];
  for (const { resolution, start, end, step } of levels) {
    // By the hour, as it was written then.
    for (let first = start; first < end; first += step * 24) {
      signal.throwIfAborted();
      const last = Math.min(end, first + step * 24) - 1;
      await sql`
        insert into metric_points (slot, series_id, second, samples, sum, low, high, last, bins, counts)
        select metric_slot(${resolution}, second), id, second,
          case metric when 'attempts_failed' then 1 + id % 7 when 'backlog' then ${step} else 40 * ${step / 60} end,
          case when metric in ('processing_time', 'backlog') then 3.5 * ${step / 60} end,
          case when metric in ('processing_time', 'backlog') then 0.001 end,
          case when metric in ('processing_time', 'backlog') then 1 + id % 9 end,
          case when metric = 'backlog' then 3 end,
          case when metric = 'processing_time' then bins.bins end,
          case when metric = 'processing_time' then bins.counts end
        from generate_series(${first}::bigint, ${last}::bigint, ${step}) second, metric_series,
          lateral (
            select array_agg((90 + id % 20 + bin)::smallint order by bin) as bins, array_agg(2 + bin::bigint order by bin) as counts
            from generate_series(1, 15) bin where metric = 'processing_time') bins
        order by second, id`;
    }
  }
  await sql`
    update metric_folds set second = folded.second
    from unnest(array[1, 2, 3, 4, 5], ${[now, now, hour, quarter, day]}::bigint[]) folded (place, second) where place = resolution`;
  await sql`update metric_coverage set since_us = ${from * 1e6}`;
  await sql`vacuum analyze metric_series, metric_points`;
  const [row] = await sql<{ points: number }[]>`select count(*)::int as points from metric_points`;
  return { from: iso(from), to: iso(now), points: row?.points ?? 0 };
}

function iso(second: number): string {
  return new Date(second * 1000).toISOString();
}
