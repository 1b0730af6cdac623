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
export type PointValue = "none" | "sum" | "low" | "high" | "last" | "bins" | Percentile;
type Percentile = "p50" | "p95" | "p99";

/** Of a percentile of a point that has samples, but was summed up before percentiles were. */
export const NOT_SUMMED_UP = -1;

/**
 * What points of a group of series say, step by step, as arrays of the same length in the form `{1,NULL,2}`. Several rows
 * may tell of a group, and of a step.
 */
export type GroupRow = {
  group: number;
  steps: string;
  /** Null of percentiles: they have a value where they have samples. */
  samples: string | null;
  /** Null where nothing is read but samples. */
  values: string | null;
  /** Of histograms, instead of values: for each step, behind a bar, bins and behind a colon their counts. */
  histograms: string | null;
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
  value: PointValue;
};

/** The value of a point, and that of several points of a step together. */
const VALUES: Readonly<Record<Exclude<PointValue, "bins">, { one: string; together: string }>> = {
  none: { one: "null", together: "null" },
  sum: { one: "sum", together: "sum(sum)" },
  low: { one: "low", together: "min(low)" },
  high: { one: "high", together: "max(high)" },
  last: {
    one: "last",
    // Of the latest second; like this, nothing has to be sorted.
    together: "(max(array[second::float8, last]) filter (where last is not null))[2]",
  },
  p50: percentile("p50"),
  p95: percentile("p95"),
  p99: percentile("p99"),
};

/** Of several points: the mean of theirs, which is not quite their percentile. */
function percentile(name: Percentile): { one: string; together: string } {
  const mean = `sum(samples * ${name})::float8 / nullif(sum(samples) filter (where ${name} is not null), 0)`;
  return {
    one: `case when samples <> 0 then coalesce(${name}, ${NOT_SUMMED_UP}) end`,
    together: `case when sum(samples) <> 0 then coalesce(${mean}, ${NOT_SUMMED_UP}) end`,
  };
}

function isPercentile(value: PointValue): value is Percentile {
  return value === "p50" || value === "p95" || value === "p99";
}

/**
 * The points of groups of series by steps, in no order; steps without points are left out. What is coarser or finer than
 * a step is summed up to it, while of points that are as long as a step, several may be given. The statement names the
 * tables of its slots, and is planned for what it asks: one for any number of series and any window takes several times
 * as long.
 */
export async function listSteps(sql: Sql, query: StepQuery): Promise<GroupRow[]> {
  const { ids, groups, parts, step, value } = query;
  const slots = parts.flatMap((part) => slotsOf(part).map((slot) => ({ part, slot })));
  const isWhole = ({ part }: PartSlot) => value !== "bins" && stepOf(part) === step;
  const summed = slots.filter((one) => !isWhole(one));
  const selects = [
    ...slots.filter(isWhole).map((one) => selectSteps(one, query)),
    ...(summed.length === 0 ? [] : [value === "bins" ? sumBins(summed, query) : sumSteps(summed, query)]),
  ];
  if (selects.length === 0) return [];
  return sql.unsafe<GroupRow[]>(selects.join(" union all "), [`{${ids.join(",")}}`, `{${groups.join(",")}}`]);
}

type PartSlot = { part: Part; slot: number };

const GROUPED = "unnest($1::int[], $2::int[]) as grouped (id, place)";

/** Points that are as long as a step. Each series is put together as it is read, which spares going through all of them again. */
function selectSteps(one: PartSlot, { from, step, value }: StepQuery): string {
  const { one: told } = VALUES[value === "bins" ? "none" : value];
  return `
    select place as "group", point.* from ${GROUPED} cross join lateral (
      select array_agg(((second - ${from}) / ${step})::integer)::text as steps,
        ${isPercentile(value) ? "null" : "array_agg(samples)::text"} as samples,
        ${value === "none" ? "null" : `array_agg(${told})::text`} as values,
        null as histograms, (max(second) + ${step})::float8 as reach
      ${inPart(one)} having count(*) > 0) point`;
}

function sumSteps(slots: readonly PartSlot[], { from, step, value }: StepQuery): string {
  const { together } = VALUES[value === "bins" ? "none" : value];
  return `
    select place as "group", array_agg(step)::text as steps,
      ${isPercentile(value) ? "null" : "array_agg(samples)::text"} as samples,
      ${value === "none" ? "null" : "array_agg(value)::text"} as values,
      null as histograms, max(reach)::float8 as reach
    from (
      select place, ((second - ${from}) / ${step})::integer as step, sum(samples)::bigint as samples,
        ${together} as value, max(reach) as reach
      from ${pointsOf(slots, value === "none" ? [] : [value])} group by 1, 2
    ) each_step group by place`;
}

/** Histograms are put together here: what is sent is one for each step, however many points it has. One without bins says that it is there. */
function sumBins(slots: readonly PartSlot[], { from, step }: StepQuery): string {
  return `
    select place as "group", array_agg(step)::text as steps, array_agg(samples)::text as samples, null as values,
      string_agg(coalesce(bins, '') || ':' || coalesce(counts, ''), '|') as histograms, max(reach)::float8 as reach
    from (
      select place, step, coalesce(sum(count), 0)::bigint as samples, string_agg(bin::text, ',') as bins,
        string_agg(count::text, ',') filter (where bin is not null) as counts, max(reach) as reach
      from (
        select place, step, bin, sum(count) as count, max(reach) as reach
        from (
          select place, ((second - ${from}) / ${step})::integer as step, reach,
            unnest(coalesce(nullif(bins, '{}'), '{null}')) as bin, unnest(counts) as count
          from ${pointsOf(slots, ["bins", "counts"])}
        ) every_bin group by 1, 2, 3
      ) each_bin group by 1, 2
    ) each_step group by place`;
}

function pointsOf(slots: readonly PartSlot[], columns: readonly string[]): string {
  const selects = slots.map(
    (one) => `
      select ${["second", "samples", ...columns].join(", ")}, second + ${stepOf(one.part)} as reach ${inPart(one)}`,
  );
  return `${GROUPED} cross join lateral (${selects.join(" union all ")}) point`;
}

/**
 * Seconds are compared together with series: of the newest ones, which statistics don't know of yet, the index by second
 * looks as if it gave next to nothing, and would be read from end to end for each series.
 */
function inPart({ part: { from, to }, slot }: PartSlot): string {
  return `
    from metric_points_${slot} where series_id = grouped.id
      and (series_id, second) >= (grouped.id, ${from}) and (series_id, second) < (grouped.id, ${to})`;
}

function stepOf({ resolution }: Part): number {
  return (RESOLUTIONS[resolution]?.stepMs ?? 0) / 1000;
}
