import type { MetricAnswerDto, MetricSeriesDto } from "#server/contract/metrics.ts";
import type { MetricLabel, MetricName, Stat } from "#server/domain/metrics/catalogue.ts";
import type { Context } from "#server/platform/context.ts";
import { queryMetric } from "../metrics/query-metric.ts";

/** Of one metric. Beyond that, the overview says that there are more. */
const MAX_SERIES = 500;

export type SeriesQuestion = {
  metric: MetricName;
  stat: Stat;
  by?: MetricLabel;
  fromMs: number;
  toMs: number;
  stepMs: number;
};

/** The series of a metric by the value of their label; of all together under the empty text. */
export type SeriesByName = ReadonlyMap<string, Pick<MetricSeriesDto, "values" | "overall">>;

/** Reads series in whole steps, the last one being under way. Moments in milliseconds since 1970. */
export async function readSeries(
  ctx: Pick<Context, "sql" | "clock">,
  question: SeriesQuestion,
): Promise<SeriesByName> {
  return byName(await askSeries(ctx, question));
}

/** The whole answer to the same question, with how far it is complete. */
export function askSeries(
  ctx: Pick<Context, "sql" | "clock">,
  { metric, stat, by, fromMs, toMs, stepMs }: SeriesQuestion,
): Promise<MetricAnswerDto> {
  return queryMetric(ctx, {
    metric,
    stat,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    stepMs,
    ...(by !== undefined && { by, top: MAX_SERIES }),
  });
}

/** The series of an answer. */
export function byName({ by, series }: MetricAnswerDto): SeriesByName {
  return new Map(series.map((one) => [by === null ? "" : (one.labels[by] ?? ""), one]));
}

/** The last value that is known. */
export function lastKnown(values: readonly (number | null)[] | undefined): number | null {
  return values?.findLast((value) => value !== null) ?? null;
}

/** The first value that is known. */
export function firstKnown(values: readonly (number | null)[] | undefined): number | null {
  return values?.find((value) => value !== null) ?? null;
}

/** What all values that are known add up to. */
export function sumOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}
