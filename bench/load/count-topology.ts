import { type ConnectOptions, connect } from "#drizzle/db.ts";
import { pause } from "#server/platform/clock.ts";
import { countTopologyOnce } from "#server/topology/count-topology.ts";
import { serveJobs } from "../harness/load-process.ts";

export type CountTopologyJob = { step: "start"; login: ConnectOptions } | { step: "finish" };

const PAUSE_MS = 1_000;

let working: Promise<void> = Promise.resolve();
let stopping = new AbortController();

/** Counts for the topology as the worker does, every second; `finish` counts what is left and ends. */
serveJobs<CountTopologyJob, null>(async (job) => {
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
  while (!signal.aborted) {
    while (await countTopologyOnce({ sql }));
    await pause(PAUSE_MS, signal);
  }
  while (await countTopologyOnce({ sql }));
  await close();
}
