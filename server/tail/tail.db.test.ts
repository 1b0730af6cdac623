import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { appendTestEvents, openTestAppend } from "#drizzle/testing/events.ts";
import { createLog } from "#server/platform/log.ts";
import { NameCache } from "../names/name-cache.ts";
import { Tail, type TailBatch } from "./tail.ts";

const log = createLog({ level: "silent", format: "json" });

let database: TestDatabase;
let tail: Tail;
let stopTail: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDatabase();
  await ensureEventPartitions(database.sql);
});
afterAll(() => database.drop());

beforeEach(async () => {
  const stopping = new AbortController();
  tail = new Tail(database.sql, new NameCache(database.sql), log);
  const { done } = await tail.start(stopping.signal);
  stopTail = async () => {
    stopping.abort();
    await done;
  };
});
afterEach(() => stopTail());

function collect(options: { withData?: boolean } = {}) {
  const batches: TailBatch[] = [];
  const { position } = tail.listen((batch) => batches.push(batch), options);
  return {
    position,
    batches,
    positions: () => batches.flatMap((batch) => batch.rows.map((row) => row.position)),
  };
}

async function until(isTrue: () => boolean) {
  await vi.waitFor(() => expect(isTrue()).toBe(true), { timeout: 60_000, interval: 5 });
}

describe("Tail", () => {
  test("gives what is committed from where it stands, in order, with names", async () => {
    await appendTestEvents(database.sql, [{ type: "before" }]);
    await until(() => Number(tail.position) > 0);
    const reader = collect();
    const positions = await appendTestEvents(database.sql, [
      { type: "order.placed" },
      { type: "order.paid" },
    ]);
    await until(() => reader.positions().length === 2);

    expect(reader.positions()).toEqual(positions);
    const [batch] = reader.batches;
    expect(batch?.rows.map((row) => batch.nameOf(row.type_id))).toEqual(["order.placed", "order.paid"]);
  });

  test("waits for an append that is open, and then gives it before what was committed ahead of it", async () => {
    const reader = collect();
    const slow = await openTestAppend(database.sql, [{}, {}]);
    const later = await appendTestEvents(database.sql, [{}]);
    await polls(3);
    expect(reader.positions()).toEqual([]);
    expect(Number(tail.position)).toBeLessThan(Number(slow.positions[0]));

    await slow.commit();
    await until(() => reader.positions().length === 3);
    expect(reader.positions()).toEqual([...slow.positions, ...later]);
  });

  test("goes on past an append that was given up", async () => {
    const reader = collect();
    const slow = await openTestAppend(database.sql, [{}, {}]);
    const later = await appendTestEvents(database.sql, [{}]);
    await slow.abort();
    await until(() => reader.positions().length === 1);
    expect(reader.positions()).toEqual(later);
  });

  test("skips nothing and repeats nothing while slow appends overlap, commit late or fail", async () => {
    const reader = collect();
    const committed: string[] = [];
    const passedOpenAppend: string[] = [];

    async function write(seed: number) {
      for (let round = 0; round < 25; round += 1) {
        const append = await openTestAppend(database.sql, [{}, {}, {}]);
        for (let pause = 0; pause < (seed * 7 + round * 3) % 5; pause += 1) {
          await database.sql`select 1`;
          tail.nudge();
          const [first] = append.positions;
          if (Number(tail.position) >= Number(first)) passedOpenAppend.push(tail.position);
        }
        if ((seed + round) % 4 === 0) await append.abort();
        else {
          committed.push(...append.positions);
          await append.commit();
        }
      }
    }
    await Promise.all([0, 1, 2, 3].map(write));
    await until(() => reader.positions().length >= committed.length);

    expect(passedOpenAppend).toEqual([]);
    expect(reader.positions()).toEqual(committed.toSorted((a, b) => Number(a) - Number(b)));
    let at = reader.position;
    for (const batch of reader.batches) {
      expect(batch.from).toBe(at);
      at = batch.to;
    }
  });

  test("brings payloads to a reader that joins while rows are read without", async () => {
    const plain = collect();
    await appendTestEvents(database.sql, [{ data: { encoding: "json", text: '{"n":1}' } }]);
    tail.nudge();
    const searching = collect({ withData: true });
    await until(() => searching.positions().length === 1 && plain.positions().length === 1);
    expect(searching.batches[0]?.rows[0]?.data_text).toBe('{"n":1}');
  });

  test("takes few large payloads at a time, and still all of them", async () => {
    const reader = collect({ withData: true });
    const text = JSON.stringify("x".repeat(7 * 1024 * 1024));
    const positions = await appendTestEvents(
      database.sql,
      Array.from({ length: 5 }, () => ({ data: { encoding: "json" as const, text } })),
    );
    await until(() => reader.positions().length === 5);
    expect(reader.positions()).toEqual(positions);
    expect(reader.batches.map((batch) => batch.rows.length)).toEqual([2, 2, 1]);
  });

  test("follows the end of the log while nobody listens", async () => {
    const [position] = await appendTestEvents(database.sql, [{}]);
    await until(() => tail.position === position);
    expect(collect().position).toBe(position);
  });

  async function polls(times: number) {
    for (let poll = 0; poll < times; poll += 1) {
      tail.nudge();
      await database.sql`select 1`;
      await database.sql`select safe_position()`;
    }
  }
});
