import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { connect, type Database, type Sql } from "#drizzle/db.ts";
import { copyEvents, insertEvents, SEALED_SINCE } from "#drizzle/queries/event-writing.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { eventWith } from "#server/domain/envelope/testing/arbitrary-event.ts";
import { getEventById } from "../events/get-event.ts";
import type { WriteOutcome } from "../ingest/append-outcome.ts";
import type { IngestEvent } from "../ingest/ingest-event.ts";
import { createBatchWriter } from "../ingest/write-batch.ts";
import { NameCache } from "../names/name-cache.ts";
import { wantedNames } from "../names/wanted-names.ts";
import { accountAppend, openTestStreams, type TestStreams } from "../streams/testing/open-streams.ts";
import { sealIdentitiesOnce } from "./seal-identities.ts";
import { StoredIdentities } from "./stored-identities.ts";

const LIMITS = { most: 100, keep: 20 };
const SOURCE = "/sealing";

let store: TestStreams;
let pools: Database[];
beforeEach(async () => {
  store = await openTestStreams();
  pools = [];
});
afterEach(async () => {
  for (const pool of pools) await pool.close();
  await store.close();
});

function openPool(max = 4): Database {
  const pool = connect(store.url, { max });
  pools.push(pool);
  return pool;
}

/** What a process of its own has: connections, and filters that it loads when it has to. */
function openProcess() {
  const { sql } = openPool();
  const identities = new StoredIdentities(sql);
  return { identities, write: createBatchWriter(sql, new NameCache(sql), identities) };
}

function reading(id: string, text = "{}"): IngestEvent {
  const event = eventWith({ id, source: SOURCE }, { encoding: "json", text });
  return { event, identity: eventIdentity(SOURCE, id) };
}

function readings(prefix: string, count: number): IngestEvent[] {
  return Array.from({ length: count }, (_, n) => reading(`${prefix}-${n}`));
}

const seal = (sql: Sql = store.sql) =>
  sealIdentitiesOnce({ sql, log: store.ctx.log }, new AbortController().signal, LIMITS);

async function count(table: string): Promise<number> {
  const [row] = await store.sql<{ rows: number }[]>`select count(*)::int as rows from ${store.sql(table)}`;
  return row?.rows ?? Number.NaN;
}

const asDuplicates = (outcomes: WriteOutcome[]) =>
  outcomes.map(({ position }) => ({ kind: "duplicate", position }));

