import type { PendingQuery, Row } from "postgres";
import type { Sql, SqlTx } from "../db.ts";

/** Shared by all who add points; alone, who sums them up or takes some away. */
const LOCK = 7_104_040;

/** Up to where each resolution from the second on was summed up from the one below: the first second that was not. */
export type Folds = readonly [number, number, number, number, number];

/**
 * Keeps others from summing up until this transaction ends.
 *
 * @returns up to where each resolution was summed up, which does not change meanwhile.
 */
export async function shareMetrics(tx: SqlTx): Promise<Folds> {
  return readBehind(tx, tx`select pg_advisory_xact_lock_shared(${LOCK})`);
}

/** Waits for all who add points, and keeps them waiting until this transaction ends. */
export async function lockMetrics(tx: SqlTx): Promise<Folds> {
  return readBehind(tx, tx`select pg_advisory_xact_lock(${LOCK})`);
}

/**
 * Reads behind the lock, sent together: what was committed while it was waited for is seen. A query is sent when it is
 * awaited first, in whatever order that happens, so that the lock is sent by hand.
 */
async function readBehind(tx: SqlTx, lock: PendingQuery<Row[]>): Promise<Folds> {
  const [, folds] = await Promise.all([lock.execute(), readFolds(tx)]);
  return folds;
}

/** Up to where each resolution was summed up. */
export async function readFolds(tx: Sql | SqlTx): Promise<Folds> {
  const rows = await tx<{ second: string }[]>`select second from metric_folds order by resolution`;
  const [a, b, c, d, e] = rows.map(({ second }) => Number(second));
  if (a === undefined || b === undefined || c === undefined || d === undefined || e === undefined) {
    throw new Error("A resolution of metrics is missing.");
  }
  return [a, b, c, d, e];
}

export type WantedSeries = { metric: string; labelNames: string; labels: Readonly<Record<string, string>> };

/** The ids of series, in their order; null of those that are not there. */
export async function findSeriesIds(tx: SqlTx, wanted: readonly WantedSeries[]): Promise<(number | null)[]> {
  const rows = await tx<{ id: number | null }[]>`
    select s.id
    from unnest(${wanted.map(({ metric }) => metric)}::text[], ${wanted.map(({ labels }) => JSON.stringify(labels))}::text[])
      with ordinality as w (metric, labels, place)
    left join metric_series s on s.metric = w.metric and md5(s.labels::text) = md5(w.labels::jsonb::text)
    order by place`;
  return rows.map(({ id }) => id);
}

/** Adds series that are not there yet. */
export async function insertSeries(tx: SqlTx, series: readonly WantedSeries[]): Promise<void> {
  // In one order for everybody, as whoever adds the same one waits for the other.
  await tx`
    insert into metric_series (metric, label_names, labels)
    select distinct metric, "labelNames", labels
    from jsonb_to_recordset(${JSON.stringify(series)}::jsonb) as w (metric text, "labelNames" text, labels jsonb)
    order by metric, "labelNames", labels on conflict do nothing`;
}

/** How many series there are of a metric with the same names of labels. */
export async function countSeries(tx: SqlTx, metric: string, labelNames: string): Promise<number> {
  const [row] = await tx<{ count: number }[]>`
    select count(*)::int as count from metric_series where metric = ${metric} and label_names = ${labelNames}`;
  return row?.count ?? 0;
}

export type PointRow = {
  resolution: number;
  seriesId: number;
  second: number;
  samples: number;
  sum: number | null;
  low: number | null;
  high: number | null;
  last: number | null;
  bins: number[] | null;
  counts: number[] | null;
};

/** In columns: rows of JSON cost the database twice as much to read as it takes to write them. */
export async function insertPoints(tx: SqlTx, points: readonly PointRow[]): Promise<void> {
  const column = (name: "resolution" | "seriesId" | "second" | "samples" | "sum" | "low" | "high" | "last") =>
    arrayOf(points.map((point) => point[name]));
  const lists = (name: "bins" | "counts") =>
    arrayOf(points.map(({ [name]: list }) => (list === null ? null : `"${arrayOf(list)}"`)));
  await tx`
    insert into metric_points (slot, series_id, second, samples, sum, low, high, last, bins, counts)
    select metric_slot(resolution, second), series_id, second, samples, sum, low, high, last, bins::smallint[], counts::bigint[]
    from unnest(${column("resolution")}::integer[], ${column("seriesId")}::integer[], ${column("second")}::bigint[],
      ${column("samples")}::bigint[], ${column("sum")}::float8[], ${column("low")}::float8[], ${column("high")}::float8[],
      ${column("last")}::float8[], ${lists("bins")}::text[], ${lists("counts")}::text[])
      as p (resolution, series_id, second, samples, sum, low, high, last, bins, counts)`;
}

/** As Postgres reads an array of values that need no quotes, or have them. */
function arrayOf(values: readonly (number | string | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}
