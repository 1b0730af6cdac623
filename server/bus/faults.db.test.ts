import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { connect, type Sql } from "#drizzle/db.ts";
import { migrate } from "#drizzle/migrate.ts";
import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import { createTestDatabase } from "#drizzle/testing/database.ts";
import { completeEvent } from "#server/domain/new-event.ts";
import { startEmbeddedPostgres } from "#server/platform/embedded-postgres.ts";
import { createLog } from "#server/platform/log.ts";
import { getOutbox } from "./get-outbox.ts";
import { publish } from "./publish.ts";
import { relayOutboxOnce } from "./relay-outbox.ts";
import { isTooMuch, TIMEOUT_MS } from "./testing/fault-handlers.ts";
import {
  expectPromisesKept,
  type FaultConsumer,
  KEYS,
  kill,
  load,
  settles,
  startProcess,
  subscribeAll,
  undo,
  undoAll,
} from "./testing/faults.ts";
import { openTestBus, until } from "./testing/open-bus.ts";

const CONSUMERS: FaultConsumer[] = [
  { name: "keyed", isOrdered: true },
  { name: "single", hasPoison: true },
  { name: "batched", hasPoison: true },
  { name: "plain" },
];
const LIMIT_MS = 300_000;
/** The slower the machine, the longer the load would last, and the more there would be to settle. */
const MOST_ROUNDS = 150;

afterEach(undoAll);

test(
  "workers that are killed twenty times under load lose nothing and repeat no effect",
  async () => {
    const database = await createTestDatabase();
    undo.push(() => database.drop());
    const { sql, options } = database;
    await ensureEventPartitions(sql);
    await subscribeAll(sql, CONSUMERS);
    let isOver = false;
    const loading = load(sql, { pauseMs: 150, isEnough: (rounds) => rounds >= (isOver ? 30 : MOST_ROUNDS) });
    // The next ones start while the present ones work.
    const start = () => startProcess("worker", options);
    const workers = Array.from({ length: 3 }, start);
    for (let kills = 0; kills < 20; kills += 1) {
      const victim = await workers.shift();
      workers.push(start());
      await sleep((kills * 37) % 200);
      if (victim) await kill(victim);
    }
    await Promise.all(workers);
    isOver = true;
    const rounds = await loading;
    await settles(sql, CONSUMERS, rounds);
    await expectPromisesKept(sql, CONSUMERS, rounds);
  },
  LIMIT_MS,
);

test(
  "a database that dies and comes back under load loses nothing and repeats no effect",
  async () => {
    const dataDir = await mkdtemp(path.join(os.tmpdir(), "nagare-faults-"));
    undo.push(() => rm(dataDir, { recursive: true, force: true }));
    const log = createLog({ level: "silent", format: "json" });
    const postgres = await startEmbeddedPostgres({ dataDir, log });
    undo.push(() => postgres.stop());
    const { sql, close } = connect(postgres.options);
    undo.push(close);
    await migrate(sql);
    await ensureEventPartitions(sql);
    await subscribeAll(sql, CONSUMERS);
    const workers = await Promise.all([1, 2].map(() => startProcess("worker", postgres.options)));
    let isOver = false;
    const loading = load(sql, { pauseMs: 50, isEnough: (rounds) => isOver && rounds >= 30 });
    for (let deaths = 0; deaths < 3; deaths += 1) {
      const [before] = await sql`select count(*) as n from deliveries`;
      await until(async () => (await sql`select count(*) as n from deliveries`)[0]?.n !== before?.n);
      const pid = await readPostmaster(dataDir);
      process.kill(pid, deaths === 1 ? "SIGINT" : "SIGKILL");
      // It may be away for less than a look takes.
      await until(async () => ![pid, 0].includes(await readPostmaster(dataDir)) && (await answers(sql)));
    }
    isOver = true;
    const rounds = await loading;
    await settles(sql, CONSUMERS, rounds);
    await expectPromisesKept(sql, CONSUMERS, rounds);
    // The same processes all the way.
    expect(workers.map(({ exitCode, signalCode }) => exitCode ?? signalCode)).toEqual([null, null]);
  },
  LIMIT_MS,
);

