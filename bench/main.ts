import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { deadLetters } from "./dead-letters.ts";
import { delivery } from "./delivery.ts";
import type { Benchmark } from "./harness/benchmark.ts";
import { describeMachine, LoadMeter } from "./harness/machine.ts";
import { formatComparison, formatTable, listLosses } from "./harness/report.ts";
import type { BenchRow } from "./harness/rows.ts";
import { type BenchServer, startBenchServer } from "./harness/server.ts";
import { ingest } from "./ingest.ts";
import { live } from "./live.ts";
import { metrics } from "./metrics.ts";
import { query } from "./query.ts";
import { sagas } from "./sagas.ts";
import { speed } from "./speed.ts";
import { streams } from "./streams.ts";
import { topology } from "./topology.ts";
import { topologyPage } from "./topology-page.ts";

const BENCHMARKS: readonly Benchmark[] = [
  ingest,
  speed,
  query,
  live,
  streams,
  delivery,
  topology,
  topologyPage,
  deadLetters,
  sagas,
  metrics,
];

const USAGE = `npm run bench -- [NAME …] [--json FILE] [--quick]
npm run bench -- compare A.json B.json

Names: ${BENCHMARKS.map(({ name }) => name).join(", ")}. Without a name, all of them.`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
  });
  const [first, before, after, ...more] = positionals;
  if (first === "compare") {
    if (before === undefined || after === undefined || more.length > 0) return refuse("Name two results.");
    return compare(before, after);
  }
  const unknown = positionals.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0) return refuse(`There is no benchmark ${unknown.join(", ")}.`);
  const chosen = BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  return measure(chosen, values);
}

async function measure(
  benchmarks: readonly Benchmark[],
  { json, quick }: { json?: string | undefined; quick: boolean },
): Promise<number> {
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(name, () => interrupted.abort(new Error(`Stopped by ${name}.`)));
  }
  console.log(describeMachine());
  const rows: BenchRow[] = [];
  let failures = 0;
  for (const benchmark of benchmarks) {
    console.log(`\n${benchmark.name}`);
    const meter = new LoadMeter();
    try {
      rows.push(...(await runOne(benchmark, quick, interrupted.signal)));
      console.log(`  ${meter.describe()}`);
    } catch (error) {
      failures += 1;
      console.error(error);
    }
    if (interrupted.signal.aborted) break;
  }
  if (rows.length > 0) console.log(`\n${formatTable(rows)}`);
  if (json !== undefined) {
    await mkdir(path.dirname(path.resolve(json)), { recursive: true });
    await writeFile(json, `${JSON.stringify(rows, null, 2)}\n`);
  }
  return failures === 0 ? 0 : 1;
}

async function runOne(benchmark: Benchmark, isQuick: boolean, interrupted: AbortSignal): Promise<BenchRow[]> {
  const servers: BenchServer[] = [];
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(benchmark.limitMs)]);
  try {
    return await benchmark.run({
      isQuick,
      signal,
      say: (what) => console.log(`  ${what}`),
      startServer: async (options) => {
        const server = await startBenchServer(options, signal);
        servers.push(server);
        return server;
      },
    });
  } finally {
    // One that is beside another has begun after it, and stops before it.
    for (const server of servers.toReversed()) await server.stop();
  }
}

async function compare(before: string, after: string): Promise<number> {
  const [a, b] = [await readRows(before), await readRows(after)];
  console.log(formatComparison(a, b));
  const losses = listLosses(a, b);
  if (losses.length > 0) console.log(`\nMet in A, not in B: ${losses.join(", ")}`);
  return losses.length === 0 ? 0 : 1;
}

async function readRows(file: string): Promise<BenchRow[]> {
  const rows: unknown = JSON.parse(await readFile(file, "utf8"));
  const isRow = (row: unknown): row is BenchRow =>
    typeof row === "object" &&
    row !== null &&
    "case" in row &&
    "figure" in row &&
    typeof row.figure === "number";
  if (!Array.isArray(rows) || !rows.every(isRow)) throw new Error(`${file} is no result of a benchmark.`);
  return rows;
}

function refuse(message: string): number {
  console.error(`${message}\n\n${USAGE}`);
  return 2;
}

process.exitCode = await main();
