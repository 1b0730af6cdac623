import type { BenchContext, Benchmark } from "./harness/benchmark.ts";
import { startLoad } from "./harness/load-process.ts";
import { median } from "./harness/percentile.ts";
import { atLeastRatio, type BenchRow } from "./harness/rows.ts";
import type { BenchServer } from "./harness/server.ts";
import type { DeliverJob, DeliverResult } from "./load/deliver-job.ts";

const UNIT = "events/s";
const QUEUES = [
  { name: "graphile-worker", load: "deliver-graphile" },
  { name: "pg-boss", load: "deliver-pg-boss" },
] as const;

/** Events through to a handler in the process, beside queues on the same Postgres that do the same, in turns. */
export const delivery: Benchmark = {
  name: "delivery",
  limitMs: 240_000,
  run: async (bench) => {
    const server = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
    return [...(await measure(bench, server, "single")), ...(await measure(bench, server, "batched"))];
  },
};

async function measure(
  bench: BenchContext,
  { login }: BenchServer,
  mode: DeliverJob["mode"],
): Promise<BenchRow[]> {
  const rounds = bench.isQuick ? 1 : 3;
  const jobs = (bench.isQuick ? 5_000 : 20_000) / (mode === "single" ? 2 : 1);
  const rates = new Map<string, number[]>();
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, load } of [{ name: "nagare", load: "deliver-nagare" }, ...QUEUES]) {
      const process = startLoad<DeliverJob, DeliverResult>(load, bench.signal);
      const { handled, elapsedMs } = await process.run({ login, run: `${mode}${round}`, jobs, mode });
      await process.stop();
      if (handled < jobs) throw new Error(`${name} handled ${handled} of ${jobs}.`);
      // The first round warms up.
      if (round > 0) rates.set(name, [...(rates.get(name) ?? []), (handled / elapsedMs) * 1000]);
      bench.say(`${mode}, round ${round}: ${name} ${Math.round((handled / elapsedMs) * 1000)} ${UNIT}`);
    }
  }
  const figure = median(rates.get("nagare") ?? []);
  return QUEUES.map(({ name }) =>
    atLeastRatio(1, {
      case: `delivery: ${mode}, beside ${name}`,
      figure,
      unit: UNIT,
      reference: median(rates.get(name) ?? []),
    }),
  );
}
