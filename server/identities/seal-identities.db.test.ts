import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Sql } from "#drizzle/db.ts";
import { copyEvents } from "#drizzle/queries/event-writing.ts";
import { insertBlocks, insertRun } from "#drizzle/queries/identity-sealing.ts";
import type { WriteOutcome } from "../ingest/append-outcome.ts";
import type { IngestEvent } from "../ingest/ingest-event.ts";
import { wantedNames } from "../names/wanted-names.ts";
import {
  asDuplicates,
  openSealing,
  readings,
  SEALING_LIMITS,
  type TestSealing,
  writeInBatches,
} from "./testing/open-sealing.ts";

let store: TestSealing;
beforeEach(async () => {
  store = await openSealing();
});
afterEach(() => store.close());

describe("Sealing", () => {
  test("takes the oldest batches into a run, once there are more identities than may be in none", async () => {
    const events = readings("a", 300);
    await store.append(events.slice(0, 100));
    expect(await store.seal()).toBe(false);
    await store.append(events.slice(100));
    expect(await store.seal()).toBe(true);
    expect([await store.countNewest(), await store.listEntries()]).toEqual([20, [280]]);
    expect(await store.seal()).toBe(false);
    expect(await store.listFound(events)).toEqual(events.slice(0, 280).map(({ event }) => event.id));
    await store.append(readings("b", 81));
    expect(await store.seal()).toBe(true);
    expect([await store.countNewest(), await store.listEntries()]).toEqual([21, [280, 80]]);
    expect(await store.listFound([...events, ...readings("b", 81)])).toHaveLength(360);
  });

  test("splits no batch", async () => {
    for (const [prefix, count] of [
      ["a", 60],
      ["b", 61],
    ] as const) {
      const ids = await store.ctx.names.ensure(
        wantedNames(readings(prefix, count).map(({ event }) => event)),
      );
      await copyEvents(store.sql, readings(prefix, count), ids);
    }
    expect(await store.seal()).toBe(true);
    expect([await store.countNewest(), await store.listEntries()]).toEqual([61, [60]]);
  });

  test("keeps a batch that goes beyond the run, as one that was made of older rows may", async () => {
    await store.append(readings("a", 100));
    await store.sql`
      insert into identity_runs (last, entries, filter_bytes) select max(first) + 4, 0, 0 from identity_batches`;
    expect(await store.seal()).toBe(false);
    expect(await store.countNewest()).toBe(10);
  });

  test("leaves out what an open append may still store before it", async () => {
    const append = await store.openPool(1).sql.reserve();
    await append`begin`;
    await append`select begin_append(1)`;
    await store.append(readings("a", 300));
    expect(await store.seal()).toBe(false);
    expect([await store.countNewest(), await store.count("identity_blocks")]).toEqual([300, 0]);
    await append`commit`;
    append.release();
    expect(await store.seal()).toBe(true);
  });

  test("is left to the process that does it", async () => {
    await store.append(readings("a", 300));
    const other = await store.openPool(1).sql.reserve();
    await other`select pg_advisory_lock(7104005)`;
    expect(await store.seal()).toBe(false);
    expect(await store.count("identity_runs")).toBe(0);
    await other`select pg_advisory_unlock(7104005)`;
    other.release();
    expect(await store.seal()).toBe(true);
  });

  test("is given up when it is to end", async () => {
    await store.append(readings("a", 300));
    expect(await store.seal(store.sql, AbortSignal.abort())).toBe(false);
    expect([await store.countNewest(), await store.count("identity_runs")]).toEqual([300, 0]);
  });

  test("is finished by the next one where a process ended after the run counted", async () => {
    await store.append(readings("a", 300));
    const holder = await store.openPool(1).sql.reserve();
    await holder`begin`;
    await holder`select from identity_batches order by first limit 1 for update`;
    const sealing = store.seal(store.openPool(1).sql);
    const ended = expect(sealing).rejects.toThrow();
    await vi.waitFor(async () => expect(await store.count("identity_runs")).toBe(1));
    await store.sql`
      select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and objid = sealing_lock()::oid`;
    await ended;
    await holder`rollback`;
    holder.release();
    expect(await store.countNewest()).toBe(300);
    expect(await store.seal()).toBe(false);
    expect([await store.countNewest(), await store.count("identity_runs")]).toEqual([20, 1]);
  });

  test("writes nothing on a connection that has lost its lock", async () => {
    const last = Date.now() * 1000;
    const blocks = [new Uint8Array(32)].values();
    await expect(insertBlocks(store.sql, last, blocks, 10)).rejects.toThrow("was lost");
    await expect(insertRun(store.sql, last, { entries: 2, filterBytes: 32 })).rejects.toThrow("was lost");
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
      stored.push(...(await writeInBatches(store.openProcess(), fresh)));
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
    expect(await store.countNewest()).toBeLessThanOrEqual(SEALING_LIMITS.most);
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
  const countStatement = (made: unknown) => {
    // What isn't a statement is a name for one.
    if (!(made instanceof Promise) || !("handler" in made)) return made;
    const send = made.handler as (query: unknown) => void; // of the driver: it sends the statement
    const handler = async () => {
      statements += 1;
      if (statements - 1 === statement) {
        isKilled = true;
        // It may be opened again, and go on as if nothing had been.
        await store.sql`select pg_terminate_backend(${backend?.pid}, 5000)`;
      }
      send(made);
    };
    return Object.assign(made, { handler });
  };
  const counting = new Proxy(connection, {
    apply: (target, self, args) => countStatement(Reflect.apply(target, self, args)),
    get: (target, name) =>
      name === "unsafe" ? (text: string) => countStatement(target.unsafe(text)) : Reflect.get(target, name),
  });
  const killed = { reserve: async () => counting } as unknown as Sql; // all that sealing asks of a pool
  await store.seal(killed).catch((error: unknown) => {
    if (!isKilled) throw error;
  });
  return isKilled;
}
