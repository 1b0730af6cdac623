import type { FigureDto } from "#server/contract/overview.ts";
import type { MetricName, Stat } from "#server/domain/metrics/catalogue.ts";
import type { Context } from "#server/platform/context.ts";
import type { SeriesReader } from "./series-reader.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const FIGURES: readonly { metric: MetricName; stat: Stat }[] = [
  { metric: "events", stat: "count" },
  { metric: "attempts", stat: "count" },
  { metric: "failure_rate", stat: "ratio" },
  { metric: "processing_time", stat: "p95" },
  { metric: "critical_time", stat: "p95" },
  { metric: "dead_letters", stat: "count" },
];

/** The last hour in figures. */
export async function readFigures(
  clock: Context["clock"],
  reader: SeriesReader,
  earlier: readonly EarlierFigure[],
): Promise<FigureDto[]> {
  const toMs = clock.now().getTime();
  return Promise.all(
    FIGURES.map(async ({ metric, stat }, place) => {
      const series = await reader.read({
        metric,
        stat,
        fromMs: toMs - HOUR_MS + MINUTE_MS,
        toMs,
        stepMs: MINUTE_MS,
      });
      const { values: line = [], overall: now = null } = series.get("") ?? {};
      const { dayAgo = null, weekAgo = null } = earlier[place] ?? {};
      return {
        metric,
        now,
        dayAgo,
        weekAgo,
        line,
        href: `/metrics?metric=${metric}&stat=${stat}&compare=day`,
      };
    }),
  );
}

export type EarlierFigure = { dayAgo: number | null; weekAgo: number | null };

/** The same hour a day and a week ago, in the order of the figures. */
export async function readEarlierFigures(
  clock: Context["clock"],
  reader: SeriesReader,
): Promise<EarlierFigure[]> {
  const toMs = Math.ceil(clock.now().getTime() / MINUTE_MS) * MINUTE_MS;
  const read = async (metric: MetricName, stat: Stat, agoMs: number) => {
    const window = { fromMs: toMs - agoMs - HOUR_MS, toMs: toMs - agoMs, stepMs: MINUTE_MS };
    return (await reader.read({ metric, stat, ...window })).get("")?.overall ?? null;
  };
  return Promise.all(
    FIGURES.map(async ({ metric, stat }) => {
      const [dayAgo, weekAgo] = await Promise.all([
        read(metric, stat, DAY_MS),
        read(metric, stat, 7 * DAY_MS),
      ]);
      return { dayAgo, weekAgo };
    }),
  );
}
