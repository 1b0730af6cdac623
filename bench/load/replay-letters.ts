import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, type Sql } from "#drizzle/db.ts";
import { insertMissingKeys } from "#drizzle/queries/letter-keys.ts";
import { subscriptionOfDueTopic, TOPICS_CHANNEL } from "#drizzle/queries/notices.ts";
import { insertCursor, insertSubscription } from "#drizzle/queries/subscriptions.ts";
import { Bus } from "#server/bus/bus.ts";
import { Handlers } from "#server/bus/handlers.ts";
import { createPostEvent } from "#server/bus/http-target.ts";
import type { TargetDto } from "#server/contract/bus.ts";
import { replayInputSchema } from "#server/contract/replays.ts";
import { LetterKeeper } from "#server/dead-letters/keep-letters.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { DEFAULT_LIMITS } from "#server/domain/envelope/read-element.ts";
import { readEnvelopes } from "#server/domain/envelope/read-envelopes.ts";
import { DEFAULT_RETRY_POLICY } from "#server/domain/retry-policy.ts";
import { createBatchWriter } from "#server/ingest/write-batch.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { systemClock } from "#server/platform/clock.ts";
import type { Context } from "#server/platform/context.ts";
import { createLog } from "#server/platform/log.ts";
import { createReplay } from "#server/replays/create-replay.ts";
import { getReplay } from "#server/replays/get-replay.ts";
import { runReplays } from "#server/replays/run-replays.ts";
import { runEvery } from "#server/workers/run-every.ts";
import { serveJobs } from "../harness/load-process.ts";
import { formatReading } from "./readings.ts";
import type { ReplayedConsumer, ReplayJob, ReplayResult } from "./replay-job.ts";

const BATCH = 2_000;
const CONCURRENCY = 24;
const LOOK_MS = 20;

/** Delivers events and replays dead letters in one process, as a server does: bus, keeper of letters, replays. */
serveJobs<ReplayJob, ReplayResult>(async ({ login, run, items, consumer }) => {
  const database = connect(login, { max: 20 });
  const { sql } = database;
  const names = new NameCache(sql);
  const log = createLog({ level: "warn", format: "text", destination: process.stderr });
  await sql`create table if not exists effects (n bigint generated always as identity, id text not null)`;
  const [before] = await sql<{ safe: string }[]>`select safe_position() as safe`;
  const after = before?.safe ?? "0";
  await store(createBatchWriter(sql, names), run, items);
  let handled = 0;
  const count = () => {
    handled += 1;
  };
  const handlers = new Handlers();
  handlers.register("plain", { transaction: "none", handle: async () => count() });
  handlers.register("effect", {
    transaction: "each",
    handle: async ({ id }, { tx }) => {
      await tx`insert into effects (id) values (${id})`;
      count();
    },
  });
  const answering = await openConsumer(count);
  const target = targetOf(consumer, answering);
  const postEvent = createPostEvent({ allowedTargets: ["127.0.0.0/8"] }, { clock: systemClock });
  const bus = new Bus({ sql, names, clock: systemClock, log, handlers, postEvent });
  const own = await subscribe(sql, { consumer: `own-${run}`, target, position: after });
  const deliveredAt = performance.now();
  await bus.start();
  for (let settled = 0; settled < items; ) {
    await sleep(LOOK_MS);
    // Counting many rows again and again would take its part of the processors.
    if (handled < items) continue;
    const [row] = await sql<{ settled: number }[]>`
      select count(*)::int as settled from deliveries where subscription_id = ${own} and status = 2`;
    settled = row?.settled ?? 0;
  }
  const deliveredMs = performance.now() - deliveredAt;
  await sql`update subscriptions set deleted_at = now() where id = ${own}`;

  const caseId = await killAll(sql, { run, target, after });
  await bus.reload();
  await sql.listen(TOPICS_CHANNEL, (topic) => {
    const due = subscriptionOfDueTopic(topic);
    if (due !== null) bus.nudgeDue(due);
  });
  // No more of a context is needed here.
  const ctx = {
    sql,
    names,
    clock: systemClock,
    log,
    actor: "bench",
    ingest: { lagMs: 0, perSecond: 0 },
  } as Context;
  const stop = new AbortController();
  const keeper = new LetterKeeper(ctx);
  const working = [
    runEvery({ name: "letters", pauseMs: 250, signal: stop.signal, log }, () => keeper.keepOnce()),
    runReplays({ ...ctx, bus }, stop.signal),
  ];
  // As in a server that has run before somebody asks for a replay.
  await sleep(500);
  const startBytes = process.memoryUsage.rss();
  let mostBytes = startBytes;
  const replayedAt = performance.now();
  const input = replayInputSchema.parse({
    selection: { kind: "case", case: caseId },
    options: { concurrency: 10_000 },
    reason: "The benchmark.",
  });
  const { id } = await createReplay(ctx, input);
  let replay = await getReplay(ctx, id);
  while (replay.status === "running") {
    await sleep(LOOK_MS);
    mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
    replay = await getReplay(ctx, id);
  }
  const replayedMs = performance.now() - replayedAt;
  if (replay.totals.succeeded !== items) throw new Error(`Replayed: ${JSON.stringify(replay.totals)}`);
  stop.abort();
  await Promise.all(working);
  await bus.stop();
  await sql`update subscriptions set deleted_at = now() where deleted_at is null`;
  answering.close();
  answering.closeAllConnections();
  await database.close();
  return { deliveredMs, replayedMs, grownBytes: mostBytes - startBytes };
});

