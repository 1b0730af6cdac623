import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { appendTestEvents } from "#drizzle/testing/events.ts";
import { addPostings } from "./event-postings.ts";
import { ensureEventPartitions } from "./event-writing.ts";
import { lookAtNewest } from "./topology-samples.ts";

let database: TestDatabase;
let positions: string[] = [];
const ids = new Map<string, number>();
const id = (name: string) => ids.get(name) ?? 0;
const pair = (type: string, source: string) => ({ typeId: id(type), sourceId: id(source) });
const at = (...places: number[]) => places.map((place) => positions[place]);

beforeAll(async () => {
  database = await createTestDatabase();
  const { sql } = database;
  await ensureEventPartitions(sql);
  const events = Array.from({ length: 40 }, (_, n) => ({
    type: n % 4 === 3 ? "paid" : "placed",
    source: n % 2 === 0 ? "/web" : "/shop",
    correlationId: n % 8 < 4 ? null : `flow-${n}`,
    causationId: n % 8 === 0 ? "before" : null,
    partitionKey: n % 4 === 3 ? null : `key-${n % 3}`,
    data: { encoding: "json", text: n === 38 ? `"${"x".repeat(20_000)}"` : "1" } as const,
  }));
  const early = await appendTestEvents(sql, events.slice(0, 24));
  await addPostings(sql, early.at(-1) ?? "0", 1);
  positions = [...early, ...(await appendTestEvents(sql, events.slice(24)))];
  for (const row of await sql`select id, name from interned_names`) ids.set(row.name, row.id);
});
afterAll(() => database.drop());

const look = (from: number, before: number, typeIds = [id("placed"), id("paid")]) =>
  lookAtNewest(
    database.sql,
    {
      typeIds,
      pairs: [pair("placed", "/web"), pair("paid", "/shop")],
      newest: 3,
      tornPairs: [pair("placed", "/web")],
      uncorrelated: 2,
    },
    { from: positions[from] ?? "0", before: positions[before] ?? "0" },
  );

test("the newest events of types from sources are those of each of them, but for long payloads", async () => {
  expect((await look(0, 39)).positions).toEqual(at(36, 35, 34, 32, 31, 27));
  expect((await look(0, 21)).positions).toEqual(at(20, 19, 18, 16, 15, 11));
});

test("those without a correlation id say whether they name a cause", async () => {
  expect((await look(0, 39)).uncorrelated).toEqual([
    { type_id: id("placed"), source_id: id("/web"), position: positions[34], is_caused: false },
    { type_id: id("placed"), source_id: id("/web"), position: positions[32], is_caused: true },
  ]);
});

test("keys are counted by type, the most frequent first, with the events of each", async () => {
  const { keys } = await look(0, 12);
  expect(keys.map(({ type_id, key, events, looked_at }) => ({ type_id, key, events, looked_at }))).toEqual(
    expect.arrayContaining([
      { type_id: id("placed"), key: "key-0", events: 3, looked_at: 9 },
      { type_id: id("placed"), key: "key-1", events: 3, looked_at: 9 },
      { type_id: id("placed"), key: "key-2", events: 3, looked_at: 9 },
    ]),
  );
  expect(keys.find(({ key }) => key === "key-0")?.positions).toEqual(at(9, 6, 0));
});

test("nothing is found where no types are wanted", async () => {
  expect(await look(0, 39, [])).toEqual({ positions: [], uncorrelated: [], keys: [] });
});
