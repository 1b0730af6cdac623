import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Sql } from "#drizzle/db.ts";
import { insertRun, sealPart } from "#drizzle/queries/identity-sealing.ts";
import type { WriteOutcome } from "../ingest/append-outcome.ts";
import type { IngestEvent } from "../ingest/ingest-event.ts";
import {
  asDuplicates,
  openSealing,
  readings,
  SEALING_LIMITS,
  type TestSealing,
} from "./testing/open-sealing.ts";

let store: TestSealing;
beforeEach(async () => {
  store = await openSealing();
});
afterEach(() => store.close());

describe("Sealing", () => {
  test("takes nothing out of the newest part while an append is open that may not know the run", async () => {
    await store.openProcess().write(readings("a", 300));
    const append = await store.openPool(1).sql.reserve();
    await append`begin`;
    await append`select begin_append(1)`;
    let isDone = false;
    const sealing = store.seal().then(() => {
      isDone = true;
    });
    await vi.waitFor(async () => expect(await store.count("identity_runs")).toBe(1));
    // Several looks of the one who waits.
    for (let looks = 0; looks < 200; looks += 1) await store.sql`select from pg_locks limit 1`;
    expect([isDone, await store.count("event_identities")]).toEqual([false, 300]);
    await append`rollback`;
    append.release();
    await sealing;
    expect(await store.count("event_identities")).toBe(20);
  });

  test("leaves out what an open append may still store before it", async () => {
    const append = await store.openPool(1).sql.reserve();
    await append`begin`;
    await append`select begin_append(1)`;
    await store.openProcess().write(readings("a", 300));
    expect(await store.seal()).toBe(false);
    expect([await store.count("event_identities"), await store.count("identity_blocks")]).toEqual([300, 0]);
    await append`commit`;
    append.release();
    expect(await store.seal()).toBe(true);
  });

  test("is left to the process that does it", async () => {
    await store.openProcess().write(readings("a", 300));
    const other = await store.openPool(1).sql.reserve();
    await other`select pg_advisory_lock(7104005)`;
    expect(await store.seal()).toBe(false);
    expect(await store.count("identity_runs")).toBe(0);
    await other`select pg_advisory_unlock(7104005)`;
    other.release();
    expect(await store.seal()).toBe(true);
  });

  test("is finished by the next one where a process ended after the run counted", async () => {
    await store.openProcess().write(readings("a", 300));
    const append = await store.openPool(1).sql.reserve();
    await append`begin`;
    await append`select begin_append(1)`;
    const ending = new AbortController();
    const sealing = store.seal(store.sql, ending.signal);
    await vi.waitFor(async () => expect(await store.count("identity_runs")).toBe(1));
    ending.abort();
    await sealing;
    await append`rollback`;
    append.release();
    expect(await store.count("event_identities")).toBe(300);
    expect(await store.seal()).toBe(false);
    expect([await store.count("event_identities"), await store.count("identity_runs")]).toEqual([20, 1]);
  });

  test("writes nothing on a connection that has lost its lock", async () => {
    await store.openProcess().write(readings("a", 300));
    const [low, high] = ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"];
    const last = Date.now() * 1000;
    await expect(sealPart(store.sql, last, low, high)).rejects.toThrow("was lost");
    await expect(insertRun(store.sql, last, { entries: 300, filterBytes: 32 })).rejects.toThrow("was lost");
    expect([await store.count("identity_blocks"), await store.count("identity_runs")]).toEqual([0, 0]);
  });

  test("stores nothing twice and loses nothing, before whichever statement it is killed", async () => {
    const old = store.openProcess();
    const events: IngestEvent[] = [];
    const stored: WriteOutcome[] = [];
    let isKilled = true;
    let statement = 0;
    for (; isKilled; statement += 1) {
      const fresh = readings(`round-${statement}`, 150);
      stored.push(...(await store.openProcess().write(fresh)));
      events.push(...fresh);
      isKilled = await sealUntilKilled(statement);
      // Of this round and of the one before: the last that were sealed, and the first that were not.
      for (const { write } of [old, store.openProcess()]) {
        expect(await write(events.slice(-300))).toEqual(asDuplicates(stored.slice(-300)));
      }
    }
    expect(statement).toBeGreaterThan(12);
    expect(stored.every(({ kind }) => kind === "accepted")).toBe(true);
    expect(await store.count("events")).toBe(events.length);
    while (await store.seal());
    const [left] = await store.sql`
      select count(*)::int as blocks from identity_blocks where run not in (select last from identity_runs)`;
    expect(left?.blocks).toBe(0);
    expect(await store.count("event_identities")).toBeLessThanOrEqual(SEALING_LIMITS.most);
    expect(await store.openProcess().write(events)).toEqual(asDuplicates(stored));
  });

  test("goes on while processes write the same events, and others", async () => {
    const processes = [store.openProcess(), store.openProcess(), store.openProcess()];
    const pool = readings("overlap", 1_200);
    let isWriting = true;
    const sealing = (async () => {
      let runs = 0;
      while (isWriting) if (await store.seal()) runs += 1;
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
  const { sql } = store.openPool(1);
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
  await store.seal(killed).catch((error: unknown) => {
    if (!isKilled) throw error;
  });
  return isKilled;
}
