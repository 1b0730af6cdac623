import { globToLike } from "#server/domain/glob.ts";
import { definitionOf, METRIC_NAMES } from "#server/domain/metrics/catalogue.ts";
import type { SqlTx } from "../db.ts";
import { lockMetricsPosition } from "./metric-counting.ts";
import { lockMetrics } from "./metric-writing.ts";

/** Which labels belong to a system that is removed. */
export type MarkedLabels = {
  sourcePrefix: string;
  consumerPrefix: string;
  projections: readonly string[];
  sagas: readonly string[];
};

/**
 * Forgets the metrics of a system, and takes it out of what was measured of all together: that is summed up again from
 * the others. Whoever counts attempts has to be kept from it before.
 */
export async function deleteMarkedMetrics(tx: SqlTx, marks: MarkedLabels): Promise<void> {
  await lockMetricsPosition(tx);
  await lockMetrics(tx);
  await markSeries(tx, marks);
  // What is summed up from the marked series among others, at the steps of which they have points.
  await tx`
    create temporary table touched_totals on commit drop as
      select distinct t.id as series_id, t.metric, t.labels, m.label_names as parts, p.slot, p.second
      from marked_series m
      join metric_series t on t.metric = m.metric and m.labels @> t.labels and t.id <> m.id
      join metric_points p on p.series_id = m.id
      where m.is_whole and t.id not in (select id from marked_series)`;
  await tx`analyze touched_totals`;
  await tx`
    delete from metric_points p using touched_totals t
    where p.series_id = t.series_id and p.slot = t.slot and p.second = t.second`;
  await tx`
    create temporary table left_parts on commit drop as
      select t.series_id, t.metric, t.slot, t.second, s.id as part_id, p.samples, p.sum, p.low, p.high, p.last, p.bins, p.counts
      from touched_totals t
      join metric_series s on s.metric = t.metric and s.label_names = t.parts and s.labels @> t.labels
        and s.id not in (select id from marked_series)
      join metric_points p on p.series_id = s.id and p.slot = t.slot and p.second = t.second`;
  await sumCounts(tx);
  await sumGauges(tx);
  await tx`delete from metric_points where series_id in (select id from marked_series)`;
  await tx`delete from metric_series where id in (select id from marked_series)`;
  await tx`
    delete from metric_series s
    where id in (select series_id from touched_totals) and not exists (
      select from metric_points where series_id = s.id)`;
}

async function markSeries(
  tx: SqlTx,
  { sourcePrefix, consumerPrefix, projections, sagas }: MarkedLabels,
): Promise<void> {
  const whole = METRIC_NAMES.map((name) => ({ name, whole: definitionOf(name).labels.join(",") }));
  const ofConsumers = globToLike(`${consumerPrefix}*`);
  await tx`
    create temporary table marked_series on commit drop as
      select s.id, s.metric, s.label_names, s.labels, s.label_names = w.whole as is_whole
      from metric_series s
      join jsonb_to_recordset(${JSON.stringify(whole)}::jsonb) as w (name text, whole text) on w.name = s.metric
      where labels->>'source' like ${globToLike(`${sourcePrefix}*`)} or labels->>'consumer' like ${ofConsumers}
        or (s.metric like 'channel%' and labels->>'channel' like ${ofConsumers})
        or labels->>'projection' = any(${[...projections]}::text[])
        or labels->>'saga' = any(${[...sagas]}::text[])`;
}

async function sumCounts(tx: SqlTx): Promise<void> {
  await tx`
    with binned as (
      select series_id, slot, second, array_agg(bin order by bin) as bins, array_agg(count order by bin) as counts
      from (
        select series_id, slot, second, bin, sum(count)::bigint as count
        from left_parts, unnest(bins, counts) as b (bin, count) group by 1, 2, 3, 4
      ) each_bin group by 1, 2, 3
    ), summed as (
      select series_id, slot, second, sum(samples)::bigint as samples, sum(sum) as sum, min(low) as low, max(high) as high
      from left_parts where metric <> all(${gauges()}::text[]) group by 1, 2, 3
    )
    insert into metric_points (slot, series_id, second, samples, sum, low, high, bins, counts, p50, p95, p99)
    select slot, series_id, second, samples, sum, low, high, bins, counts,
      metric_percentile(bins, counts, 0.5), metric_percentile(bins, counts, 0.95), metric_percentile(bins, counts, 0.99)
    from summed left join binned using (series_id, slot, second)`;
}

/** As one measure of what was measured of the others at the time. */
async function sumGauges(tx: SqlTx): Promise<void> {
  const highest = gauges().filter((name) => definitionOf(name).together === "highest");
  await tx`
    with parts as (
      select series_id, metric = any(${highest}::text[]) as is_highest, slot, second, part_id,
        sum(samples)::bigint as samples, sum(sum) / nullif(sum(samples), 0) as average, min(low) as low,
        max(high) as high, max(last) as last
      from left_parts where metric = any(${gauges()}::text[]) group by 1, 2, 3, 4, 5
    )
    insert into metric_points (slot, series_id, second, samples, sum, low, high, last)
    select slot, series_id, second, max(samples),
      max(samples) * case when is_highest then max(average) else sum(average) end,
      case when is_highest then max(low) else sum(low) end, case when is_highest then max(high) else sum(high) end,
      case when is_highest then max(last) else sum(last) end
    from parts group by slot, series_id, second, is_highest`;
}

function gauges() {
  return METRIC_NAMES.filter((name) => definitionOf(name).kind === "gauge");
}
