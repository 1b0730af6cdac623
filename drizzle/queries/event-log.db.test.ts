import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "#drizzle/db.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { appendTestEvents, openTestAppend } from "#drizzle/testing/events.ts";
import { listEnvelopeRowsAfter } from "./event-envelopes.ts";
import { getSafePosition } from "./event-log.ts";
import { ensureEventPartitions } from "./event-writing.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await ensureEventPartitions(database.sql);
});
afterAll(() => database.drop());

async function safe(): Promise<number> {
  return Number(await getSafePosition(database.sql));
}

async function takePositions(count: number): Promise<number> {
  const [row] = await database.sql<{ first: string }[]>`select begin_append(${count}) as first`;
  return Number(row?.first);
}

describe("The safe position", () => {
  test("stands at the last event when no append is open", async () => {
    const positions = await appendTestEvents(database.sql, [{}, {}, {}]);
    expect(await safe()).toBe(Number(positions[2]));
  });

  test("is held back by an open append, whatever commits after it, and let go by its commit", async () => {
    await appendTestEvents(database.sql, [{}]);
    const before = await safe();
    const open = await openTestAppend(database.sql, [{}, {}]);
    const later = await appendTestEvents(database.sql, [{}, {}]);
    const between = await safe();
    expect(between).toBeLessThan(Number(open.positions[0]));
    expect(between).toBeGreaterThanOrEqual(before);
    await open.commit();
    expect(await safe()).toBe(Number(later[1]));
  });

  test("follows the oldest of several open appends, in whichever order they end", async () => {
    const [first, second, third] = [
      await openTestAppend(database.sql, [{}]),
      await openTestAppend(database.sql, [{}]),
      await openTestAppend(database.sql, [{}]),
    ];
    await second.commit();
    expect(await safe()).toBeLessThan(Number(first.positions[0]));
    await first.commit();
    expect(await safe()).toBeGreaterThanOrEqual(Number(second.positions[0]));
    expect(await safe()).toBeLessThan(Number(third.positions[0]));
    await third.commit();
    expect(await safe()).toBe(Number(third.positions[0]));
  });

  test("is released by an append that is given up, and by one whose session is killed", async () => {
    const given = await openTestAppend(database.sql, [{}]);
    await given.abort();
    expect(await safe()).toBeGreaterThanOrEqual(Number(given.positions[0]));

    const pool = connect(database.options, { max: 1 });
    const killed = await pool.sql.reserve();
    await killed`begin`;
    const [append] = await killed`select begin_append(1) as first, pg_backend_pid() as pid`;
    expect(await safe()).toBeLessThan(Number(append?.first));
    await database.sql`select pg_terminate_backend(${append?.pid})`;
    await vi.waitFor(async () => expect(await safe()).toBeGreaterThanOrEqual(Number(append?.first)), {
      timeout: 60_000,
    });
    await pool.close();
  });

  test("is not held back by other transactions, nor by appends to another database", async () => {
    const other = await createTestDatabase();
    await ensureEventPartitions(other.sql);
    const elsewhere = await openTestAppend(other.sql, [{}]);
    const reader = await database.sql.reserve();
    await reader`begin`;
    await reader`update checkpoints set updated_at = now()`;
    await reader`select pg_advisory_xact_lock_shared(42)`;
    const positions = await appendTestEvents(database.sql, [{}]);
    expect(await safe()).toBe(Number(positions[0]));
    await reader`rollback`;
    reader.release();
    await elsewhere.commit();
    await other.drop();
  });

  test("never passes an event that is still to appear, however appends interleave", async () => {
    const seen: { safe: number; visible: number }[] = [];
    let isDone = false;
    const watching = (async () => {
      while (!isDone) {
        const upTo = await safe();
        const [row] =
          await database.sql`select count(*)::int as visible from events where position <= ${upTo}`;
        seen.push({ safe: upTo, visible: Number(row?.visible) });
      }
    })();
    await Promise.all(
      [1, 2, 3].map(async (writer) => {
        for (let round = 0; round < 30; round += 1) {
          const open = await openTestAppend(database.sql, Array(1 + ((writer + round) % 4)).fill({}));
          if ((writer * round) % 3 === 0) await takePositions(2);
          if ((writer + round) % 5 === 0) await open.abort();
          else await open.commit();
        }
      }),
    );
    isDone = true;
    await watching;
    const positions = await database.sql<{ position: string }[]>`select position from events`;
    const wrong = seen.filter(
      (one) => positions.filter(({ position }) => Number(position) <= one.safe).length !== one.visible,
    );
    expect(seen.length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });
});

describe("Whole events in order", () => {
  test("are read until their payloads exceed what may be in memory, and one at least", async () => {
    const after = await getSafePosition(database.sql);
    const data = { encoding: "json", text: JSON.stringify("x".repeat(10_000)) } as const;
    const positions = await appendTestEvents(database.sql, [{ data }, { data }, { data }, { data }]);
    const upTo = await getSafePosition(database.sql);
    const read = (maxBytes: number, limit = 10) =>
      listEnvelopeRowsAfter(database.sql, { after, upTo, limit, maxBytes });
    const positionsOf = async (rows: ReturnType<typeof read>) => (await rows).map((row) => row.position);
    expect(await positionsOf(read(1))).toEqual(positions.slice(0, 1));
    expect(await positionsOf(read(15_000))).toEqual(positions.slice(0, 2));
    expect(await positionsOf(read(1_000_000))).toEqual(positions);
    expect(await positionsOf(read(1_000_000, 3))).toEqual(positions.slice(0, 3));
  });
});

describe("Positions", () => {
  test("are handed out in blocks that never overlap, also to many at once", async () => {
    const sizes = Array.from({ length: 40 }, (_, n) => 1 + (n % 7));
    const firsts = await Promise.all(sizes.map(takePositions));
    const blocks = firsts
      .map((first, at) => ({ first, end: first + (sizes[at] ?? 0) }))
      .toSorted((a, b) => a.first - b.first);
    for (const [at, block] of blocks.entries())
      expect(block.first).toBeGreaterThanOrEqual(blocks[at - 1]?.end ?? 0);
  });

  test("go on from the last one where the clock of the database stands behind it", async () => {
    const ahead = (Date.now() + 3_600_000) * 1000;
    await database.sql`select setval('event_positions', ${ahead})`;
    expect(await takePositions(10)).toBe(ahead + 1);
    expect(await takePositions(1)).toBe(ahead + 11);
  });
});
