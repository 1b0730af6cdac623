import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { ConnectOptions, Sql } from "#drizzle/db.ts";
import { insertCursor, insertSubscription } from "#drizzle/queries/subscriptions.ts";
import type { TargetDto } from "#server/contract/bus.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { completeEvent } from "#server/domain/new-event.ts";
import { createBatchWriter } from "#server/ingest/write-batch.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { isPoison, TIMEOUT_MS } from "./fault-handlers.ts";
import { until } from "./open-bus.ts";

export const KEYS = 10;
const LEASE_MS = 800;
/** What fails for a moment is tried until it works. */
const PATIENCE = { retries: 100, baseMs: 5, factor: 1, capMs: 5, jitter: "none" } as const;
const LITTLE_PATIENCE = { ...PATIENCE, retries: 8 };

/** What a test has to undo, last first. */
export const undo: (() => unknown)[] = [];

export async function undoAll(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}

const PROCESSES = {
  worker: new URL("./fault-worker.ts", import.meta.url),
  relay: new URL("./fault-relay.ts", import.meta.url),
  replays: new URL("../../replays/testing/replay-worker.ts", import.meta.url),
};

/** Starts a process and waits for its first word. */
export async function startProcess(
  kind: keyof typeof PROCESSES,
  options: ConnectOptions,
): Promise<ChildProcess> {
  const script = fileURLToPath(PROCESSES[kind]);
  const child = spawn(process.execPath, [script, JSON.stringify(options), String(LEASE_MS)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  undo.push(() => kill(child));
  const died = once(child, "exit").then(() => Promise.reject(new Error(`The ${kind} ended by itself.`)));
  await Promise.race([once(child.stdout, "data"), died]);
  died.catch(() => {});
  return child;
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

export type FaultConsumer = { name: string; isOrdered?: boolean; hasPoison?: boolean; target?: TargetDto };

export async function subscribeAll(sql: Sql, consumers: FaultConsumer[]): Promise<void> {
  await sql`create table effects (
    at bigint generated always as identity, consumer text not null, key integer not null, seq integer not null)`;
  for (const { name, isOrdered, hasPoison, target } of consumers) {
    await sql.begin(async (tx) => {
      await insertSubscription(tx, await insertCursor(tx, "0"), {
        consumer: name,
        channel: null,
        filters: [],
        target: target ?? { kind: "handler", name },
        ordering: isOrdered ? "key" : "none",
        onDead: "block",
        concurrency: 8,
        retry: hasPoison ? LITTLE_PATIENCE : PATIENCE,
        timeoutMs: TIMEOUT_MS,
      });
    });
  }
}

/**
 * Stores an event of every key in each round, and tries until it is told that they are; an outage only delays it.
 *
 * @returns the rounds, which end when `isEnough` says so.
 */
export async function load(
  sql: Sql,
  { pauseMs, isEnough }: { pauseMs: number; isEnough: (rounds: number) => boolean },
): Promise<number> {
  const write = createBatchWriter(sql, new NameCache(sql));
  for (let seq = 0; ; seq += 1) {
    if (isEnough(seq)) return seq;
    const batch = Array.from({ length: KEYS }, (_, key) => {
      const event = completeEvent(
        {
          type: "numbered",
          source: "/load",
          partitionKey: `k${key}`,
          data: { encoding: "json", text: JSON.stringify({ key, seq }) },
        },
        { id: `${key}/${seq}`, time: new Date().toISOString() },
      );
      return { event, identity: eventIdentity(event.source, event.id) };
    });
    await until(() =>
      write(batch).then(
        () => true,
        () => false,
      ),
    );
    await sleep(pauseMs);
  }
}

/** Waits until every event has ended for every consumer, and all of it is counted. */
export async function settles(sql: Sql, consumers: FaultConsumer[], rounds: number): Promise<void> {
  const isSettled = async () => {
    const rows = await sql<{ n: number }[]>`
      select (count(*) filter (where status in (2, 4)))::int as n from deliveries group by subscription_id`;
    const [open] = await sql<{ any: boolean }[]>`
      select exists (select from delivery_leases) or exists (select from uncounted_attempts)
        or exists (select from processing_tallies) as any`;
    return rows.length === consumers.length && rows.every(({ n }) => n === KEYS * rounds) && !open?.any;
  };
  await until(() => isSettled().catch(() => false), 120_000);
}

/** None lost, none with two effects, dead only what can't be handled, order kept, sums equal to the rows. */
export async function expectPromisesKept(
  sql: Sql,
  consumers: FaultConsumer[],
  rounds: number,
): Promise<void> {
  const events = KEYS * rounds;
  const poison =
    KEYS * Array.from({ length: rounds }, (_, seq) => seq).filter((seq) => isPoison({ seq })).length;
  const byName = consumers.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const wanted = byName.map(({ name, hasPoison }) => ({
    consumer: name,
    succeeded: hasPoison ? events - poison : events,
    dead: hasPoison ? poison : 0,
  }));
  const standings = await sql`
    select consumer, (count(*) filter (where status = 2))::int as succeeded,
      (count(*) filter (where status = 4))::int as dead
    from deliveries join subscriptions on id = subscription_id group by consumer order by consumer collate "C"`;
  expect([...standings]).toEqual(wanted);

  const sums = await sql`
    select consumer, sum(succeeded)::int as succeeded, sum(dead)::int as dead
    from processing_minutes join subscriptions on id = subscription_id
    group by consumer order by consumer collate "C"`;
  expect([...sums]).toEqual(wanted);

  const effects = await sql<{ consumer: string; effects: number; events: number }[]>`
    select consumer, count(*)::int as effects, count(distinct (key, seq))::int as events
    from effects group by consumer order by consumer collate "C"`;
  const handled = byName.filter(({ target }) => target === undefined);
  for (const { name, hasPoison } of handled) {
    const own = effects.find(({ consumer }) => consumer === name);
    expect({ name, events: own?.events }).toEqual({ name, events: hasPoison ? events - poison : events });
    // Without a transaction, an effect may come again after a crash.
    if (name !== "plain") expect({ name, effects: own?.effects }).toEqual({ name, effects: own?.events });
  }

  const ordered = consumers.filter(({ isOrdered }) => isOrdered).map(({ name }) => name);
  const overtaken = await sql`
    select consumer, key, seq from (
      select consumer, key, seq, lag(seq) over (partition by consumer, key order by at) as before from effects
      where consumer = any(${ordered}::text[])
    ) ordered where before > seq`;
  expect([...overtaken]).toEqual([]);
}
