import { seededRandom } from "#server/domain/fault-injection.ts";
import { quantile, RELATIVE_ERROR } from "#server/domain/log-histogram.ts";
import { durationsPoint } from "#server/domain/metrics/points.ts";
import type { BenchContext, Benchmark } from "./harness/benchmark.ts";
import { startLoad } from "./harness/load-process.ts";
import { median } from "./harness/percentile.ts";
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

/**
 * Ingest alone, and with the counting beside it, in turns: the clock stops when everything is stored, and counted. Either
 * goes first in every other round, as a database that grows gets slower.
 */
async function measureCost(bench: BenchContext): Promise<BenchRow[]> {
  const { url, login, database } = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
  const http = startLoad<BatchPostsJob, BatchPostsResult>("batch-posts", bench.signal);
  const counter = startLoad<CountMetricsJob, null>("count-metrics", bench.signal);
  const events = bench.isQuick ? 20_000 : 400_000;
  const rounds = bench.isQuick ? 2 : 6;
  const rates: { alone: number; counted: number }[] = [];
  let expected = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const postAlone = async () => {
      const rate = await timePosts(http, { url, run: `a${round}`, events });
      // Counted before the next turn, outside of any.
      await counter.run({ step: "start", login });
      await counter.run({ step: "finish" });
      return rate;
    };
    const postCounted = async () => {
      await counter.run({ step: "start", login });
      return timePosts(http, { url, run: `b${round}`, events }, async () => {
        await counter.run({ step: "finish" });
      });
    };
    const before = round % 2 === 1 ? await postAlone() : null;
    const counted = await postCounted();
    const alone = before ?? (await postAlone());
    expected += 2 * events;
    if (round === 0) continue;
    rates.push({ alone, counted });
    const ratio = (counted / alone).toFixed(3);
    bench.say(
      `round ${round}: alone ${Math.round(alone)}, counted ${Math.round(counted)} events/s, ${ratio}`,
    );
  }
  await Promise.all([http.stop(), counter.stop()]);
  const [row] = await database.sql<{ counted: number }[]>`
    select coalesce(sum(samples), 0)::int as counted from metric_points join metric_series s on s.id = series_id
    where metric = 'events' and label_names = '' and slot / 4 = 0`;
  if (row?.counted !== expected) throw new Error(`${row?.counted} of ${expected} events were counted.`);
  const alone = median(rates.map((rate) => rate.alone));
  return [
    atLeastRatio(0.9, {
      case: "metrics: ingest with the counting beside ingest without, median of the rounds' ratios",
      figure: alone * median(rates.map((rate) => rate.counted / rate.alone)),
      unit: "events/s",
      reference: alone,
    }),
  ];
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
