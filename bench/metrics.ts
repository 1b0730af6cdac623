import { seededRandom } from "#server/domain/fault-injection.ts";
import { quantile, RELATIVE_ERROR } from "#server/domain/log-histogram.ts";
import { durationsPoint } from "#server/domain/metrics/points.ts";
import type { BenchContext, Benchmark } from "./harness/benchmark.ts";
import { startLoad } from "./harness/load-process.ts";
import { median } from "./harness/percentile.ts";
import { processorSeconds } from "./harness/processor-time.ts";
import { atLeastRatio, atMost, type BenchRow } from "./harness/rows.ts";
import type { BatchPostsJob, BatchPostsResult } from "./load/batch-posts.ts";
import type { CountMetricsJob } from "./load/count-metrics.ts";
import { measureCharts } from "./metric-charts.ts";
import { measureOverview } from "./overview.ts";
import { timePosts } from "./time-posts.ts";

/** What counting costs those who send events in, charts over thirty days, the overview, and how true percentiles are. */
export const metrics: Benchmark = {
  name: "metrics",
  limitMs: 2_700_000,
  run: async (bench) => [
    ...(await measureCost(bench)),
    ...(await measureCharts(bench)),
    ...(await measureOverview(bench)),
    measureError(),
  ],
};

/** Events a second by the clock, and for each second that a processor works for them. */
type Rate = { perSecond: number; perWorked: number };

/**
 * Ingest alone, and with the counting beside it, in turns: the clock stops when everything is stored, and counted. Either
 * goes first in every other round, as a database that grows gets slower. By the clock a turn also
 * depends on what else the machine does, for each second that processors work it does not.
 */
async function measureCost(bench: BenchContext): Promise<BenchRow[]> {
  const { url, pid, login, database } = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
  const http = startLoad<BatchPostsJob, BatchPostsResult>("batch-posts", bench.signal);
  const counter = startLoad<CountMetricsJob, null>("count-metrics", bench.signal);
  const events = bench.isQuick ? 20_000 : 400_000;
  const rounds = bench.isQuick ? 2 : 6;
  const rates: { alone: Rate; counted: Rate }[] = [];
  const worked = () => processorSeconds([pid, counter.pid]);
  const post = async (run: string, then?: () => Promise<void>): Promise<Rate> => {
    const before = await worked();
    const perSecond = await timePosts(http, { url, run, events }, then);
    return { perSecond, perWorked: events / ((await worked()) - before) };
  };
  const start = () => counter.run({ step: "start", login });
  const finish = async () => void (await counter.run({ step: "finish" }));
  let expected = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const postAlone = async () => {
      const rate = await post(`a${round}`);
      // Counted before the next turn, outside of any.
      await start();
      await finish();
      return rate;
    };
    const before = round % 2 === 1 ? await postAlone() : null;
    await start();
    const counted = await post(`b${round}`, finish);
    const alone = before ?? (await postAlone());
    expected += 2 * events;
    if (round === 0) continue;
    rates.push({ alone, counted });
    const say = ({ perSecond, perWorked }: Rate) => `${Math.round(perSecond)} (${Math.round(perWorked)})`;
    bench.say(
      `round ${round}: alone ${say(alone)}, counted ${say(counted)} events/s (for each second of a processor)`,
    );
  }
  await Promise.all([http.stop(), counter.stop()]);
  const [row] = await database.sql<{ counted: number }[]>`
    select coalesce(sum(samples), 0)::int as counted from metric_points join metric_series s on s.id = series_id
    where metric = 'events' and label_names = '' and slot / 4 = 0`;
  if (row?.counted !== expected) throw new Error(`${row?.counted} of ${expected} events were counted.`);
  return [
    atLeastRatio(0.9, {
      case: "metrics: ingest with the counting beside ingest without, median of the rounds' ratios",
      ...besideAlone(rates, ({ perSecond }) => perSecond),
      unit: "events/s",
    }),
    rates.every(({ counted }) => Number.isFinite(counted.perWorked))
      ? atLeastRatio(0.9, {
          case: "metrics: the same for each second that a processor works",
          ...besideAlone(rates, ({ perWorked }) => perWorked),
          unit: "events",
        })
      : [],
  ].flat();
}

/** The median of what is had alone, and with the median of the rounds' ratios. */
function besideAlone(
  rates: readonly { alone: Rate; counted: Rate }[],
  of: (rate: Rate) => number,
): { figure: number; reference: number } {
  const reference = median(rates.map(({ alone }) => of(alone)));
  const ratio = median(rates.map(({ alone, counted }) => of(counted) / of(alone)));
  return { figure: reference * ratio, reference };
}

/** The greatest error of a percentile among many distributions of times. */
function measureError(): BenchRow {
  const random = seededRandom("histograms");
  let worst = 0;
  for (let turn = 0; turn < 200; turn += 1) {
    const middle = 1e-5 * 10 ** (random() * 6);
    const seconds = Array.from({ length: 1_000 }, () => middle * Math.exp(3 * (random() + random() - 1)));
    const { bins } = durationsPoint("processing_time", {}, { atMs: 0, seconds });
    const sorted = seconds.toSorted((a, b) => a - b);
    for (const share of [0.5, 0.95, 0.99]) {
      const exact = (sorted[Math.ceil(share * sorted.length) - 1] ?? 0) * 1e6;
      const told =
        quantile(
          [...(bins ?? [])].map(([bin, count]) => ({ bin, count })),
          share,
        ) ?? 0;
      if (exact >= 1) worst = Math.max(worst, Math.abs(told - exact) / exact);
    }
  }
  return atMost(RELATIVE_ERROR * 100, {
    case: "metrics: error of percentiles, against what is stated",
    figure: worst * 100,
    unit: "%",
  });
}
