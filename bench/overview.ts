import { setTimeout as sleep } from "node:timers/promises";
import type { BenchContext } from "./harness/benchmark.ts";
import { startLoad } from "./harness/load-process.ts";
import { median, percentile } from "./harness/percentile.ts";
import { atMost, type BenchRow, forReading } from "./harness/rows.ts";
import type { PassDayJob, PassDayResult } from "./load/pass-day.ts";

const LIMIT_MS = 100;
const CONSUMERS = 200;
/** As the page asks: each answer is another one, which the server has read meanwhile. */
const PAUSE_MS = 2_000;
/** Who asks so seldom finds nothing read meanwhile that is not too old. */
const SELDOM_MS = 3_500;
/** Both together longer than anything is kept that an answer is made of. */
const TURNS = 30;

/**
 * The overview after a day with ten million events, while they go on to come: every answer is read anew, and counting
 * goes on beside it.
 */
export async function measureOverview(bench: BenchContext): Promise<BenchRow[]> {
  const { url, login } = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
  const events = bench.isQuick ? 100_000 : 10_000_000;
  const load = startLoad<PassDayJob, PassDayResult>("pass-day", bench.signal);
  await load.run({ step: "begin", login, events, consumers: CONSUMERS });
  for (let said = 0, isNow = false; !isNow; ) {
    const passed = await load.run({ step: "pass" });
    isNow = passed.isNow;
    if (passed.stored - said < events / 10 && !isNow) continue;
    said = passed.stored;
    bench.say(`${said.toLocaleString("en-US")} events of the day stored and counted`);
  }
  await load.run({ step: "follow" });
  const options = { turns: bench.isQuick ? 10 : TURNS, signal: bench.signal };
  const { first, took } = await measureAnswers(url, { ...options, pauseMs: PAUSE_MS });
  const { took: seldom } = await measureAnswers(url, { ...options, pauseMs: SELDOM_MS });
  await load.run({ step: "rest" });
  await load.stop();
  return [
    atMost(LIMIT_MS, {
      case: `metrics: the overview after a day of ${events.toLocaleString("en-US")} events, p95`,
      figure: percentile(took, 0.95),
      unit: "ms",
    }),
    forReading({ case: "metrics: the same, median", figure: median(took), unit: "ms" }),
    forReading({
      case: "metrics: the same, asked for by hand, p95",
      figure: percentile(seldom, 0.95),
      unit: "ms",
    }),
    forReading({ case: "metrics: the same, asked for by hand, median", figure: median(seldom), unit: "ms" }),
    forReading({ case: "metrics: the overview that a server is asked for first", figure: first, unit: "ms" }),
  ];
}

/** The first request of a server, and those after it. */
export async function measureAnswers(
  url: string,
  { turns, pauseMs, signal }: { turns: number; pauseMs: number; signal: AbortSignal },
): Promise<{ first: number; took: number[] }> {
  const took: number[] = [];
  let version = "";
  for (let turn = 0; turn <= turns; turn += 1) {
    const startedAt = performance.now();
    const response = await fetch(`${url}/api/v1/overview`, { signal });
    const text = await response.text();
    took.push(performance.now() - startedAt);
    if (!response.ok) throw new Error(`The overview was answered with ${response.status}: ${text}`);
    if (text === version) throw new Error("The overview was not read anew.");
    version = text;
    check(text);
    await sleep(pauseMs, undefined, { signal });
  }
  const [first = Number.NaN, ...later] = took;
  return { first, took: later };
}

function check(text: string): void {
  const { services, figures }: { services: { line: unknown[] }[]; figures: { now: number | null }[] } =
    JSON.parse(text);
  const isEmpty = services.length === 0 || !figures.some(({ now }) => (now ?? 0) > 0);
  if (isEmpty) throw new Error(`The overview shows nothing: ${text.slice(0, 500)}`);
}
