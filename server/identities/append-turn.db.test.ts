import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { copyEvents, insertEvents, TURN_OVER } from "#drizzle/queries/event-writing.ts";
import { wantedNames } from "../names/wanted-names.ts";
import { asDuplicates, openSealing, readings, type TestSealing } from "./testing/open-sealing.ts";

let store: TestSealing;
beforeEach(async () => {
  store = await openSealing();
});
afterEach(() => store.close());

/** An append that a process has begun, on a connection of its own, and not ended. */
async function openAppend(process: ReturnType<TestSealing["openProcess"]>, prefix: string) {
  const events = readings(prefix, 3);
  const identities = events.map(({ identity }) => identity);
  const [claim] = await process.identities.claim([{ identities, checkedTo: [] }]);
  const ids = await store.ctx.names.ensure(wantedNames(events.map(({ event }) => event)));
  const connection = await store.openPool(1).sql.reserve();
  await connection`begin`;
  const first = await insertEvents(connection, events, ids, claim?.known);
  return { events, claim, connection, first };
}

describe("The turn to append", () => {
  test("passes from process to process, and each knows what the others have stored", async () => {
    const processes = [store.openProcess(), store.openProcess(), store.openProcess()];
    const events = readings("a", 60);
    const stored = await processes[0]?.write(events);
    for (const { write } of processes) expect(await write(events)).toEqual(asDuplicates(stored ?? []));
    const outcomes = await Promise.all(
      processes.map(({ write }, at) => write([...readings("b", 200), ...readings(`own-${at}`, 50)])),
    );
    expect(outcomes.flat().filter(({ kind }) => kind === "accepted")).toHaveLength(200 + 3 * 50);
    expect(await store.count("events")).toBe(60 + 200 + 3 * 50);
  });

  test.each([
    ["in one statement", insertEvents],
    ["by COPY", copyEvents],
  ])("is asked for by the database: an append whose turn is over stores nothing: %s", async (_, append) => {
    const [first, second] = [store.openProcess(), store.openProcess()];
    const [claim] = await first.identities.claim([{ identities: [], checkedTo: [] }]);
    await second.write(readings("a", 3));
    const fresh = readings("b", 3);
    const ids = await store.ctx.names.ensure(wantedNames(fresh.map(({ event }) => event)));
    await expect(append(store.sql, fresh, ids, claim?.known)).rejects.toMatchObject({ code: TURN_OVER });
    expect(await store.count("events")).toBe(3);
  });

  test("begins when what is open has ended: stored is known, given up is new", async () => {
    for (const [end, kind] of [
      ["commit", "duplicate"],
      ["rollback", "accepted"],
    ] as const) {
      const { events, connection, claim } = await openAppend(store.openProcess(), end);
      let isDone = false;
      const writing = store.openProcess().write(events);
      void writing.then(() => {
        isDone = true;
      });
      for (let looks = 0; looks < 100; looks += 1) await store.sql`select from pg_locks limit 1`;
      expect(isDone).toBe(false);
      await connection.unsafe(end);
      connection.release();
      claim?.giveUp();
      expect((await writing).map((outcome) => outcome.kind)).toEqual([kind, kind, kind]);
    }
  });

  test("does not wait for ever for an append that its process does not end", async () => {
    const { events, connection } = await openAppend(store.openProcess(), "frozen");
    const outcomes = await store.openProcess(100).write(events);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["accepted", "accepted", "accepted"]);
    await expect(connection`commit`).rejects.toThrow();
    connection.release();
    expect(await store.count("events")).toBe(3);
  });

  test("does not wait for ever for a process that keeps it", async () => {
    const keeper = await store.openPool(1).sql.reserve();
    await keeper`select pg_advisory_lock(turn_lock())`;
    const outcomes = await store.openProcess(100).write(readings("a", 3));
    expect(outcomes.map(({ kind }) => kind)).toEqual(["accepted", "accepted", "accepted"]);
    keeper.release();
  });

  test("is taken anew when it is not known how an append ended", async () => {
    const process = store.openProcess();
    const { events, connection, claim, first } = await openAppend(process, "lost");
    claim?.giveUp(new Error("The connection was lost."));
    const writing = process.write(events);
    // It was on its way to the database all the same.
    await connection`commit`;
    connection.release();
    expect(await writing).toEqual(
      events.map((_, at) => ({ kind: "duplicate", position: String(first + at) })),
    );
    expect(await store.count("events")).toBe(3);
  });

  test("is left to others as soon as nothing is to be appended", async () => {
    await store.openProcess().write(readings("a", 3));
    await vi.waitFor(async () => {
      const held = await store.sql`
        select from pg_locks where locktype = 'advisory' and classid = 0 and objid = turn_lock()::oid`;
      expect(held).toHaveLength(0);
    });
  });
});
