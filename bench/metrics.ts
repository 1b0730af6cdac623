import { seededRandom } from "#server/domain/fault-injection.ts";
import { quantile, RELATIVE_ERROR } from "#server/domain/log-histogram.ts";
import { durationsPoint } from "#server/domain/metrics/points.ts";
import type { BenchContext, Benchmark } from "./harness/benchmark.ts";
import { startLoad } from "./harness/load-process.ts";
import { median, percentile } from "./harness/percentile.ts";
import { atLeastRatio, atMost, type BenchRow, forReading } from "./harness/rows.ts";
import type { BatchPostsJob, BatchPostsResult } from "./load/batch-posts.ts";
import type { CountMetricsJob } from "./load/count-metrics.ts";
import { fillMetrics } from "./measured-system.ts";
import { timePosts } from "./time-posts.ts";

const LIMIT_MS = 150;

/** Charts over thirty days, what counting for them costs those who send events in, and how true percentiles are. */
export const metrics: Benchmark = {
  name: "metrics",
  limitMs: 900_000,
  run: async (bench) => [...(await measureCost(bench)), ...(await measureCharts(bench)), measureError()],
};

/** Ingest alone, and with the counting beside it, in turns: the clock stops when everything is stored, and counted. */
async function measureCost(bench: BenchContext): Promise<BenchRow[]> {
  const { url, login, database } = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
  const http = startLoad<BatchPostsJob, BatchPostsResult>("batch-posts", bench.signal);
  const counter = startLoad<CountMetricsJob, null>("count-metrics", bench.signal);
  const events = bench.isQuick ? 20_000 : 200_000;
  const rounds = bench.isQuick ? 2 : 6;
  const rates = { alone: [] as number[], counted: [] as number[] };
  let expected = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const alone = await timePosts(http, { url, run: `a${round}`, events });
    // What came meanwhile is counted before the next turn, outside of any.
    await counter.run({ step: "start", login });
    await counter.run({ step: "finish" });
    await counter.run({ step: "start", login });
    const counted = await timePosts(http, { url, run: `b${round}`, events }, async () => {
      await counter.run({ step: "finish" });
    });
    expected += 2 * events;
    if (round === 0) continue;
    rates.alone.push(alone);
    rates.counted.push(counted);
    bench.say(`round ${round}: alone ${Math.round(alone)}, counted ${Math.round(counted)} events/s`);
  }
  await Promise.all([http.stop(), counter.stop()]);
  const [row] = await database.sql<{ counted: number }[]>`
    select coalesce(sum(samples), 0)::int as counted from metric_points join metric_series s on s.id = series_id
    where metric = 'events' and label_names = '' and slot / 4 = 0`;
  if (row?.counted !== expected) throw new Error(`${row?.counted} of ${expected} events were counted.`);
  return [
    atLeastRatio(0.9, {
      case: "metrics: ingest with the counting beside ingest without",
      figure: median(rates.counted),
      unit: "events/s",
      reference: median(rates.alone),
    }),
  ];
}

const CHARTS = [
  "query?metric=attempts",
  "query?metric=attempts&by=consumer&top=10",
  "query?metric=failure_rate&by=consumer&top=10",
  "query?metric=failure_rate&by=type",
  "query?metric=processing_time",
  "query?metric=processing_time&by=consumer&top=10",
  "query?metric=processing_time&by=consumer&top=50",
  "query?metric=processing_time&by=consumer&type=type.4",
  "query?metric=processing_time&stat=average&by=type",
  "query?metric=backlog",
  "query?metric=backlog&by=consumer&top=10",
  "heat-map?metric=processing_time",
];

async function measureCharts(bench: BenchContext): Promise<BenchRow[]> {
  const { url, database } = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
  const consumers = bench.isQuick ? 20 : 200;
  const { from, to, points } = await fillMetrics(database, { consumers, signal: bench.signal });
  bench.say(`${points.toLocaleString("en-US")} points of ${consumers} consumers over 30 days`);
  const times = bench.isQuick ? 5 : 30;
  let slowest = 0;
  for (const chart of CHARTS) {
    const address = `${url}/api/v1/metrics/${chart}&from=${from}&to=${to}`;
    const p95 = await measure(address, times, bench.signal);
    bench.say(`${chart}: ${p95.toFixed(1)} ms`);
    slowest = Math.max(slowest, p95);
  }
  return [
    atMost(LIMIT_MS, {
      case: "metrics: the slowest chart over 30 days of 200 consumers, p95",
      figure: slowest,
      unit: "ms",
    }),
    forReading({ case: "metrics: points that these charts are drawn from", figure: points, unit: "points" }),
  ];
}

async function measure(url: string, times: number, signal: AbortSignal): Promise<number> {
  const took: number[] = [];
  for (let turn = 0; turn < times + 5; turn += 1) {
    const startedAt = performance.now();
    const response = await fetch(url, { signal });
    const text = await response.text();
    if (!response.ok) throw new Error(`${url} was answered with ${response.status}: ${text}`);
    // The first ones warm up.
    if (turn >= 5) took.push(performance.now() - startedAt);
    if (turn === 0) check(url, text);
  }
  return percentile(took, 0.95);
}

function check(url: string, text: string): void {
  const { series, cells }: { series?: { overall: number | null }[]; cells?: unknown[] } = JSON.parse(text);
  const isEmpty = cells ? cells.length === 0 : !series?.length || series.some(({ overall }) => !overall);
  if (isEmpty) throw new Error(`${url} shows nothing: ${text.slice(0, 500)}`);
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
