import { setTimeout as sleep } from "node:timers/promises";
import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import { subscriptionOfDueTopic, TOPICS_CHANNEL } from "#drizzle/queries/notices.ts";
import { findUncountedSince } from "#drizzle/queries/processing-tallies.ts";
import { createTestDatabase } from "#drizzle/testing/database.ts";
import { completeEvent, type TestEvent } from "#drizzle/testing/events.ts";
import { subscriptionInputSchema } from "#server/contract/bus.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { describeViolation } from "#server/domain/schemas/type-schemas.ts";
import { Meters } from "#server/gauges/meters.ts";
import { StoredIdentities } from "#server/identities/stored-identities.ts";
import { Ingest } from "#server/ingest/ingest.ts";
import { createBatchWriter } from "#server/ingest/write-batch.ts";
import { DeclaredProcesses } from "#server/mediator/declared-processes.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { systemClock } from "#server/platform/clock.ts";
import type { Context } from "#server/platform/context.ts";
import { readEnv } from "#server/platform/env.ts";
import { createLog } from "#server/platform/log.ts";
import { SchemaRegistry } from "#server/schemas/schema-registry.ts";
import { Streams } from "#server/streams/streams.ts";
import { createAppendWriter } from "#server/streams/write-appends.ts";
import { Bus } from "../bus.ts";
import { countAttemptsOnce } from "../count-attempts.ts";
import { Handlers } from "../handlers.ts";
import { createPostEvent } from "../http-target.ts";
import { putSubscription } from "../put-subscription.ts";

type SubscriptionWish = Omit<Partial<(typeof subscriptionInputSchema)["_input"]>, "target"> & {
  target?: (typeof subscriptionInputSchema)["_input"]["target"];
};

/** Longer than a busy machine keeps a worker from renewing it: no test here waits for one to run out. */
const LEASE_MS = 10_000;

/** Retries at once, so that tests need not wait. */
const QUICK_RETRY = { retries: 3, baseMs: 1, factor: 1, capMs: 1, jitter: "none" } as const;

/** A database with a context of verbs, and as many workers on it as a test starts. */
export async function openTestBus({ allowedTargets = "127.0.0.0/8" }: { allowedTargets?: string } = {}) {
  const database = await createTestDatabase();
  const { sql, db } = database;
  await ensureEventPartitions(sql);
  const log = createLog({ level: "error", format: "text", destination: process.stderr });
  const names = new NameCache(sql);
  const identities = new StoredIdentities(sql);
  const env = readEnv({ NAGARE_ALLOWED_TARGETS: allowedTargets });
  const handlers = new Handlers();
  const buses = new Set<Bus>();
  const nudge = () => {
    for (const bus of buses) bus.nudge();
  };
  const schemas = new SchemaRegistry(sql, { clock: systemClock });
  await sql.listen(TOPICS_CHANNEL, (topic) => {
    const due = subscriptionOfDueTopic(topic);
    if (due !== null) for (const bus of buses) bus.nudgeDue(due);
  });
  const meters = new Meters();
  const options = { clock: systemClock, onCommit: nudge, schemas, meter: meters.ingest };
  const ingest = new Ingest(createBatchWriter(sql, names, identities), options);
  const streams = new Streams(createAppendWriter(sql, names, identities), options);
  const ctx: Context = {
    sql,
    db,
    names,
    identities,
    ingest,
    streams,
    schemas,
    handlers,
    processes: new DeclaredProcesses(),
    meters,
    clock: systemClock,
    log,
    env,
    actor: "test",
  };

  return {
    ctx,
    database,
    sql,
    handlers,
    nudge,
    /** Stores events as any client would, and gives their positions. */
    append: async (events: TestEvent[]) => {
      const whole = events.map(completeEvent);
      const outcomes = await ingest.append(
        whole.map((event) => ({ event, identity: eventIdentity(event.source, event.id) })),
      );
      return outcomes.map((outcome) => {
        if (outcome.kind === "refused") throw new Error(describeViolation("An event", outcome.violation));
        return outcome.position;
      });
    },
    /** Counts what has ended, together with the workers. */
    countAttempts: () =>
      until(async () => {
        while (await countAttemptsOnce(ctx));
        return (await findUncountedSince(sql)) === null;
      }),
    /** A further worker. */
    startBus: async () => {
      const postEvent = createPostEvent(env, { clock: systemClock });
      const bus = new Bus({
        sql,
        names,
        clock: systemClock,
        log,
        handlers,
        schemas,
        postEvent,
        meter: meters.attempts,
        leaseMs: LEASE_MS,
      });
      buses.add(bus);
      await bus.start();
      return bus;
    },
    /** A subscription to the handler of the same name, from the beginning, that retries at once. */
    subscribe: async (consumer: string, wish: SubscriptionWish = {}) => {
      const input = subscriptionInputSchema.parse({
        target: { kind: "handler", name: consumer },
        retry: QUICK_RETRY,
        startFrom: "beginning",
        ...wish,
      });
      await putSubscription(ctx, consumer, input);
      await Promise.all([...buses].map((bus) => bus.reload()));
    },
    close: async () => {
      await Promise.all([...buses].map((bus) => bus.stop()));
      await Promise.all([ingest.close(), streams.close()]);
      await database.drop();
    },
  };
}

export type TestBus = Awaited<ReturnType<typeof openTestBus>>;

/** Waits until the question is answered with yes. */
export async function until(holds: () => boolean | Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It was not so within ${timeoutMs} ms.`);
    await sleep(10);
  }
}
