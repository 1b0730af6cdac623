import type { Benchmark } from "./harness/benchmark.ts";
import { startLoad } from "./harness/load-process.ts";
import { atMost, forReading } from "./harness/rows.ts";
import type { WatchLiveJob, WatchLiveResult } from "./load/watch-live.ts";

const PER_SECOND = 2_000;

/** From a post until its event is with the browser's side of the socket, at 2,000 events a second. */
export const live: Benchmark = {
  name: "live",
  limitMs: 120_000,
  run: async (bench) => {
    const { url } = await bench.startServer({ settings: {} });
    const load = startLoad<WatchLiveJob, WatchLiveResult>("watch-live", bench.signal);
    await load.run({ url, run: "warm", perSecond: PER_SECOND, forMs: 3_000 });
    const forMs = bench.isQuick ? 5_000 : 20_000;
    const { posted, received, skipped, p50, p99 } = await load.run({
      url,
      run: "live",
      perSecond: PER_SECOND,
      forMs,
    });
    await load.stop();
    if (received + skipped !== posted) {
      throw new Error(
        `${posted} events were posted, ${received} came and ${skipped} were said to be skipped.`,
      );
    }
    const name = `live: post to receipt, ${PER_SECOND} events/s`;
    return [
      atMost(250, { case: `${name}, p99`, figure: p99, unit: "ms" }),
      forReading({ case: `${name}, p50`, figure: p50, unit: "ms" }),
      forReading({ case: `${name}, shown`, figure: (100 * received) / posted, unit: "%" }),
    ];
  },
};
