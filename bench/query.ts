import type { BenchContext, Benchmark } from "./harness/benchmark.ts";
import { atMost, type BenchRow } from "./harness/rows.ts";
import { timeQuestion } from "./harness/time-question.ts";
import { listQuestions, storeEvents, waitUntilCounted } from "./stored-events.ts";

const LIMIT_MS = 100;

/** Lists, filters, flows and single events with five million events stored, over HTTP. */
export const query: Benchmark = {
  name: "query",
  limitMs: 900_000,
  run: async (bench) => {
    const owner = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
    const total = bench.isQuick ? 200_000 : 5_000_000;
    await storeEvents(bench, owner, total);
    // What was stored before positions that a process knew already, it learns of when it starts.
    const server = await bench.startServer({ settings: { NAGARE_ROLES: "ingest,worker" }, beside: owner });
    await waitUntilCounted(bench, server, total);
    return measureQuestions(bench, { url: server.url, stored: total, name: "query" });
  },
};

/** How long each question takes to be answered with so many events stored. */
export async function measureQuestions(
  bench: BenchContext,
  { url, stored, name }: { url: string; stored: number; name: string },
): Promise<BenchRow[]> {
  const options = { times: bench.isQuick ? 20 : 60, signal: bench.signal };
  const rows: BenchRow[] = [];
  for (const [question, path] of listQuestions(stored)) {
    const p95 = await timeQuestion(url, path, options);
    rows.push(atMost(LIMIT_MS, { case: `${name}: ${question}, p95`, figure: p95, unit: "ms" }));
    bench.say(`${question}: p95 ${p95.toFixed(1)} ms`);
  }
  return rows;
}
