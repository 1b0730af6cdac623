import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { measureBeside } from "./beside-ingest.ts";
import { measureGrowing } from "./growing.ts";
import type { BenchContext, Benchmark } from "./harness/benchmark.ts";
import { arePagesBuilt } from "./harness/browser.ts";
import { type LoadProcess, startLoad } from "./harness/load-process.ts";
import { atLeast, atLeastRatio, atMost, type BenchRow, forReading } from "./harness/rows.ts";
import type { BenchServer } from "./harness/server.ts";
import { measureFinding } from "./load/find-probes.ts";
import type { RawCopyJob, RawCopyResult } from "./load/raw-copy.ts";
import { READING_BYTES } from "./load/readings.ts";
import type { SteadyPostsJob, SteadyPostsResult } from "./load/steady-posts.ts";

type Posts = LoadProcess<SteadyPostsJob, SteadyPostsResult>;

const UNIT = "events/s";
const BATCH = 500;
const BATCH_CONNECTIONS = 24;
const SINGLE_CONNECTIONS = 64;
/** What waits for its commit is more than the server holds, so that it has to refuse. */
const PRESSING_CONNECTIONS = 160;
const COPIED = { events: 400_000, transaction: 4_000, connections: 2 };

/**
 * Ingest as fast as it goes and beside other work: durable batches, single posts, pages, pressure; and what it costs, and
 * what questions cost, when many events are stored.
 */
export const speed: Benchmark = {
  name: "speed",
  limitMs: 5_400_000,
  run: async (bench) => {
    // As it is started by hand, with its pages where they are built.
    const settings = arePagesBuilt() ? { NODE_ENV: "production" } : { NAGARE_ROLES: "ingest,worker" };
    const server = await bench.startServer({ settings });
    const posts = startLoad<SteadyPostsJob, SteadyPostsResult>("steady-posts", bench.signal);
    const rows = [
      ...(await measureDurable(bench, server, posts)),
      ...(await measureSingles(bench, server, posts)),
      ...(await measureBeside(bench, server, posts)),
      ...(await measurePressure(bench, server, posts)),
      await measureDisk(server),
    ];
    await posts.stop();
    return [...rows, ...(await measureGrowing(bench))];
  },
};

async function measureDurable(bench: BenchContext, server: BenchServer, posts: Posts): Promise<BenchRow[]> {
  const load = { url: server.url, batch: BATCH, connections: BATCH_CONNECTIONS };
  await posts.run({ ...load, run: "w", forMs: 2_000 });
  const copied = await copyBoth(bench, server, "f");
  const before = await countEvents(server);
  const finding = new AbortController();
  const found = measureFinding(server.url, finding.signal);
  const result = await posts.run({ ...load, run: "d", forMs: bench.isQuick ? 6_000 : 60_000 });
  finding.abort();
  const delays = await found;
  const after = await copyBoth(bench, server, "g");
  const stored = (await countEvents(server)) - before - delays.posted - COPIED.events * 2;
  requireEqual(stored, result.acknowledged);
  const rate = (result.acknowledged / result.elapsedMs) * 1000;
  bench.say(`durable batches: ${Math.round(rate)} ${UNIT} for ${Math.round(result.elapsedMs / 1000)} s`);
  const name = "speed: durable batches";
  const measured = { figure: rate, unit: UNIT };
  return [
    atLeast(100_000, { case: name, ...measured }),
    forReading({ case: `${name}, p99 of the answer`, figure: result.p99, unit: "ms" }),
    atLeastRatio(0.5, {
      case: `${name} beside binary COPY`,
      ...measured,
      reference: (copied.binary + after.binary) / 2,
    }),
    atLeastRatio(0.5, {
      case: `${name} beside text COPY`,
      ...measured,
      reference: (copied.text + after.text) / 2,
    }),
    ...delays.byQuestion.map(({ question, delaysMs }) =>
      atMost(5, {
        case: `speed: found by ${question} at that rate, slowest`,
        figure: Math.max(...delaysMs) / 1000,
        unit: "s",
      }),
    ),
  ];
}