async function store(write: ReturnType<typeof createBatchWriter>, run: string, items: number): Promise<void> {
  for (let first = 0; first < items; first += BATCH) {
    const size = Math.min(BATCH, items - first);
    const body = Array.from({ length: size }, (_, at) => formatReading(run, first + at)).join(",");
    const headers = { contentType: "application/cloudevents-batch+json", headers: {} };
    const { events } = readEnvelopes({ ...headers, body: Buffer.from(`[${body}]`) }, DEFAULT_LIMITS);
    await write(events.map(({ event }) => ({ event, identity: eventIdentity(event.source, event.id) })));
  }
}

async function openConsumer(onRequest: () => void): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      onRequest();
      response.writeHead(204).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function targetOf(consumer: ReplayedConsumer, server: Server): TargetDto {
  if (consumer !== "http") return { kind: "handler", name: consumer };
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { kind: "http", url: `http://127.0.0.1:${port}/`, secrets: [], headers: {} };
}

async function subscribe(
  sql: Sql,
  { consumer, target, position }: { consumer: string; target: TargetDto; position: string },
): Promise<number> {
  return sql.begin(async (tx) =>
    insertSubscription(tx, await insertCursor(tx, position), {
      consumer,
      channel: null,
      filters: [],
      target,
      ordering: "none",
      onDead: "continue",
      concurrency: CONCURRENCY,
      retry: DEFAULT_RETRY_POLICY,
      timeoutMs: 30_000,
    }),
  );
}

/** Another consumer, for which all of the events died of the same cause, as bus and keeper write it. */
async function killAll(
  sql: Sql,
  { run, target, after }: { run: string; target: TargetDto; after: string },
): Promise<number> {
  const [last] = await sql<{ position: string }[]>`select max(position) as position from events`;
  const id = await subscribe(sql, { consumer: `dead-${run}`, target, position: last?.position ?? after });
  const [found] = await sql<{ id: number }[]>`
    insert into failure_cases (fingerprint, subscription_id, type_id, error, message, deaths, parked, first_at, last_at)
    select ${`bench-${run}`}, ${id}, min(type_id),
      '{"kind":"handler","name":"Error","message":"Down.","frames":[],"causes":[]}'::jsonb, 'Down.', count(*), count(*), now(), now()
    from events where position > ${after} returning id`;
  const caseId = found?.id ?? 0;
  await sql`
    insert into deliveries (position, subscription_id, type_id, generation, status, attempts, started_at, duration_us, settled_at)
    select position, ${id}, type_id, 0, 4, 1, now(), 1000, now() from events where position > ${after} order by position`;
  await sql`
    insert into attempts (position, subscription_id, generation, attempt, started_at, duration_us, outcome, error)
    select position, ${id}, 0, 1, now(), 1000, 1, '{"kind":"handler","name":"Error","message":"Down."}'::jsonb
    from events where position > ${after} order by position`;
  await sql`
    insert into dead_letters (position, subscription_id, generation, number, case_id, type_id,
      source_id, event_id, message, attempts, first_died_at, died_at)
    select position, ${id}, 0, nextval('dead_letter_numbers'), ${caseId}, type_id, source_id, id, 'Down.', 1, now(), now()
    from events where position > ${after} order by position`;
  await sql`
    insert into unresolved_letters (position, subscription_id, number, case_id, status, counted_as, key)
    select position, subscription_id, number, case_id, 0, 0, hashtextextended(partition_key, subscription_id) from dead_letters where subscription_id = ${id} order by position`;
  await insertMissingKeys(sql);
  await sql`vacuum analyze events, deliveries, attempts, dead_letters, unresolved_letters`;
  return caseId;
}
