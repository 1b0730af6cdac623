import type { Part } from "#server/domain/metrics/parts.ts";
import { RESOLUTIONS, slotsOf } from "#server/domain/metrics/resolution.ts";
import type { Sql } from "../db.ts";

const MAX_SERIES = 20_000;

/** Series of a metric with some names of labels; of those, the ones that have one of the values of each filter. */
export type WantedRows = {
  metric: string;
  labelNames: string;
  where: Readonly<Record<string, readonly string[]>>;
};

export type SeriesRow = { id: number; metric: string; labels: Record<string, string> };

/** The series of each wish, in the order of the wishes. */
export async function listSeries(sql: Sql, wanted: readonly WantedRows[]): Promise<SeriesRow[][]> {
  if (wanted.length === 0) return [];
  const rows = await sql<{ place: number; id: number; metric: string; labels: string }[]>`
    select place, s.id, s.metric, s.labels::text as labels
    from jsonb_to_recordset(${JSON.stringify(wanted.map((one, place) => ({ ...one, place })))}::jsonb)
      as w (place integer, metric text, "labelNames" text, "where" jsonb)
    cross join lateral (
      select id, metric, labels from metric_series
      where metric = w.metric and label_names = w."labelNames" and not exists (
        select from jsonb_each(w."where") as f (label, accepted)
        where (accepted ? coalesce(metric_series.labels->>label, '')) is not true)
      limit ${MAX_SERIES}) s`;
  const found: SeriesRow[][] = wanted.map(() => []);
  for (const { place, id, metric, labels } of rows) {
    found[place]?.push({ id, metric, labels: JSON.parse(labels) as Record<string, string> }); // as they are written
  }
  return found;
}

/** Since when something is in the points, in microseconds; null where that is not known. */
export async function findCoveredSince(sql: Sql, source: string): Promise<number | null> {
  const [row] = await sql<
    { since_us: string }[]
  >`select since_us from metric_coverage where source = ${source}`;
  return row ? Number(row.since_us) : null;
}

/**
 * What is read of points beside how many samples they have. A percentile is the bin in which it lies, as it was summed up
 * with points of an hour and longer.
 */
export type PointValue = "none" | "sum" | "low" | "high" | "last" | "bins" | "p50" | "p95" | "p99";

/** What the points of a group of series say, step by step: in each text one value for each step, in the same order. */
export type GroupRow = {
  group: number;
  /** Separated by commas, as are the samples. */
  steps: string;
  samples: string;
  /**
   * Separated by bars, empty where there is none. Of bins: each point's bins with their counts behind a colon. Of
   * percentiles with a tilde before it: the mean of several points, which is not their percentile.
   */
  values: string | null;
  /** The second up to which the last of the points tells. */
  reach: number;
};

const HISTOGRAM = "array_to_string(bins, ',') || ':' || array_to_string(counts, ',')";

export type StepQuery = {
  /** The ids of series, and the group of each. */
  ids: readonly number[];
  groups: readonly number[];
  parts: readonly Part[];
  /** The second at which the first step begins, and how many a step has. */
  from: number;
  step: number;
  value: PointValue;
};

/** A value of one point as text, and those of several points of a step together. */
const VALUES: Readonly<Record<PointValue, { one: string; together: string }>> = {
  none: { one: "null::text", together: "null::text" },
  sum: { one: "sum::text", together: "sum(sum)::text" },
  low: { one: "low::text", together: "min(low)::text" },
  high: { one: "high::text", together: "max(high)::text" },
  last: {
    one: "last::text",
    // Of the latest second; like this, nothing has to be sorted.
    together: "(max(array[second::float8, last]) filter (where last is not null))[2]::text",
  },
  bins: { one: HISTOGRAM, together: `string_agg(${HISTOGRAM}, ';')` },
  p50: percentile("p50"),
  p95: percentile("p95"),
  p99: percentile("p99"),
};

function percentile(name: string): { one: string; together: string } {
  const mean = `sum(samples * ${name})::float8 / nullif(sum(samples) filter (where ${name} is not null), 0)`;
  return {
    one: `${name}::text`,
    together: `case when count(*) = 1 then max(${name})::text else '~' || (${mean}) end`,
  };
}

/**
 * The points of groups of series by steps, in no order; steps without points are left out. What is coarser or finer than
 * a step is summed up to it, while of points that are as long as a step, several may be given. The statement names the
 * tables of its slots, and is planned for what it asks: one for any number of series and any window takes several times
 * as long.
 */
export async function listSteps(
  sql: Sql,
  { ids, groups, parts, from, step, value }: StepQuery,
): Promise<GroupRow[]> {
  const { one, together } = VALUES[value];
  const place = `(second - ${from}) / ${step} as step`;
  const selects = parts.map((part) => ({
    isStep: stepOf(part) === step,
    text: slotsOf(part)
      .map((slot) => selectPoints(part, slot, value))
      .join(" union all "),
  }));
  const [whole, summed] = [true, false].map((isStep) =>
    selects.flatMap((select) => (select.isStep === isStep && select.text !== "" ? [select.text] : [])),
  );
  const steps = [
    ...(whole?.length
      ? [`select place, ${place}, samples, ${one} as value, reach ${fromPoints(whole)}`]
      : []),
    ...(summed?.length
      ? [
          `select place, ${place}, sum(samples)::bigint as samples, ${together} as value, max(reach) as reach
          ${fromPoints(summed)} group by 1, 2`,
        ]
      : []),
  ];
  return sql.unsafe<GroupRow[]>(
    `select place as group, string_agg(step::text, ',') as steps, string_agg(samples::text, ',') as samples,
      ${value === "none" ? "null::text" : "string_agg(coalesce(value, ''), '|')"} as values, max(reach)::float8 as reach
    from (${steps.join(" union all ")}) each_step group by place`,
    [`{${ids.join(",")}}`, `{${groups.join(",")}}`],
  );
}

/**
 * Seconds are compared together with series: of the newest ones, which statistics don't know of yet, the index by second
 * looks as if it gave next to nothing, and would be read from end to end for each series.
 */
function selectPoints(part: Part, slot: number, value: PointValue): string {
  const columns = { none: "", bins: ", bins, counts" }[String(value)] ?? `, ${value}`;
  return `
    select second, samples, second + ${stepOf(part)} as reach ${columns} from metric_points_${slot}
    where series_id = grouped.id
      and (series_id, second) >= (grouped.id, ${part.from}) and (series_id, second) < (grouped.id, ${part.to})`;
}

function fromPoints(selects: readonly string[]): string {
  return `
    from unnest($1::int[], $2::int[]) as grouped (id, place)
    cross join lateral (${selects.join(" union all ")}) point`;
}

function stepOf({ resolution }: Part): number {
  return (RESOLUTIONS[resolution]?.stepMs ?? 0) / 1000;
}
