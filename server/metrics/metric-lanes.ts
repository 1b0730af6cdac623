import type { Sql } from "#drizzle/db.ts";
import { listSeries, type SeriesRow, type WantedRows } from "#drizzle/queries/metric-reading.ts";
import type { LabelFilter } from "#server/contract/metrics.ts";
import {
  definitionOf,
  type MetricLabel,
  type MetricName,
  OTHER_VALUE,
  type StoredMetric,
  sourceOf,
} from "#server/domain/metrics/catalogue.ts";
import { AppError } from "#server/platform/errors.ts";

export type LaneQuery = {
  metric: MetricName;
  by?: MetricLabel | undefined;
  where?: LabelFilter | undefined;
};

/**
 * Series that are summed up together. `rest` is what a share is taken of beside the others; `presence` says whether
 * anything was measured at all.
 */
export type Lane = { role: "main" | "rest" | "presence"; ids: number[] };

/** What one curve is of. */
export type LaneGroup = { value: string | null; lanes: Lane[] };

export type Lanes = { groups: LaneGroup[]; presence: Lane | null; isCapped: boolean };

/** The series that answer each question: totals, where those are kept by what it asks for. */
export async function findLanes(sql: Sql, queries: readonly LaneQuery[]): Promise<Lanes[]> {
  const wanted = new Map<string, WantedRows>();
  const keyOf = (one: WantedRows) => {
    const key = JSON.stringify(one);
    wanted.set(key, one);
    return key;
  };
  const keys = queries.map((query) => wantedFor(query).map(keyOf));
  const found = await listSeries(sql, [...wanted.values()]);
  const rows = new Map([...wanted.keys()].map((key, place) => [key, found[place] ?? []]));
  return queries.map((query, place) =>
    toLanes(
      query,
      (keys[place] ?? []).flatMap((key) => rows.get(key) ?? []),
    ),
  );
}

/** What is read for a question; of what is measured, whether anything was, too. */
function wantedFor(query: LaneQuery): WantedRows[] {
  const { metric, where = {} } = query;
  const { main, rest } = storedOf(metric);
  const labelNames = namesToRead(query).join(",");
  return [
    ...[...main, ...rest].map((metric) => ({ metric, labelNames, where })),
    ...(hasPresence(metric) && labelNames !== ""
      ? main.map((metric) => ({ metric, labelNames: "", where: {} }))
      : []),
  ];
}

function toLanes(query: LaneQuery, rows: readonly SeriesRow[]): Lanes {
  const { metric, by } = query;
  const definition = definitionOf(metric);
  const { rest } = storedOf(metric);
  const isWhole = ({ labels }: SeriesRow) => Object.keys(labels).length === 0;
  const isByNone = namesToRead(query).length === 0;
  const series = rows.filter((row) => isByNone || !isWhole(row));
  const byValue = Map.groupBy(series, ({ labels }) => (by === undefined ? null : (labels[by] ?? null)));
  if (by === undefined && byValue.size === 0) byValue.set(null, []);
  const isRest = ({ metric }: SeriesRow) => rest.some((name) => name === metric);
  const groups = [...byValue].map(([value, rows]): LaneGroup => {
    if (definition.kind === "gauge")
      return { value, lanes: rows.map(({ id }) => ({ role: "main", ids: [id] })) };
    const lanes: Lane[] = [
      { role: "main", ids: rows.filter((row) => !isRest(row)).map(({ id }) => id) },
      { role: "rest", ids: rows.filter(isRest).map(({ id }) => id) },
    ];
    return { value, lanes: lanes.filter(({ ids }) => ids.length > 0) };
  });
  return {
    groups,
    presence: hasPresence(metric)
      ? { role: "presence", ids: rows.filter(isWhole).map(({ id }) => id) }
      : null,
    isCapped: series.some(({ labels }) => Object.values(labels).includes(OTHER_VALUE)),
  };
}

/** Counts of what is measured say nothing of moments in which nothing measured. */
function hasPresence(metric: MetricName): boolean {
  return sourceOf(metric) === "samples" && definitionOf(metric).kind !== "gauge";
}

/** Which points a metric is worked out from. */
function storedOf(metric: MetricName): { main: StoredMetric[]; rest: StoredMetric[] } {
  if (metric === "attempts") return { main: ["attempts_succeeded", "attempts_failed"], rest: [] };
  if (metric === "failure_rate") return { main: ["attempts_failed"], rest: ["attempts_succeeded"] };
  return { main: [metric], rest: [] };
}

/**
 * The labels of the series that a question is answered from: totals are kept of each label alone, and of all together;
 * but not of the gauges of several processes. Throws `invalid` for labels that the metric has not.
 */
function namesToRead({ metric, by, where = {} }: LaneQuery): readonly MetricLabel[] {
  const { labels, kind } = definitionOf(metric);
  const filters = Object.keys(where) as MetricLabel[]; // the keys of its schema
  const asked = new Set([...filters, ...(by === undefined ? [] : [by])]);
  for (const label of asked) {
    if (labels.includes(label)) continue;
    const known = labels.length === 0 ? "It has no labels." : `Its labels are ${labels.join(", ")}.`;
    throw new AppError("invalid", `${metric} has no label ${label}. ${known}`);
  }
  if (asked.size > 1 || (kind === "gauge" && labels.includes("instance"))) return labels;
  return labels.filter((label) => asked.has(label));
}
