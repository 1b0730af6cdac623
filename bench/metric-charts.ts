import type { BenchContext } from "./harness/benchmark.ts";
import { percentile } from "./harness/percentile.ts";
import { atMost, type BenchRow, forReading } from "./harness/rows.ts";
import { fillMetrics } from "./measured-system.ts";

const LIMIT_MS = 150;
const WINDOW_S = 30 * 86_400;
/** Points of the charts of a page, of one that is enlarged, and columns of a heat map. */
const CARD = 240;
const LARGE = 720;
const COLUMNS = 180;

/** What the page of metrics asks for: every way to tell a kind of metric, together and broken down by each label. */
const QUESTIONS = [
  ...asked("events", ["rate", "count"], ["type", "source", "version"]),
  ...asked("attempts", ["rate", "count"], ["consumer", "type"]),
  ...asked("failure_rate", ["ratio"], ["consumer", "type"]),
  ...asked("processing_time", ["p95", "p50", "p99", "average", "max", "count"], ["consumer", "type"]),
  ...asked("backlog", ["average", "max", "min", "last"], ["consumer"]),
  // As a program may ask for it, and narrowed.
  "query?metric=processing_time&by=consumer&top=50",
  "query?metric=failure_rate&by=consumer&top=50",
  "query?metric=processing_time&by=consumer&top=20&type=type.4",
  "query?metric=processing_time&by=type&top=20&consumer=consumer-7",
  "query?metric=events&by=source&top=20&type=event.7",
];
const HEAT_MAPS = [
  "heat-map?metric=processing_time",
  "heat-map?metric=processing_time&consumer=consumer-7",
  "heat-map?metric=processing_time&type=type.4",
];

function asked(metric: string, stats: readonly string[], labels: readonly string[]): string[] {
  const each = labels.map((label) => `&by=${label}&top=20`);
  return stats.flatMap((stat) => ["", ...each].map((by) => `query?metric=${metric}&stat=${stat}${by}`));
}

/** Charts over thirty days, and over the thirty days before them, with which they are compared. */
export async function measureCharts(bench: BenchContext): Promise<BenchRow[]> {
  const { url, database } = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
  const consumers = bench.isQuick ? 20 : 200;
  const { now, points } = await fillMetrics(database, { consumers, signal: bench.signal });
  bench.say(`${points.toLocaleString("en-US")} points of ${consumers} consumers over 60 days`);
  const slowest = await measureAll(url, {
    now,
    times: bench.isQuick ? 5 : 30,
    signal: bench.signal,
    say: bench.say,
  });
  return [
    ...slowest.map(({ name, p95 }) =>
      atMost(LIMIT_MS, {
        case: `metrics: the slowest ${name} over 30 days of 200 consumers, p95`,
        figure: p95,
        unit: "ms",
      }),
    ),
    forReading({ case: "metrics: points that these charts are drawn from", figure: points, unit: "points" }),
  ];
}

/** The slowest of each kind. */
export async function measureAll(
  url: string,
  {
    now,
    times,
    signal,
    say,
  }: { now: number; times: number; signal: AbortSignal; say: (what: string) => void },
): Promise<{ name: string; p95: number }[]> {
  const present = windowTo(now);
  const kinds = [
    { name: "chart", questions: QUESTIONS, rest: `${present}&maxPoints=${CARD}` },
    { name: "enlarged chart", questions: QUESTIONS, rest: `${present}&maxPoints=${LARGE}` },
    {
      name: "chart of the time before",
      questions: QUESTIONS,
      rest: `${windowTo(now - WINDOW_S)}&maxPoints=${CARD}`,
    },
    { name: "heat map", questions: HEAT_MAPS, rest: `${present}&maxPoints=${COLUMNS}` },
  ];
  const slowest: { name: string; p95: number }[] = [];
  for (const { name, questions, rest } of kinds) {
    let worst = 0;
    for (const question of questions) {
      const p95 = await measure(`${url}/api/v1/metrics/${question}${rest}`, times, signal);
      say(`${name}, ${question}: ${p95.toFixed(1)} ms`);
      worst = Math.max(worst, p95);
    }
    slowest.push({ name, p95: worst });
  }
  return slowest;
}

function windowTo(second: number): string {
  return `&from=${iso(second - WINDOW_S)}&to=${iso(second)}`;
}

function iso(second: number): string {
  return new Date(second * 1000).toISOString();
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
