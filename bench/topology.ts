import { NameCache } from "#server/names/name-cache.ts";
import { systemClock } from "#server/platform/clock.ts";
import { countTopologyOnce } from "#server/topology/count-topology.ts";
import { observeFlowsOnce } from "#server/topology/observe-flows.ts";
import type { BenchContext, Benchmark } from "./harness/benchmark.ts";
import { startLoad } from "./harness/load-process.ts";
import { median, percentile } from "./harness/percentile.ts";
import { atLeastRatio, atMost, type BenchRow, forReading } from "./harness/rows.ts";
import type { BatchPostsJob, BatchPostsResult } from "./load/batch-posts.ts";
import type { CountTopologyJob } from "./load/count-topology.ts";
import { fillProcessing, setUpSystem, storeEvents } from "./observed-system.ts";
import { timePosts } from "./time-posts.ts";

const LIMIT_MS = 200;
/** In the hour that is drawn. */
const EVENTS = 10_000_000;
const HOUR_MS = 3_600_000;
const EXAMINING_ROUNDS = 25;

/** The graph of an hour with ten million events, and what counting for it costs those who send events in. */
export const topology: Benchmark = {
  name: "topology",
  limitMs: 900_000,
  run: async (bench) => [...(await measureCost(bench)), ...(await measureGraph(bench))],
};

/** Ingest alone, and with the counting beside it, in turns: the clock stops when everything is stored, and counted. */
async function measureCost(bench: BenchContext): Promise<BenchRow[]> {
  const { url, login, database } = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
  const http = startLoad<BatchPostsJob, BatchPostsResult>("batch-posts", bench.signal);
  const counter = startLoad<CountTopologyJob, null>("count-topology", bench.signal);
  const events = bench.isQuick ? 20_000 : 200_000;
  const rounds = bench.isQuick ? 2 : 6;
  const alone = (run: string) => timePosts(http, { url, run, events });
  const rates = { alone: [] as number[], counted: [] as number[] };
  let expected = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const a = await alone(`a${round}`);
    // What came meanwhile is counted before the next turn, outside of any.
    await counter.run({ step: "start", login });
    await counter.run({ step: "finish" });
    await counter.run({ step: "start", login });
    const b = await timePosts(http, { url, run: `b${round}`, events }, async () => {
      await counter.run({ step: "finish" });
    });
    expected += 2 * events;
    if (round === 0) continue;
    rates.alone.push(a);
    rates.counted.push(b);
    bench.say(`round ${round}: alone ${Math.round(a)}, counted ${Math.round(b)} events/s`);
  }
  await Promise.all([http.stop(), counter.stop()]);
  const [row] = await database.sql<{ counted: number; traced: number }[]>`
    select coalesce(sum(events), 0)::int as counted, coalesce(sum(traced), 0)::int as traced from event_minutes`;
  if (row?.counted !== expected) throw new Error(`${row?.counted} of ${expected} events were counted.`);
  return [
    atLeastRatio(0.9, {
      case: "topology: ingest with the counting beside ingest without",
      figure: median(rates.counted),
      unit: "events/s",
      reference: median(rates.alone),
    }),
    forReading({
      case: "topology: causes looked for",
      figure: (row.traced / expected) * 100,
      unit: "% of events",
    }),
  ];
}

/**
 * Ten million events are counted from a million that are stored: the counts are then multiplied, which changes how large
 * they are and not how many. The minutes of deliveries are filled as the bus would write them.
 */
async function measureGraph(bench: BenchContext): Promise<BenchRow[]> {
  const { url, database } = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
  const { sql } = database;
  const stored = bench.isQuick ? 60_000 : 1_000_000;
  const endUs = Math.floor(Date.now() / 60_000) * 60_000_000 - 1;
  const system = await setUpSystem(database);
  await storeEvents(database, system, { events: stored, endUs, signal: bench.signal });
  const startedAt = performance.now();
  while (await countTopologyOnce({ sql })) bench.signal.throwIfAborted();
  const perSecond = (stored / (performance.now() - startedAt)) * 1000;
  bench.say(`${stored.toLocaleString("en-US")} events stored, counted at ${Math.round(perSecond)} events/s`);
  const clock = { ...systemClock, now: () => new Date(Date.now() + HOUR_MS) };
  const ctx = { sql, names: new NameCache(sql), clock };
  for (let round = 0; round < EXAMINING_ROUNDS; round += 1) await observeFlowsOnce(ctx);
  await sql`
    update event_minutes set events = events * ${EVENTS / stored}::float8, caused = caused * ${EVENTS / stored}::float8`;
  await fillProcessing(database, system.consumers, { events: EVENTS, endUs });
  await sql`vacuum analyze event_minutes, cause_minutes, processing_minutes, processing_bins, flow_minutes`;

  const window = `from=${new Date((endUs + 1) / 1000 - HOUR_MS).toISOString()}&to=${new Date((endUs + 1) / 1000).toISOString()}`;
  const [row] = await sql<{ events: number }[]>`select sum(events)::float8 as events from event_minutes`;
  const graph = await ask(`${url}/api/v1/topology?${window}`, bench.signal);
  bench.say(`${row?.events?.toLocaleString("en-US")} events drawn as ${sizeOf(graph)}`);
  const times = bench.isQuick ? 10 : 40;
  const p95 = await measure(`${url}/api/v1/topology?${window}`, times, bench.signal);
  return [
    atMost(LIMIT_MS, {
      case: "topology: graph of an hour with 10 million events, p95",
      figure: p95,
      unit: "ms",
    }),
    forReading({
      case: "topology: verdicts on the same hour, p95",
      figure: await measure(`${url}/api/v1/topology/verdicts?${window}`, times, bench.signal),
      unit: "ms",
    }),
    forReading({ case: "topology: counting alone", figure: perSecond, unit: "events/s" }),
  ];
}

async function measure(url: string, times: number, signal: AbortSignal): Promise<number> {
  const took: number[] = [];
  for (let turn = 0; turn < times + 5; turn += 1) {
    const startedAt = performance.now();
    await ask(url, signal);
    // The first ones warm up.
    if (turn >= 5) took.push(performance.now() - startedAt);
  }
  return percentile(took, 0.95);
}

async function ask(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}: ${text}`);
  return text;
}

function sizeOf(text: string): string {
  const { nodes, edges }: { nodes: unknown[]; edges: unknown[] } = JSON.parse(text);
  if (nodes.length === 0 || edges.length === 0) throw new Error("The graph is empty.");
  return `${nodes.length} nodes and ${edges.length} edges`;
}
