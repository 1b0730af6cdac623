import { Logger, makeWorkerUtils, runTaskList } from "graphile-worker";
import { Pool } from "pg";
import { serveJobs } from "../harness/load-process.ts";
import type { DeliverJob, DeliverResult } from "./deliver-job.ts";
import { formatReading } from "./readings.ts";

const CONCURRENCY = 24;
const ADD_AT_ONCE = 2_000;
const logger = new Logger(() => () => {});

/** Graphile Worker doing the same: jobs with the same payload to a task in this process, which counts them. */
serveJobs<DeliverJob, DeliverResult>(async ({ login, run, jobs, mode }) => {
  const { host, port, user, password, database } = login;
  const pgPool = new Pool({
    host: String(host),
    port: Number(port),
    user,
    password: String(password),
    database,
    max: 16,
  });
  pgPool.on("error", () => {});
  pgPool.on("connect", (client) => client.on("error", () => {}));
  const utils = await makeWorkerUtils({ pgPool, logger });
  await utils.migrate();
  for (let first = 0; first < jobs; first += ADD_AT_ONCE) {
    const size = Math.min(ADD_AT_ONCE, jobs - first);
    await utils.addJobs(
      Array.from({ length: size }, (_, at) => ({
        identifier: "count",
        payload: JSON.parse(formatReading(run, first + at)),
      })),
    );
  }
  let handled = 0;
  const { promise: allHandled, resolve } = Promise.withResolvers<void>();
  const count = async () => {
    handled += 1;
    if (handled === jobs) resolve();
  };
  const batched = { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
  const worker = {
    concurrentJobs: CONCURRENCY,
    ...(mode === "batched" ? batched : {}),
  };
  const startedAt = performance.now();
  const pool = runTaskList({ pgPool, logger, noHandleSignals: true, preset: { worker } }, { count }, pgPool);
  await allHandled;
  for (let left = 1; left > 0; ) {
    const { rows } = await pgPool.query("select count(*)::int as left from graphile_worker._private_jobs");
    left = rows[0].left;
  }
  const elapsedMs = performance.now() - startedAt;
  await pool.gracefulShutdown();
  await utils.release();
  await pgPool.end();
  return { handled, elapsedMs };
});
