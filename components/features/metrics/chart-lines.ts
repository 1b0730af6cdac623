import type { ChartLine } from "#components/ui/chart/line-chart.tsx";
import type { MetricAnswerDto, MetricSeriesDto } from "#server/contract/metrics.ts";
import type { MetricLabel } from "#server/domain/metrics/catalogue.ts";

const COLOURS = 8;
/** The key of all series together. */
export const ALL = "";

/** A line of a chart with what stands beside it in the legend. */
export type NamedLine = ChartLine & {
  /** The value of the label; empty for all together. */
  value: string;
  overall: number | null;
  /** The same over the window that it is compared with; null without one. */
  earlier: number | null;
};

/**
 * The lines of an answer, each in a colour of its own, and dashed in the same colour the ones of an earlier window.
 * More lines than colours are told apart by the legend.
 */
export function linesOf(answer: MetricAnswerDto, earlier: MetricAnswerDto | null): NamedLine[] {
  const steps = answer.series[0]?.values.length ?? 0;
  return answer.series.map((series, index) => ({
    key: keyOf(series, answer.by),
    value: keyOf(series, answer.by),
    colour: `var(--chart-${(index % COLOURS) + 1})`,
    values: series.values.slice(0, steps),
    overall: series.overall,
    earlier: findSame(series, answer.by, earlier)?.overall ?? null,
  }));
}

/** Beside each line, how it was in the window that it is compared with. */
export function earlierLines(lines: readonly NamedLine[], earlier: MetricAnswerDto | null): ChartLine[] {
  if (earlier === null) return [];
  return lines.flatMap(({ key, colour, values }) => {
    const before = earlier.series.find((series) => keyOf(series, earlier.by) === key);
    if (before === undefined) return [];
    return [{ key: `${key} before`, colour, isDashed: true, values: asLong(before.values, values.length) }];
  });
}

/** Whether nothing at all is known of a window. */
export function isUnknown({ series }: MetricAnswerDto): boolean {
  return series.every(({ values }) => values.every((value) => value === null));
}

/** Windows of days of other lengths may differ by a step. */
function asLong(values: readonly (number | null)[], length: number): (number | null)[] {
  return Array.from({ length }, (_, index) => values[index] ?? null);
}

function findSame(series: MetricSeriesDto, by: MetricLabel | null, answer: MetricAnswerDto | null) {
  return answer?.series.find((each) => keyOf(each, by) === keyOf(series, by));
}

function keyOf({ labels }: MetricSeriesDto, by: MetricLabel | null): string {
  return by === null ? ALL : (labels[by] ?? ALL);
}
