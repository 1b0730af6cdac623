import { sealIdentitiesOnce } from "#server/identities/seal-identities.ts";
import { createLog } from "#server/platform/log.ts";
import type { BenchContext } from "./harness/benchmark.ts";
import { type LoadProcess, startLoad } from "./harness/load-process.ts";
import { median } from "./harness/percentile.ts";
import { atMost, type BenchRow, forReading } from "./harness/rows.ts";
import type { BenchServer } from "./harness/server.ts";
import { formatReading } from "./load/readings.ts";
import type { SteadyPostsJob, SteadyPostsResult } from "./load/steady-posts.ts";
import { measureQuestions } from "./query.ts";
import { storeEvents, waitUntilCounted } from "./stored-events.ts";

const BATCH = 500;
const CONNECTIONS = 24;
const PARSED = 100_000;

type Posts = LoadProcess<SteadyPostsJob, SteadyPostsResult>;

/**
 * What an event costs when few are stored and when many are, each in a database of its own, and what is asked for in the
 * largest.
 */
export async function measureGrowing(bench: BenchContext): Promise<BenchRow[]> {
  const sizes = bench.isQuick ? [20_000, 200_000, 1_000_000] : [1_000_000, 10_000_000, 50_000_000];
  const posts = startLoad<SteadyPostsJob, SteadyPostsResult>("steady-posts", bench.signal);
  const rows: BenchRow[] = [];
  let first: number | null = null;
  for (const total of sizes) {
    const owner = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
    await storeEvents(bench, owner, total);
    await sealIdentities(bench, owner);
    // What was stored before positions that a process knew already, it learns of when it starts.
    const server = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" }, beside: owner });
    // What recognises sagas would still be behind, the longer the more there are.
    const cost = await measureCost(bench, server.url, posts);
    const questions = total === sizes.at(-1) ? await measureAsked(bench, server, total) : [];
    await server.stop();
    await owner.stop();
    const size = total.toLocaleString("en-US");
    bench.say(`with ${size} events stored, one takes ${cost.toFixed(2)} times what parsing it takes`);
    const name = `speed: to store an event with ${size} stored`;
    rows.push(
      first === null
        ? forReading({ case: name, figure: cost, unit: "times its parsing" })
        : atMost(1.3, { case: `${name}, beside the first`, figure: cost / first, unit: "times that" }),
    );
    rows.push(...questions);
    first ??= cost;
  }
  await posts.stop();
  return rows;
}

/** As workers do while events come in. */
async function sealIdentities(bench: BenchContext, { database: { sql } }: BenchServer): Promise<void> {
  // The end of the log moves behind what was stored, and only up to there it is sealed.
  await sql`select begin_append(1)`;
  const log = createLog({ level: "error", format: "text", destination: process.stderr });
  while (await sealIdentitiesOnce({ sql, log }, bench.signal));
}

async function measureAsked(bench: BenchContext, server: BenchServer, stored: number): Promise<BenchRow[]> {
  const worker = await bench.startServer({ settings: { NAGARE_ROLES: "worker" }, beside: server });
  await waitUntilCounted(bench, server, stored);
  const rows = await measureQuestions(bench, { url: server.url, stored, name: "speed" });
  await worker.stop();
  return rows;
}

/**
 * How long an event takes to be stored, in times of what it takes to parse one: the machine has not the same speed an hour
 * later. The round in the middle.
 */
async function measureCost(bench: BenchContext, url: string, posts: Posts): Promise<number> {
  const forMs = bench.isQuick ? 1_500 : 4_000;
  const load = { url, batch: BATCH, connections: CONNECTIONS, forMs };
  const costs: number[] = [];
  for (const [round, run] of [..."abcdef"].entries()) {
    const parsedMs = timeParsing();
    const { acknowledged, elapsedMs } = await posts.run({ ...load, run });
    // The first one warms up.
    if (round > 0) costs.push(elapsedMs / acknowledged / ((parsedMs + timeParsing()) / 2 / PARSED));
  }
  return median(costs);
}

/** Milliseconds to parse so many readings. */
function timeParsing(): number {
  const reading = formatReading("parsed", 1);
  const startedAt = performance.now();
  for (let n = 0; n < PARSED; n += 1) JSON.parse(reading);
  return performance.now() - startedAt;
}
