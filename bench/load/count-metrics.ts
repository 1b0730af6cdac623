import { type ConnectOptions, connect } from "#drizzle/db.ts";
import { countEventsOnce } from "#server/metrics/count-events.ts";
import { foldMetricsOnce } from "#server/metrics/fold-metrics.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { pause, systemClock } from "#server/platform/clock.ts";
import { serveJobs } from "../harness/load-process.ts";

export type CountMetricsJob = { step: "start"; login: ConnectOptions } | { step: "finish" };

const PAUSE_MS = 1_000;

let working: Promise<void> = Promise.resolve();
let stopping = new AbortController();

/** Counts into the metrics and sums them up as the workers do, every second; `finish` counts what is left and ends. */
serveJobs<CountMetricsJob, null>(async (job) => {
  if (job.step === "start") {
    stopping = new AbortController();
    working = count(job.login, stopping.signal);
    return null;
  }
  stopping.abort();
  await working;
  return null;
});

async function count(login: ConnectOptions, signal: AbortSignal): Promise<void> {
  const { sql, close } = connect(login, { max: 2 });
  const ctx = { sql, names: new NameCache(sql), clock: systemClock };
  while (!signal.aborted) {
    while (await countEventsOnce(ctx));
    while (await foldMetricsOnce(ctx));
    await pause(PAUSE_MS, signal);
  }
  while (await countEventsOnce(ctx));
  while (await foldMetricsOnce(ctx));
  await close();
}