describe("Sealed identities", () => {
  test("leave the newest part, once there are more of them than it may hold", async () => {
    const { write } = openProcess();
    await write(readings("a", 90));
    expect(await seal()).toBe(false);
    expect([await count("event_identities"), await count("identity_runs")]).toEqual([90, 0]);
    await write(readings("b", 210));
    expect(await seal()).toBe(true);
    expect([await count("event_identities"), await count("identity_runs")]).toEqual([20, 1]);
    expect(await seal()).toBe(false);
    await write(readings("c", 300));
    expect(await seal()).toBe(true);
    expect([await count("event_identities"), await count("identity_runs")]).toEqual([20, 2]);
    const runs = await store.sql`select entries::int from identity_runs order by last`;
    expect(runs.map(({ entries }) => entries)).toEqual([280, 300]);
  });

  test("are taken for whoever writes, with old filters as with new ones, in batches and alone", async () => {
    const before = openProcess();
    const events = readings("a", 300);
    const stored = await before.write(events);
    await seal();
    for (const { write } of [before, openProcess()]) {
      expect(await write(events)).toEqual(asDuplicates(stored));
      const outcomes = await write([reading("a-0"), reading("a-1", '"other"'), reading("a-299", '"other"')]);
      expect(outcomes.map(({ kind }) => kind)).toEqual(["duplicate", "conflict", "conflict"]);
      expect(await write([reading("a-7")])).toEqual(asDuplicates(stored.slice(7, 8)));
    }
    const mixed = await before.write([...readings("b", 50), ...events.slice(0, 50)]);
    expect(mixed.map(({ kind }) => kind)).toEqual([
      ...Array(50).fill("accepted"),
      ...Array(50).fill("duplicate"),
    ]);
    expect(await count("events")).toBe(350);
  });

  test.each([
    ["in one statement", insertEvents],
    ["by COPY", copyEvents],
  ])("refuse a writer that does not know their run: %s", async (_, store_) => {
    const { write, identities } = openProcess();
    await write(readings("a", 300));
    await seal();
    const again = readings("a", 3);
    const ids = await store.ctx.names.ensure(wantedNames(again.map(({ event }) => event)));
    await expect(store_(store.sql, again, ids)).rejects.toMatchObject({ code: SEALED_SINCE });
    const fresh = readings("b", 3);
    await expect(store_(store.sql, fresh, ids, identities.sealedTo)).rejects.toMatchObject({
      code: SEALED_SINCE,
    });
    expect(await count("events")).toBe(300);
    await identities.refresh();
    await store_(store.sql, fresh, ids, identities.sealedTo);
    expect(await count("events")).toBe(303);
  });

  test("answer appends to streams that are sent again, also where the stream went on", async () => {
    const append = (...args: Parameters<typeof accountAppend>) =>
      store.streams.append(accountAppend(...args));
    const first = await append("kept", 0, ["kept-1", "kept-2"]);
    await append("kept", 2, ["kept-3"]);
    await openProcess().write(readings("a", 300));
    await seal();
    expect((await store.ctx.identities.listTaken([eventIdentity("/accounts", "kept-1")])).size).toBe(1);
    const [newest] = await store.sql`
      select from event_identities where identity = ${eventIdentity("/accounts", "kept-1")}`;
    expect(newest).toBeUndefined();
    for (const streams of [store.streams, store.another()]) {
      const [again, other, conflict, next] = await Promise.all([
        streams.append(accountAppend("kept", 0, ["kept-1", "kept-2"])),
        streams.append(accountAppend("other", 0, ["kept-3"])),
        streams.append(accountAppend("kept", 1, ["kept-4"])),
        streams.append(accountAppend("next", null, [`next-${streams === store.streams}`])),
      ]);
      expect(again).toEqual({ ...first, isRepeat: true });
      expect(other).toEqual({ kind: "identity-conflict", ids: ["kept-3"] });
      expect(conflict).toEqual({ kind: "version-conflict", actualVersion: 3 });
      expect(next).toMatchObject({ kind: "appended", isRepeat: false });
    }
  });

  test("are found by id, by a reader that has not heard of their run", async () => {
    await openProcess().write([...readings("a", 300)]);
    const before = await getEventById(store.ctx, "a-5", SOURCE);
    await seal();
    expect(await getEventById(store.ctx, "a-5", SOURCE)).toEqual(before);
    expect(await getEventById(store.ctx, "a-5", undefined)).toEqual(before);
    await expect(getEventById(store.ctx, "a-300", SOURCE)).rejects.toThrow("No event with id a-300");
  });

  test("are compared whole: one that begins alike is another", async () => {
    const { write, identities } = openProcess();
    await write(readings("a", 300));
    await seal();
    const identity = eventIdentity(SOURCE, "a-5");
    const twin = `${identity.slice(0, -1)}${identity.endsWith("0") ? "1" : "0"}`;
    expect([...(await identities.listTaken([identity, twin])).keys()]).toEqual([identity]);
  });

  test("count for nothing where the event is gone, until it is stored again", async () => {
    const { write, identities } = openProcess();
    const [first] = await write(readings("a", 300));
    await seal();
    await store.sql`delete from events where position = ${first?.position ?? ""}`;
    const [again] = await write([reading("a-0", '"again"')]);
    expect(again?.kind).toBe("accepted");
    await write(readings("b", 300));
    await seal();
    expect(await count("event_identities")).toBe(20);
    expect(await write([reading("a-0", '"again"')])).toEqual(asDuplicates(again ? [again] : []));
    const taken = await identities.listTaken([eventIdentity(SOURCE, "a-0")]);
    expect([...taken.values()]).toEqual([again?.position]);
  });

  test("are looked up where a filter is wrong about them", async () => {
    const events = readings("a", 300);
    const stored = await openProcess().write(events);
    await seal();
    await store.sql`update identity_filters set bits = decode(repeat('ff', octet_length(bits)), 'hex')`;
    const { write } = openProcess();
    expect(await write(events)).toEqual(asDuplicates(stored));
    const fresh = await write(readings("b", 300));
    expect(fresh.every(({ kind }) => kind === "accepted")).toBe(true);
  });
});

