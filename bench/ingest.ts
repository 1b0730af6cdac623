import type { BenchContext, Benchmark } from "./harness/benchmark.ts";
import { startLoad } from "./harness/load-process.ts";
import { median } from "./harness/percentile.ts";
import { atLeast, atLeastRatio, type BenchRow, forReading } from "./harness/rows.ts";
import type { BenchServer } from "./harness/server.ts";
import type { BatchPostsJob, BatchPostsResult } from "./load/batch-posts.ts";
import type { RawCopyJob, RawCopyResult } from "./load/raw-copy.ts";
import type { SinglePostsJob, SinglePostsResult } from "./load/single-posts.ts";

const BATCH = 500;
const BATCH_CONNECTIONS = 24;
/** As many writers, with as many rows in a transaction, as the server has: COPY may use both cores too. */
const COPY_CONNECTIONS = 2;
const COPY_TRANSACTION = 4_000;
const SINGLE_CONNECTIONS = 64;
const UNIT = "events/s";

/** Durable HTTP ingest beside raw COPY of the same rows into the same tables, in turns. */
export const ingest: Benchmark = {
  name: "ingest",
  limitMs: 120_000,
  run: async (bench) => {
    const server = await bench.startServer({ settings: { NAGARE_ROLES: "ingest,worker" } });
    const batches = await measureBatches(bench, server);
    const singles = await measureSingles(bench, server);
    return [...batches, ...singles];
  },
};

async function measureBatches(
  bench: BenchContext,
  { url, login, database }: BenchServer,
): Promise<BenchRow[]> {
  const http = startLoad<BatchPostsJob, BatchPostsResult>("batch-posts", bench.signal);
  const copy = startLoad<RawCopyJob, RawCopyResult>("raw-copy", bench.signal);
  const events = bench.isQuick ? 20_000 : 80_000;
  const rounds = bench.isQuick ? 2 : 6;
  const rates = { http: [] as number[], binary: [] as number[], text: [] as number[] };
  const overHttp = async (run: string) => {
    await http.run({ step: "prepare", url, run, events, batch: BATCH, connections: BATCH_CONNECTIONS });
    const { acknowledged, elapsedMs } = await http.run({ step: "go" });
    return perSecond(acknowledged, elapsedMs);
  };
  const byCopy = async (run: string, format: "binary" | "text") => {
    const size = { events, transaction: COPY_TRANSACTION, connections: COPY_CONNECTIONS };
    await copy.run({ step: "prepare", login, run, format, ...size });
    const { stored, elapsedMs } = await copy.run({ step: "go" });
    return perSecond(stored, elapsedMs);
  };

  let expected = 0;
  // The first round warms up; then they take turns, so that a drift of the machine meets all of them.
  for (let round = 0; round <= rounds; round += 1) {
    const [a, b, c] = [
      await overHttp(`h${round}`),
      await byCopy(`b${round}`, "binary"),
      await byCopy(`t${round}`, "text"),
    ];
    expected += 3 * events;
    if (round === 0) continue;
    rates.http.push(a);
    rates.binary.push(b);
    rates.text.push(c);
    bench.say(`round ${round}: http ${format(a)}, binary COPY ${format(b)}, text COPY ${format(c)} ${UNIT}`);
  }
  await Promise.all([http.stop(), copy.stop()]);
  await requireStored(database, expected);
  return [
    atLeastRatio(0.5, {
      case: "ingest: batches of 500 beside binary COPY",
      figure: median(rates.http),
      unit: UNIT,
      reference: median(rates.binary),
    }),
    atLeastRatio(0.5, {
      case: "ingest: batches of 500 beside text COPY",
      figure: median(rates.http),
      unit: UNIT,
      reference: median(rates.text),
    }),
  ];
}

async function measureSingles(bench: BenchContext, { url, database }: BenchServer): Promise<BenchRow[]> {
  const before = await countEvents(database);
  const load = startLoad<SinglePostsJob, SinglePostsResult>("single-posts", bench.signal);
  const forMs = bench.isQuick ? 2_000 : 6_000;
  const rounds: SinglePostsResult[] = [];
  let acknowledged = 0;
  for (let round = 0; round <= 3; round += 1) {
    const result = await load.run({ url, run: `s${round}`, connections: SINGLE_CONNECTIONS, forMs });
    acknowledged += result.acknowledged;
    if (round === 0) continue;
    rounds.push(result);
    bench.say(
      `single posts: ${format(perSecond(result.acknowledged, result.elapsedMs))} ${UNIT}, p99 ${format(result.p99)} ms`,
    );
  }
  await load.stop();
  await requireStored(database, before + acknowledged);
  const name = `ingest: single posts, ${SINGLE_CONNECTIONS} connections`;
  return [
    atLeast(8_000, {
      case: name,
      figure: median(rounds.map((one) => perSecond(one.acknowledged, one.elapsedMs))),
      unit: UNIT,
    }),
    forReading({ case: `${name}, p50`, figure: median(rounds.map((one) => one.p50)), unit: "ms" }),
    forReading({ case: `${name}, p99`, figure: median(rounds.map((one) => one.p99)), unit: "ms" }),
  ];
}

async function countEvents({ sql }: BenchServer["database"]): Promise<number> {
  const [row] = await sql<{ stored: number }[]>`select count(*)::int as stored from events`;
  return row?.stored ?? 0;
}

/** Acknowledged means stored: a figure for events that are not there would be a lie. */
async function requireStored(database: BenchServer["database"], expected: number): Promise<void> {
  const stored = await countEvents(database);
  if (stored !== expected) throw new Error(`${expected} events were acknowledged, but ${stored} are stored.`);
}

function perSecond(count: number, elapsedMs: number): number {
  return (count / elapsedMs) * 1000;
}

function format(value: number): string {
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en-US");
}
