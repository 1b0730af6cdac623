import { PgBoss } from "pg-boss";
import { serveJobs } from "../harness/load-process.ts";
import type { DeliverJob, DeliverResult } from "./deliver-job.ts";
import { formatReading } from "./readings.ts";

const ADD_AT_ONCE = 2_000;
const WORKERS = 4;

/** pg-boss doing the same: jobs with the same payload, fetched and completed in batches or one at a time. */
serveJobs<DeliverJob, DeliverResult>(async ({ login, run, jobs, mode }) => {
  const { host, port, user, password, database } = login;
  const boss = new PgBoss({
    host: String(host),
    port: Number(port),
    user: String(user),
    password: String(password),
    database: String(database),
    max: 16,
    schedule: false,
    supervise: false,
  });
  boss.on("error", () => {});
  await boss.start();
  const queue = `count-${run}`;
  await boss.createQueue(queue);
  for (let first = 0; first < jobs; first += ADD_AT_ONCE) {
    const size = Math.min(ADD_AT_ONCE, jobs - first);
    const added = Array.from({ length: size }, (_, at) => ({
      data: JSON.parse(formatReading(run, first + at)),
    }));
    await boss.insert(queue, added);
  }
  let handled = 0;
  const batchSize = mode === "batched" ? 500 : 1;
  const workers = mode === "batched" ? WORKERS : 16;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (;;) {
        const batch = await boss.fetch(queue, { batchSize });
        if (batch.length === 0) return;
        handled += batch.length;
        await boss.complete(
          queue,
          batch.map(({ id }) => id),
        );
      }
    }),
  );
  const elapsedMs = performance.now() - startedAt;
  await boss.deleteQueue(queue);
  await boss.stop({ graceful: false });
  return { handled, elapsedMs };
});
