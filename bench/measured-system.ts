import type { PendingQuery, Row } from "postgres";
import type { Database } from "#drizzle/db.ts";
import { FIRST_WITH_PERCENTILES } from "#server/domain/metrics/resolution.ts";

/** Twice the longest window that is measured, as a chart is compared with the time before it. */
const DAYS = 60;
const TYPES = 20;
const TYPES_OF_EACH = 2;
const EVENT_TYPES = 100;
const SOURCES = 50;
const SOURCES_OF_EACH = 3;
const HOUR_S = 3_600;
const QUARTER_S = 6 * HOUR_S;
const DAY_S = 24 * HOUR_S;
/** Statements that fill side by side. */
const AT_ONCE = 3;

/** What each consumer has of each of its types, and what is summed up from that. */
const OF_CONSUMERS = ["attempts_succeeded", "attempts_failed", "processing_time"] as const;

/**
 * Fills the metrics of consumers as if each had handled its types in every hour of the last sixty days, and in every
 * minute since the hour began; and those of the events that came meanwhile.
 */
export async function fillMetrics(
  { sql }: Database,
  { consumers, signal }: { consumers: number; signal: AbortSignal },
): Promise<{ now: number; points: number }> {
  const now = Math.floor(Date.now() / 60_000) * 60;
  const hour = Math.floor(now / HOUR_S) * HOUR_S;
  const quarter = Math.floor(now / QUARTER_S) * QUARTER_S;
  const day = Math.floor(now / DAY_S) * DAY_S;
  const from = day - DAYS * DAY_S;
  const handled = sql`(
    select jsonb_build_object('consumer', 'consumer-' || c, 'type', 'type.' || (c * ${TYPES_OF_EACH}::int + t) % ${TYPES}::int)
    from generate_series(1, ${consumers}::int) c, generate_series(1, ${TYPES_OF_EACH}::int) t)`;
  for (const metric of OF_CONSUMERS) await addSeries(sql, metric, ["consumer", "type"], handled);
  await addSeries(
    sql,
    "events",
    ["type", "source", "version", "channel"],
    sql`(
      select jsonb_build_object('type', 'event.' || t, 'source', '/source-' || (t * 7 + s) % ${SOURCES}::int,
        'version', '(none)', 'channel', '(none)')
      from generate_series(1, ${EVENT_TYPES}::int) t, generate_series(1, ${SOURCES_OF_EACH}::int) s)`,
  );
  await addSeries(
    sql,
    "backlog",
    ["consumer"],
    sql`(select jsonb_build_object('consumer', 'consumer-' || c) from generate_series(1, ${consumers}::int) c)`,
  );
  const levels = [
    { resolution: 5, start: from, end: day, step: DAY_S },
    { resolution: 4, start: from, end: quarter, step: QUARTER_S },
    { resolution: 3, start: from, end: hour, step: HOUR_S },
    { resolution: 2, start: hour, end: now, step: 60 },
  ];
  const stretches = levels.flatMap(({ resolution, start, end, step }) =>
    Array.from({ length: Math.ceil((end - start) / (step * 24)) }, (_, place) => {
      const first = start + place * step * 24;
      return { resolution, step, first, last: Math.min(end, first + step * 24) - 1 };
    }),
  );
  const waiting = stretches.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const stretch of waiting) {
        signal.throwIfAborted();
        await addPoints(sql, stretch);
      }
    }),
  );
  await sql`
    update metric_folds set second = folded.second
    from unnest(array[1, 2, 3, 4, 5], ${[now, now, hour, quarter, day]}::bigint[]) folded (place, second) where place = resolution`;
  await sql`update metric_coverage set since_us = ${from * 1e6}`;
  // Nothing is left to count.
  await sql`
    insert into checkpoints (name, position) select 'metrics', last_value from event_positions
    on conflict (name) do update set position = excluded.position`;
  await sql`vacuum analyze metric_series, metric_points`;
  const [row] = await sql<{ points: number }[]>`select count(*)::int as points from metric_points`;
  return { now, points: row?.points ?? 0 };
}

/** The series of a metric with all labels, with each of them alone, and of all together. */
async function addSeries(
  sql: Database["sql"],
  metric: string,
  names: readonly string[],
  labels: PendingQuery<Row[]>,
): Promise<void> {
  const whole = names.join(",");
  await sql`
    insert into metric_series (metric, label_names, labels)
    select distinct ${metric}, ${whole}, labels from ${labels} every (labels)
    union select ${metric}, key, jsonb_build_object(key, labels->key) from ${labels} every (labels), jsonb_object_keys(labels) key
      where key <> ${whole}
    union select ${metric}, '', '{}'::jsonb`;
}

/** In the order of time, as they were written then. */
async function addPoints(
  sql: Database["sql"],
  { resolution, step, first, last }: { resolution: number; step: number; first: number; last: number },
): Promise<void> {
  await sql`
    with times as materialized (
      select id, metric, bins, counts, metric_percentile(bins, counts, 0.5) as p50,
        metric_percentile(bins, counts, 0.95) as p95, metric_percentile(bins, counts, 0.99) as p99
      from metric_series left join lateral (
        select array_agg((90 + id % 20 + bin)::smallint order by bin) as bins,
          array_agg((2 + bin) * ${step / 60}::bigint order by bin) as counts
        from generate_series(1, 15) bin where metric = 'processing_time') histogram on true
    )
    insert into metric_points (slot, series_id, second, samples, sum, low, high, last, bins, counts, p50, p95, p99)
    select metric_slot(${resolution}, second), id, second,
      case metric when 'attempts_failed' then 1 + id % 7 when 'backlog' then ${step} when 'processing_time'
        then 150 * ${step / 60} else 40 * ${step / 60} end,
      case when metric in ('processing_time', 'backlog') then 3.5 * ${step / 60} end,
      case when metric in ('processing_time', 'backlog') then 0.001 end,
      case when metric in ('processing_time', 'backlog') then 1 + id % 9 end,
      case when metric = 'backlog' then 3 end, bins, counts,
      case when ${resolution >= FIRST_WITH_PERCENTILES} then p50 end,
      case when ${resolution >= FIRST_WITH_PERCENTILES} then p95 end,
      case when ${resolution >= FIRST_WITH_PERCENTILES} then p99 end
    from generate_series(${first}::bigint, ${last}::bigint, ${step}) second, times
    order by second, id`;
}