/** Events a second of both formats of COPY, with rows that are ready to send. */
async function copyBoth(bench: BenchContext, { login }: BenchServer, turn: string) {
  const copy = startLoad<RawCopyJob, RawCopyResult>("raw-copy", bench.signal);
  const rates = { binary: 0, text: 0 };
  for (const format of ["binary", "text"] as const) {
    await copy.run({ step: "prepare", login, run: `${turn}${format}`, format, ...COPIED });
    const { stored, elapsedMs } = await copy.run({ step: "go" });
    rates[format] = (stored / elapsedMs) * 1000;
    bench.say(`${format} COPY: ${Math.round(rates[format])} ${UNIT}`);
  }
  await copy.stop();
  return rates;
}

async function measureSingles(bench: BenchContext, { url }: BenchServer, posts: Posts): Promise<BenchRow[]> {
  const load = { url, batch: 1, connections: SINGLE_CONNECTIONS, forMs: bench.isQuick ? 3_000 : 20_000 };
  const full = await posts.run({ ...load, run: "s" });
  const rate = (full.acknowledged / full.elapsedMs) * 1000;
  const half = await posts.run({ ...load, run: "h", rate: rate / 2 });
  bench.say(`single posts: ${Math.round(rate)} ${UNIT}; at half of that p99 ${half.p99.toFixed(1)} ms`);
  const name = `speed: single posts, ${SINGLE_CONNECTIONS} connections`;
  return [
    atLeast(20_000, { case: name, figure: rate, unit: UNIT }),
    atMost(50, { case: `${name}, p99 at half of that`, figure: half.p99, unit: "ms" }),
  ];
}

async function measurePressure(bench: BenchContext, server: BenchServer, posts: Posts): Promise<BenchRow[]> {
  const { url, pid } = server;
  const before = await countEvents(server);
  let [peakMb, isOver] = [0, false];
  const watching = (async () => {
    while (!isOver) {
      peakMb = Math.max(peakMb, await residentMb(pid));
      await sleep(200);
    }
  })();
  const forMs = bench.isQuick ? 5_000 : 20_000;
  const result = await posts
    .run({ url, run: "p", batch: BATCH, connections: PRESSING_CONNECTIONS, forMs })
    .finally(() => {
      isOver = true;
    });
  await watching;
  const endedAt = performance.now();
  let after = 0;
  while (after === 0) {
    after = (await posts.run({ url, run: "r", batch: 1, connections: 1, forMs: 1 })).acknowledged;
  }
  const recoveredMs = performance.now() - endedAt;
  requireEqual((await countEvents(server)) - before, result.acknowledged + after);
  bench.say(`pressure: ${result.refused} posts refused, at most ${Math.round(peakMb)} MB`);
  const answered = result.refused === 0 ? 1 : result.refusedWithRetryAfter / result.refused;
  return [
    atLeast(1, { case: "speed: posts refused under pressure", figure: result.refused, unit: "posts" }),
    atLeast(1, { case: "speed: of those, told when to try again", figure: answered, unit: "of 1" }),
    atMost(1_024, { case: "speed: memory under pressure, at most", figure: peakMb, unit: "MB" }),
    atMost(5, { case: "speed: back after pressure in", figure: recoveredMs / 1000, unit: "s" }),
  ];
}

/** Bytes that an event takes with its indexes and identity, and what finds it. */
async function measureDisk({ database }: BenchServer): Promise<BenchRow> {
  const [row] = await database.sql<{ bytes: number; events: number }[]>`
    select (select count(*) from events)::float8 as events, (
      select sum(pg_total_relation_size(oid))::float8 from pg_class
      where relkind = 'r' and relname ~ '^(events_\\d{8}|event_postings|identity_(batches|blocks|filters))$') as bytes`;
  const figure = row === undefined ? Number.NaN : row.bytes / row.events;
  return atMost(READING_BYTES * 1.2, {
    case: `speed: disk for ${READING_BYTES} bytes of JSON`,
    figure,
    unit: "bytes",
  });
}

async function countEvents({ database: { sql } }: BenchServer): Promise<number> {
  const [row] = await sql<{ stored: number }[]>`select count(*)::int as stored from events`;
  return row?.stored ?? 0;
}

/** Acknowledged means stored: a figure for events that are not there would be a lie. */
function requireEqual(stored: number, acknowledged: number): void {
  if (stored !== acknowledged) {
    throw new Error(`${acknowledged} events were acknowledged, but ${stored} are stored.`);
  }
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
}
