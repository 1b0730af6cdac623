import { flushCompileCache } from "node:module";
import { connect } from "#drizzle/db.ts";
import { Bus } from "#server/bus/bus.ts";
import { Handlers } from "#server/bus/handlers.ts";
import { createPostEvent } from "#server/bus/http-target.ts";
import { relayOutboxOnce } from "#server/bus/relay-outbox.ts";
import { orderProcess } from "#server/domain/processes/testing/order-process.ts";
import { Ingest } from "#server/ingest/ingest.ts";
import { createBatchWriter } from "#server/ingest/write-batch.ts";
import { DeclaredProcesses } from "#server/mediator/declared-processes.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { systemClock } from "#server/platform/clock.ts";
import { readEnv } from "#server/platform/env.ts";
import { createLog } from "#server/platform/log.ts";
import { SchemaRegistry } from "#server/schemas/schema-registry.ts";
import { passDeadlineOnce } from "../pass-deadlines.ts";
import { takeMessage } from "../take-message.ts";
import { registerServices } from "./order-services.ts";

/** How the order process runs here: patient, but for the mail that may get lost. */
export const PATIENCE = {
  timeoutMs: 600_000,
  mail: { timeoutMs: 300, retry: { retries: 10_000, baseMs: 10, factor: 1, capMs: 10, jitter: "none" } },
} as const;

/** What a worker is told: where the database is, and at which point of which order it kills itself. */
export type WorkerTask = { databaseUrl: string; dieAt: number; order: string };

if (process.argv[1]?.endsWith("mediator-worker.ts")) {
  await run(JSON.parse(process.argv[2] ?? "{}") as WorkerTask); // written by the test
}

/** A mediator, the services and the relay, until it is killed. It says how many points of its order it has passed. */
async function run({ databaseUrl, dieAt, order }: WorkerTask): Promise<void> {
  flushCompileCache(); // who is killed leaves no other chance
  const { sql } = connect(databaseUrl, { max: 12 });
  const log = createLog({ level: "fatal", format: "text", destination: process.stderr });
  const names = new NameCache(sql);
  const env = readEnv({});
  const schemas = new SchemaRegistry(sql, { clock: systemClock });
  let points = 0;
  const pass = async (key: string | null) => {
    if (key !== order) return;
    points += 1;
    if (points === dieAt) {
      process.kill(process.pid, "SIGKILL");
      await new Promise(() => {});
    }
    process.stdout.write(`${points}\n`);
  };

  const write = createBatchWriter(sql, names);
  const ingest = new Ingest(
    async (batch) => {
      const outcomes = await write(batch);
      // In the log, but not marked as sent.
      for (const { event } of batch) if (event.kind === "command") await pass(event.partitionKey);
      return outcomes;
    },
    { clock: systemClock, onCommit: () => bus.nudge(), schemas },
  );
  const handlers = new Handlers();
  const processes = new DeclaredProcesses();
  const definition = orderProcess(PATIENCE);
  processes.declare(definition);
  registerServices(handlers);
  handlers.register("mediator.order-fulfilment", {
    transaction: "each",
    handle: async (event, context) => {
      // What led here is committed; what follows is not.
      await pass(event.partitionKey);
      await takeMessage({ clock: systemClock, random: () => 0 }, definition, event, context);
      await pass(event.partitionKey);
    },
  });
  const postEvent = createPostEvent(env, { clock: systemClock });
  const bus = new Bus({ sql, names, clock: systemClock, log, handlers, schemas, postEvent, leaseMs: 500 });
  await bus.start();
  for (;;) {
    await relayOutboxOnce({ sql, ingest, env });
    const isPassed = await passDeadlineOnce({ sql, clock: systemClock, random: () => 0 }, processes);
    if (isPassed) await pass(order);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