describe("Sealing", () => {
  test("takes nothing out of the newest part while an append is open that may not know the run", async () => {
    await openProcess().write(readings("a", 300));
    const append = await openPool(1).sql.reserve();
    await append`begin`;
    await append`select begin_append(1)`;
    let isDone = false;
    const sealing = seal().then(() => {
      isDone = true;
    });
    await vi.waitFor(async () => expect(await count("identity_runs")).toBe(1));
    // Several looks of the one who waits.
    for (let looks = 0; looks < 200; looks += 1) await store.sql`select from pg_locks limit 1`;
    expect([isDone, await count("event_identities")]).toEqual([false, 300]);
    await append`rollback`;
    append.release();
    await sealing;
    expect(await count("event_identities")).toBe(20);
  });

  test("leaves out what an open append may still store before it", async () => {
    const append = await openPool(1).sql.reserve();
    await append`begin`;
    await append`select begin_append(1)`;
    await openProcess().write(readings("a", 300));
    expect(await seal()).toBe(false);
    expect([await count("event_identities"), await count("identity_blocks")]).toEqual([300, 0]);
    await append`commit`;
    append.release();
    expect(await seal()).toBe(true);
  });

  test("is left to the process that does it", async () => {
    await openProcess().write(readings("a", 300));
    const other = await openPool(1).sql.reserve();
    await other`select pg_advisory_lock(7104005)`;
    expect(await seal()).toBe(false);
    expect(await count("identity_runs")).toBe(0);
    await other`select pg_advisory_unlock(7104005)`;
    other.release();
    expect(await seal()).toBe(true);
  });

  test("stores nothing twice and loses nothing, before whichever statement it is killed", async () => {
    const old = openProcess();
    const events: IngestEvent[] = [];
    const stored: WriteOutcome[] = [];
    let isKilled = true;
    let statement = 0;
    for (; isKilled; statement += 1) {
      const fresh = readings(`round-${statement}`, 150);
      stored.push(...(await openProcess().write(fresh)));
      events.push(...fresh);
      isKilled = await sealUntilKilled(statement);
      // Of this round and of the one before: the last that were sealed, and the first that were not.
      for (const { write } of [old, openProcess()]) {
        expect(await write(events.slice(-300))).toEqual(asDuplicates(stored.slice(-300)));
      }
    }
    expect(statement).toBeGreaterThan(12);
    expect(stored.every(({ kind }) => kind === "accepted")).toBe(true);
    expect(await count("events")).toBe(events.length);
    while (await seal());
    const [left] = await store.sql`
      select count(*)::int as blocks from identity_blocks where run not in (select last from identity_runs)`;
    expect(left?.blocks).toBe(0);
    expect(await count("event_identities")).toBeLessThanOrEqual(LIMITS.most);
    expect(await openProcess().write(events)).toEqual(asDuplicates(stored));
  });

  test("goes on while processes write the same events, and others", async () => {
    const processes = [openProcess(), openProcess(), openProcess()];
    const pool = readings("overlap", 1_200);
    let isWriting = true;
    const sealing = (async () => {
      let runs = 0;
      while (isWriting) if (await seal()) runs += 1;
      return runs;
    })();
    const outcomes = await Promise.all(
      processes.map(async ({ write }, writer) => {
        const all: WriteOutcome[] = [];
        for (let round = 0; round < 60; round += 1) {
          const size = round % 3 === 0 ? 90 : 9;
          const picked = Array.from({ length: size }, (_, n) => (writer * 401 + round * 37 + n * 5) % 1_200);
          all.push(...(await write(picked.flatMap((at) => pool[at] ?? []))));
        }
        return all;
      }),
    );
    isWriting = false;
    expect(await sealing).toBeGreaterThan(2);
    const asked = new Set(outcomes.flat().map(({ position }) => position));
    const accepted = outcomes.flat().filter(({ kind }) => kind === "accepted");
    expect(outcomes.flat().some(({ kind }) => kind === "conflict")).toBe(false);
    expect(accepted).toHaveLength(asked.size);
    const [events] =
      await store.sql`select count(*)::int as stored, count(distinct id)::int as ids from events`;
    expect(events).toEqual({ stored: asked.size, ids: asked.size });
  });
});

/** Seals on a connection that the database ends before the statement with this number. @returns whether it came to that. */
async function sealUntilKilled(statement: number): Promise<boolean> {
  const { sql } = openPool(1);
  const connection = await sql.reserve();
  const [backend] = await connection`select pg_backend_pid() as pid`;
  let statements = 0;
  let isKilled = false;
  const counting = new Proxy(connection, {
    apply: (target, self, args: unknown[]) => {
      // What isn't a statement is a name for one.
      if (!Array.isArray(args[0]) || !("raw" in args[0])) return Reflect.apply(target, self, args);
      statements += 1;
      if (statements - 1 !== statement) return Reflect.apply(target, self, args);
      isKilled = true;
      // It may be opened again, and go on as if nothing had been.
      return store.sql`select pg_terminate_backend(${backend?.pid}, 5000)`.then(() =>
        Reflect.apply(target, self, args),
      );
    },
  });
  const killed = { reserve: async () => counting } as unknown as Sql; // all that sealing asks of a pool
  await seal(killed).catch((error: unknown) => {
    if (!isKilled) throw error;
  });
  return isKilled;
}