test(
  "consumers that hang, or answer when nobody waits any more, lose nothing and repeat no effect",
  async () => {
    const database = await createTestDatabase();
    undo.push(() => database.drop());
    const { sql, options } = database;
    await ensureEventPartitions(sql);
    const silent = await openConsumer(() => {});
    const late = await openConsumer((response) => setTimeout(() => response.end(), 2 * TIMEOUT_MS));
    const consumers: FaultConsumer[] = [
      { name: "stuck" },
      { name: "stuck-batch" },
      { name: "late", isOrdered: true },
      { name: "http-silent", target: silent.target },
      { name: "http-late", isOrdered: true, target: late.target },
    ];
    await subscribeAll(sql, consumers);
    const rounds = 20;
    await Promise.all([1, 2].map(() => startProcess("worker", options)));
    await load(sql, { pauseMs: 30, isEnough: (count) => count === rounds });
    await settles(sql, consumers, rounds);
    await expectPromisesKept(sql, consumers, rounds);

    const all = Array.from(
      { length: KEYS * rounds },
      (_, index) => `${index % KEYS}/${Math.floor(index / KEYS)}`,
    );
    for (const { seen } of [silent, late]) expect([...new Set(seen)].toSorted()).toEqual(all.toSorted());
    // One that comes again is known by its id; what is new comes in order.
    for (let key = 0; key < KEYS; key += 1) {
      const ofKey = [...new Set(late.seen)].filter((id) => id.startsWith(`${key}/`));
      expect(ofKey).toEqual(Array.from({ length: rounds }, (_, seq) => `${key}/${seq}`));
    }
    const tooMuch = all.filter((id) => isTooMuch(numbersOf(id)));
    // Timed out; or interrupted, where a worker was too slow to renew its lease.
    const timedOut = await sql`
      select consumer, count(distinct position)::int as events from attempts
      join subscriptions on id = subscription_id where outcome in (2, 3) group by consumer`;
    for (const { name } of consumers.filter(({ name }) => name !== "stuck-batch")) {
      const own = timedOut.find(({ consumer }) => consumer === name);
      expect(own?.events, name).toBeGreaterThanOrEqual(tooMuch.length);
    }
  },
  LIMIT_MS,
);

test("a relay that is killed between the log and the outbox loses nothing and doubles nothing", async () => {
  const bus = await openTestBus();
  undo.push(() => bus.close());
  const ids = Array.from({ length: 50 }, (_, index) => `published-${String(index).padStart(2, "0")}`);
  await bus.sql.begin(async (tx) => {
    const time = "2025-11-22T10:00:00.000Z";
    for (const id of ids)
      await publish(tx, completeEvent({ type: "published", source: "/shop" }, { id, time }));
  });
  for (let crashes = 0; crashes < 2; crashes += 1) {
    await kill(await startProcess("relay", bus.database.options));
    expect((await getOutbox(bus.ctx)).unsent.count).toBe(ids.length);
  }
  await until(async () => {
    await relayOutboxOnce(bus.ctx);
    return (await getOutbox(bus.ctx)).unsent.count === 0;
  });
  const stored = await bus.sql<{ id: string }[]>`select id from events order by position`;
  expect(stored.map(({ id }) => id)).toEqual(ids);
});

async function answers(sql: Sql): Promise<boolean> {
  return sql`select 1`.then(
    () => true,
    () => false,
  );
}

/** The process of the Postgres on a folder; 0 while there is none. */
async function readPostmaster(dataDir: string): Promise<number> {
  const text = await readFile(path.join(dataDir, "postgres/postmaster.pid"), "utf8").catch(() => "0");
  return Number(text.split("\n")[0]);
}

/** An HTTP consumer that answers the first attempt of some events by `answer`, and what it saw. */
async function openConsumer(answer: (response: ServerResponse) => void) {
  const seen: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const id = String(request.headers["ce-id"]);
    seen.push(id);
    request.resume();
    response.statusCode = 204;
    if (request.headers["nagare-attempt"] === "1" && isTooMuch(numbersOf(id))) answer(response);
    else response.end();
  });
  undo.push(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const target = { kind: "http", url: `http://127.0.0.1:${port}/`, secrets: [], headers: {} } as const;
  return { seen, target: { ...target, secrets: [] } };
}

function numbersOf(id: string): { key: number; seq: number } {
  const [key = 0, seq = 0] = id.split("/").map(Number);
  return { key, seq };
}
