import { setTimeout as sleep } from "node:timers/promises";
import type { BenchContext } from "./harness/benchmark.ts";
import { arePagesBuilt, countFrames, type Frames, launchBrowser, VIEWPORT } from "./harness/browser.ts";
import type { LoadProcess } from "./harness/load-process.ts";
import { percentile } from "./harness/percentile.ts";
import { atLeast, atMost, type BenchRow, forReading } from "./harness/rows.ts";
import type { BenchServer } from "./harness/server.ts";
import type { SteadyPostsJob, SteadyPostsResult } from "./load/steady-posts.ts";

const BATCH = 500;
const CONNECTIONS = 24;
const RATE = 30_000;
const PAUSE_MS = 100;
const LIMIT_MS = 200;

/** What the pages ask for when they open. */
const QUESTIONS = [
  "overview",
  "events?limit=50",
  "events?type=plant.sensor.climate&limit=50",
  "events?subject=sensor-7&limit=50",
  "facets?field=type",
  "types",
  "topology",
  "topology/findings",
  "sagas",
  "sagas/counts",
  "dead-letters",
  "failure-cases",
  "replays",
  "subscriptions",
  "channels",
  "streams",
  "projections",
  "outbox",
  "alerts",
  "alert-rules",
  "scenarios",
];

/** How quick the console is while events come in: what its pages ask for, and what is drawn of the live one. */
export async function measureBeside(
  bench: BenchContext,
  { url }: BenchServer,
  posts: LoadProcess<SteadyPostsJob, SteadyPostsResult>,
): Promise<BenchRow[]> {
  const forMs = bench.isQuick ? 8_000 : 40_000;
  const load = { url, batch: BATCH, connections: CONNECTIONS, forMs, rate: RATE };
  const over = new AbortController();
  const reading = readPages(url, { signal: bench.signal, over: over.signal });
  const read = await posts.run({ ...load, run: "b" }).finally(() => over.abort());
  const tookMs = await reading;
  const rows = [
    takenIn("beside what pages ask for", read),
    ...[...tookMs].map(([question, took]) =>
      atMost(LIMIT_MS, {
        case: `speed: ${question} beside that, p95`,
        figure: percentile(took, 0.95),
        unit: "ms",
      }),
    ),
  ];
  if (!arePagesBuilt()) {
    bench.say("The live page was not opened, since the pages are not built: `npm run build`");
    return rows;
  }
  const drawing = watchLivePage(url, forMs / 2);
  const watched = await posts.run({ ...load, run: "l" });
  const frames = await drawing;
  bench.say(`the live page: ${frames.perSecond.toFixed(1)} frames/s`);
  return [
    ...rows,
    takenIn("beside the live page", watched),
    atLeast(50, { case: "speed: the live page beside that", figure: frames.perSecond, unit: "frames/s" }),
    forReading({
      case: "speed: the live page beside that, p95 of a frame",
      figure: frames.p95Ms,
      unit: "ms",
    }),
  ];
}

function takenIn(beside: string, { acknowledged, elapsedMs }: SteadyPostsResult): BenchRow {
  const figure = (acknowledged / elapsedMs) * 1000;
  return atLeast(RATE * 0.95, { case: `speed: taken in ${beside}`, figure, unit: "events/s" });
}

/** Asks one after the other, until it is over. */
async function readPages(
  url: string,
  { signal, over }: { signal: AbortSignal; over: AbortSignal },
): Promise<Map<string, number[]>> {
  const tookMs = new Map(QUESTIONS.map((question) => [question, [] as number[]]));
  while (!over.aborted) {
    for (const [question, took] of tookMs) {
      const startedAt = performance.now();
      const response = await fetch(`${url}/api/v1/${question}`, { signal });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${question} was answered with ${response.status}.`);
      took.push(performance.now() - startedAt);
    }
    await sleep(PAUSE_MS);
  }
  return tookMs;
}

/** What a browser draws of the live page, once its events come. */
async function watchLivePage(url: string, forMs: number): Promise<Frames> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: VIEWPORT });
    await page.goto(`${url}/live`);
    await page.getByRole("row").nth(20).waitFor({ timeout: 60_000 });
    return await countFrames(page, () => sleep(forMs));
  } finally {
    await browser.close();
  }
}
