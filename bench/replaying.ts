import type { BenchContext } from "./harness/benchmark.ts";
import { startLoad } from "./harness/load-process.ts";
import { median } from "./harness/percentile.ts";
import { atLeastRatio, atMost, type BenchRow, forReading } from "./harness/rows.ts";
import type { BenchServer } from "./harness/server.ts";
import {
  REPLAYED_CONSUMERS,
  type ReplayedConsumer,
  type ReplayJob,
  type ReplayResult,
} from "./load/replay-job.ts";

const SELECT_LIMIT_MS = 2_000;
const GROWTH_LIMIT_MIB = 256;

/**
 * Freezing half of the dead letters that are stored for a replay: those with the lower numbers. The replay is only
 * planned, and cancelled.
 */
export async function measureSelecting(
  bench: BenchContext,
  { url, database: { sql } }: BenchServer,
): Promise<BenchRow[]> {
  const wanted = bench.isQuick ? 25_000 : 500_000;
  // As if Nagare delivered to them; nothing does in this server.
  await sql`update subscriptions set target = '{"kind":"handler","name":"none"}'`;
  const [last] = await sql<{ number: string }[]>`
    select number::text from unresolved_letters where status = 0 order by unresolved_letters.number offset ${wanted - 1} limit 1`;
  const selection = { kind: "filter", filter: { status: ["parked"] }, upTo: last?.number ?? "0" };
  const ask = async (path: string, body: object) => {
    const response = await fetch(`${url}/api/v1/replays${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: bench.signal,
    });
    const answer = await response.json();
    if (!response.ok)
      throw new Error(`The replay was answered with ${response.status}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const took: Record<"plan" | "freeze", number[]> = { plan: [], freeze: [] };
  for (let round = 0; round < 3; round += 1) {
    const startedAt = performance.now();
    const plan = await ask("", { selection, dryRun: true });
    const plannedAt = performance.now();
    const replay = await ask("", { selection, reason: "The benchmark.", start: false });
    took.plan.push(plannedAt - startedAt);
    took.freeze.push(performance.now() - plannedAt);
    if (plan.included !== wanted || replay.totals.itemCount !== wanted) {
      throw new Error(`${plan.included} and ${replay.totals.itemCount} of ${wanted} were selected.`);
    }
    await ask(`/${replay.id}/cancel`, {});
    bench.say(
      `${wanted} planned in ${Math.round(took.plan.at(-1) ?? 0)} ms, frozen in ${Math.round(took.freeze.at(-1) ?? 0)} ms`,
    );
  }
  return [
    atMost(SELECT_LIMIT_MS, {
      case: `replays: freezing ${wanted} letters`,
      figure: median(took.freeze),
      unit: "ms",
    }),
    forReading({ case: `replays: planning ${wanted} letters`, figure: median(took.plan), unit: "ms" }),
  ];
}

const ROUNDS = 3;

/**
 * Replaying dead letters, beside the bus delivering as many new events to the same kind of consumer: of several rounds, each
 * with an empty database, the one in the middle by its ratio.
 */
export async function measureReplaying(bench: BenchContext): Promise<BenchRow[]> {
  const items = bench.isQuick ? 10_000 : 100_000;
  const rows: BenchRow[] = [];
  for (const consumer of REPLAYED_CONSUMERS) {
    const rounds: Round[] = [];
    for (let round = 1; round <= (bench.isQuick ? 1 : ROUNDS); round += 1)
      rounds.push(await replayOnce(bench, { items, consumer }));
    const middle = rounds.toSorted((a, b) => a.replayed / a.own - b.replayed / b.own)[rounds.length >> 1];
    if (middle === undefined) throw new Error("Nothing was replayed.");
    rows.push(
      atLeastRatio(0.7, {
        case: `replays: ${nameOf(consumer)}, beside the bus's own deliveries`,
        figure: middle.replayed,
        unit: "items/s",
        reference: middle.own,
      }),
      atMost(GROWTH_LIMIT_MIB, {
        case: `replays: memory while replaying to ${nameOf(consumer)}`,
        figure: Math.max(...rounds.map(({ grownMiB }) => grownMiB)),
        unit: "MiB",
      }),
    );
  }
  return rows;
}

/** Items a second. */
type Round = { own: number; replayed: number; grownMiB: number };

async function replayOnce(
  bench: BenchContext,
  { items, consumer }: { items: number; consumer: ReplayedConsumer },
): Promise<Round> {
  const { login, stop } = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
  const load = startLoad<ReplayJob, ReplayResult>("replay-letters", bench.signal);
  const { deliveredMs, replayedMs, grownBytes } = await load.run({ login, run: consumer, items, consumer });
  await load.stop();
  await stop();
  const own = (items / deliveredMs) * 1_000;
  const replayed = (items / replayedMs) * 1_000;
  const grownMiB = grownBytes / 1024 / 1024;
  bench.say(
    `${consumer}: delivered ${Math.round(own)}, replayed ${Math.round(replayed)} items/s, ${Math.round(grownMiB)} MiB more`,
  );
  return { own, replayed, grownMiB };
}

function nameOf(consumer: ReplayedConsumer): string {
  switch (consumer) {
    case "plain":
      return "a handler that does nothing";
    case "effect":
      return "a handler with an effect";
    case "http":
      return "an HTTP consumer";
  }
}
