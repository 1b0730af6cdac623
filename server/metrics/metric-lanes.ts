import type { Sql } from "#drizzle/db.ts";
import { listSeries, type SeriesRow } from "#drizzle/queries/metric-reading.ts";
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

/** The series that answer a question: totals, where those are kept by what it asks for. */
export async function findLanes(sql: Sql, { metric, by, where = {} }: LaneQuery): Promise<Lanes> {
  const definition = definitionOf(metric);
  const filters = Object.entries(where) as [MetricLabel, string[]][]; // the keys of its schema
  const asked = new Set([...filters.map(([label]) => label), ...(by === undefined ? [] : [by])]);
  for (const label of asked) {
    if (definition.labels.includes(label)) continue;
    const known =
      definition.labels.length === 0
        ? "It has no labels."
        : `Its labels are ${definition.labels.join(", ")}.`;
    throw new AppError("invalid", `${metric} has no label ${label}. ${known}`);
  }
  const { main, rest } = storedOf(metric);
  const labelNames = namesToRead(definition.labels, asked, definition.kind === "gauge").join(",");
  const isMeasured = sourceOf(metric) === "samples" && definition.kind !== "gauge";
  const [series, together] = await Promise.all([
    listSeries(sql, { metrics: [...main, ...rest], labelNames, where: filters }),
    isMeasured ? listSeries(sql, { metrics: main, labelNames: "", where: [] }) : [],
  ]);
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
    presence: isMeasured ? { role: "presence", ids: together.map(({ id }) => id) } : null,
    isCapped: series.some(({ labels }) => Object.values(labels).includes(OTHER_VALUE)),
  };
}

/** Which points a metric is worked out from. */
function storedOf(metric: MetricName): { main: StoredMetric[]; rest: StoredMetric[] } {
  if (metric === "attempts") return { main: ["attempts_succeeded", "attempts_failed"], rest: [] };
  if (metric === "failure_rate") return { main: ["attempts_failed"], rest: ["attempts_succeeded"] };
  return { main: [metric], rest: [] };
}

/** Totals are kept of each label alone, and of all together; but not of the gauges of several processes. */
function namesToRead(
  labels: readonly MetricLabel[],
  asked: ReadonlySet<MetricLabel>,
  isGauge: boolean,
): readonly MetricLabel[] {
  if (asked.size > 1 || (isGauge && labels.includes("instance"))) return labels;
  return labels.filter((label) => asked.has(label));
}
