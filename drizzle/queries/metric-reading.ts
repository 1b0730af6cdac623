import type { Part } from "#server/domain/metrics/parts.ts";
import { RESOLUTIONS } from "#server/domain/metrics/resolution.ts";
import type { Sql, SqlTx } from "../db.ts";

const SLOTS = 4;
const MAX_SERIES = 20_000;

export type SeriesRow = { id: number; metric: string; labels: Record<string, string> };

/** Series of metrics with some names of labels; of those, the ones that have one of the values of each filter. */
export async function listSeries(
  sql: Sql,
  {
    metrics,
    labelNames,
    where,
  }: {
    metrics: readonly string[];
    labelNames: string;
    where: readonly (readonly [label: string, values: readonly string[]])[];
  },
): Promise<SeriesRow[]> {
  const filters = where.map(([label, values]) => sql`and labels->>${label} = any(${[...values]}::text[])`);
  const rows = await sql<{ id: number; metric: string; labels: string }[]>`
    select id, metric, labels::text as labels from metric_series
    where metric = any(${[...metrics]}::text[]) and label_names = ${labelNames}
      ${filters.reduce((all, one) => sql`${all} ${one}`, sql``)}
    limit ${MAX_SERIES}`;
  return rows.map((row) => ({ ...row, labels: JSON.parse(row.labels) as Record<string, string> })); // as they are written
}

/** Since when something is in the points, in microseconds; null where that is not known. */
export async function findCoveredSince(sql: Sql, source: string): Promise<number | null> {
  const [row] = await sql<
    { since_us: string }[]
  >`select since_us from metric_coverage where source = ${source}`;
  return row ? Number(row.since_us) : null;
}

/** What the points of a group of series say of a step. */
export type StepRow = {
  group: number;
  step: number;
  samples: number;
  sum: number | null;
  low: number | null;
  high: number | null;
  last: number | null;
  /** Bins with their counts behind a colon, of each point; null where they were not asked for. */
  bins: string | null;
  /** The second up to which the last of the points tells. */
  reach: number;
};

export type StepQuery = {
  /** The ids of series, and the group of each. */
  ids: readonly number[];
  groups: readonly number[];
  parts: readonly Part[];
  /** The second at which the first step begins, and how many a step has. */
  from: number;
  step: number;
  withBins: boolean;
  /** Costs that the points are sorted. */
  withLast: boolean;
};

/**
 * Sums up the points of groups of series by steps; steps without points are left out. For the rest of the transaction,
 * statements are planned for what they ask: a plan for any number of series and any window takes several times as long.
 */
export async function sumSteps(
  tx: SqlTx,
  { ids, groups, parts, from, step, withBins, withLast }: StepQuery,
): Promise<StepRow[]> {
  const bins = withBins
    ? tx`string_agg(array_to_string(bins, ',') || ':' || array_to_string(counts, ','), ';')`
    : tx`null::text`;
  const last = withLast
    ? tx`(array_agg(last order by second desc) filter (where last is not null))[1]`
    : tx`null::float8`;
  const points = parts
    .map(
      ({ resolution, from, to }) => tx`
        select second, samples, sum, low, high, last, bins, counts,
          second + ${(RESOLUTIONS[resolution]?.stepMs ?? 0) / 1000}::int as reach
        from metric_points
        where slot = any(${slotsOf(resolution)}::smallint[]) and series_id = grouped.id
          and second >= ${from}::bigint and second < ${to}::bigint`,
    )
    .reduce((all, one) => tx`${all} union all ${one}`);
  // Sent together.
  const planning = tx`set local plan_cache_mode = force_custom_plan`;
  const rows = tx<StepRow[]>`
    select grouped.place as group, ((second - ${from}::bigint) / ${step}::bigint)::int as step,
      sum(samples)::float8 as samples, sum(sum) as sum, min(low) as low, max(high) as high,
      ${last} as last, ${bins} as bins, max(reach)::float8 as reach
    from unnest(${[...ids]}::int[], ${[...groups]}::int[]) as grouped (id, place)
    cross join lateral (${points}) point
    group by 1, 2`;
  return (await Promise.all([planning, rows]))[1];
}

function slotsOf(resolution: number): number[] {
  return Array.from({ length: SLOTS }, (_, place) => resolution * SLOTS + place);
}
