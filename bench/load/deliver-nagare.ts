import { type ConnectOptions, connect } from "#drizzle/db.ts";
import { insertCursor, insertSubscription } from "#drizzle/queries/subscriptions.ts";
import { Bus } from "#server/bus/bus.ts";
import { Handlers } from "#server/bus/handlers.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { DEFAULT_LIMITS } from "#server/domain/envelope/read-element.ts";
import { readEnvelopes } from "#server/domain/envelope/read-envelopes.ts";
import { DEFAULT_RETRY_POLICY } from "#server/domain/retry-policy.ts";
import { createBatchWriter } from "#server/ingest/write-batch.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { systemClock } from "#server/platform/clock.ts";
import { createLog } from "#server/platform/log.ts";
import { serveJobs } from "../harness/load-process.ts";
import type { DeliverJob, DeliverResult } from "./deliver-job.ts";
import { formatReading } from "./readings.ts";

const BATCH = 2_000;
const CONCURRENCY = 24;

/** Stores the events, then delivers them to a handler in this process, which counts them. */
serveJobs<DeliverJob, DeliverResult>(async ({ login, run, jobs }) => {
  const database = connect(login satisfies ConnectOptions, { max: 16 });
  const { sql } = database;
  const names = new NameCache(sql);
  const log = createLog({ level: "warn", format: "text", destination: process.stderr });
  const [row] = await sql<{ safe: string }[]>`select safe_position() as safe`;
  await store(createBatchWriter(sql, names), run, jobs);

  let handled = 0;
  const { promise: allHandled, resolve } = Promise.withResolvers<void>();
  const handle = async () => {
    handled += 1;
    if (handled === jobs) resolve();
  };
  const handlers = new Handlers();
  handlers.register("count", { transaction: "none", handle });
  const id = await sql.begin(async (tx) =>
    insertSubscription(tx, await insertCursor(tx, row?.safe ?? "0"), {
      consumer: `count-${run}`,
      channel: null,
      filters: [],
      target: { kind: "handler", name: "count" },
      ordering: "none",
      onDead: "continue",
      concurrency: CONCURRENCY,
      retry: DEFAULT_RETRY_POLICY,
      timeoutMs: 30_000,
    }),
  );
  const postEvent = () => Promise.reject(new Error("No HTTP consumer takes part."));
  const bus = new Bus({ sql, names, clock: systemClock, log, handlers, postEvent });
  const startedAt = performance.now();
  await bus.start();
  await allHandled;
  for (let settled = 0; settled < jobs; ) {
    const [count] = await sql<{ settled: number }[]>`
      select count(*)::int as settled from deliveries where subscription_id = ${id} and status = 2`;
    settled = count?.settled ?? 0;
  }
  const elapsedMs = performance.now() - startedAt;
  await bus.stop();
  await sql`update subscriptions set deleted_at = now() where id = ${id}`;
  await database.close();
  return { handled, elapsedMs };
});

async function store(write: ReturnType<typeof createBatchWriter>, run: string, jobs: number): Promise<void> {
  for (let first = 0; first < jobs; first += BATCH) {
    const size = Math.min(BATCH, jobs - first);
    const body = Array.from({ length: size }, (_, at) => formatReading(run, first + at)).join(",");
    const headers = { contentType: "application/cloudevents-batch+json", headers: {} };
    const { events } = readEnvelopes({ ...headers, body: Buffer.from(`[${body}]`) }, DEFAULT_LIMITS);
    await write(events.map(({ event }) => ({ event, identity: eventIdentity(event.source, event.id) })));
  }
}
