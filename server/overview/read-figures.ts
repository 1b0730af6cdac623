import type { FigureDto } from "#server/contract/overview.ts";
import type { MetricName, Stat } from "#server/domain/metrics/catalogue.ts";
import type { Context } from "#server/platform/context.ts";
import { isPercentile } from "../metrics/sum-curves.ts";
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
  { earlier, hours }: { earlier: readonly EarlierFigure[]; hours: readonly HourOfTimes[] },
): Promise<FigureDto[]> {
  const known = new Map(hours.map((hour) => [hour.metric, hour]));
  return Promise.all(
    FIGURES.map(async ({ metric, stat }, place) => {
      const { line, now } = known.get(metric) ?? (await readLastHour(clock, reader, { metric, stat }));
      const { dayAgo = null, weekAgo = null } = earlier[place] ?? {};
      return {
        metric,
        stat,
        now,
        dayAgo,
        weekAgo,
        line,
        href: `/metrics?metric=${metric}&stat=${stat}&compare=day`,
      };
    }),
  );
}

/** How long things took in the last hour. */
export type HourOfTimes = Awaited<ReturnType<typeof readLastHour>> & { metric: MetricName };

/** Of those figures that are percentiles: their histograms are most of what an overview would read. */
export function readTimesOfHour(clock: Context["clock"], reader: SeriesReader): Promise<HourOfTimes[]> {
  const times = FIGURES.filter(({ stat }) => isPercentile(stat));
  return Promise.all(
    times.map(async (figure) => ({ metric: figure.metric, ...(await readLastHour(clock, reader, figure)) })),
  );
}

async function readLastHour(
  clock: Context["clock"],
  reader: SeriesReader,
  { metric, stat }: { metric: MetricName; stat: Stat },
): Promise<{ line: FigureDto["line"]; now: number | null }> {
  const toMs = clock.now().getTime();
  const window = { fromMs: toMs - HOUR_MS + MINUTE_MS, toMs, stepMs: MINUTE_MS };
  const { values: line = [], overall: now = null } =
    (await reader.read({ metric, stat, ...window })).get("") ?? {};
  // Of a minute that is not over, a count is that of a part: the course would seem to fall.
  return { line: stat === "count" ? line.slice(0, -1) : line, now };
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
