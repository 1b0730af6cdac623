import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SqlTx } from "#drizzle/db.ts";
import { type DeliveryRecord, updateClaimed, updateHanded } from "#drizzle/queries/delivery-settling.ts";
import { settleHandled } from "#drizzle/queries/handed-settling.ts";
import { planByKey } from "#drizzle/queries/replay-advancing.ts";
import { writeLostHanded, writeOwnHanded, writeSlowHanded } from "#drizzle/queries/replay-handing.ts";
import { settleItems } from "#drizzle/queries/replay-settling.ts";
import {
  database,
  LETTERS,
  openHanding,
  parkLetters,
  replay,
  START_US,
  type Started,
  standing,
  start,
  successesOf,
  WORKER,
} from "./testing/handing.ts";

beforeAll(openHanding);
afterAll(() => database.drop());
beforeEach(() => parkLetters());

/** The rest of what was written with its effect. */
function settleRest(started: Started): Promise<Set<string>> {
  const successes = successesOf(started);
  const waits = "briefly";
  return database.sql.begin((tx) =>
    settleHandled(tx, { subscriptionId: 1, worker: WORKER, successes, waits }),
  );
}

function recordOf(position: string): DeliveryRecord {
  const none = { nextAttemptAtUs: null, orderingKey: null };
  const times = { startedAtUs: START_US, durationUs: 5, settledAtUs: START_US + 5 };
  return { position, typeId: 1, generation: 1, status: 2, attempts: 1, ...times, ...none };
}

/** What the transaction of an effect writes. */
function writeEffect(position = "", sql: SqlTx | null = null): Promise<boolean> {
  const own = { subscriptionId: 1, worker: WORKER, record: recordOf(position) };
  return sql ? updateHanded(sql, own) : database.sql.begin((tx) => updateHanded(tx, own));
}

test("what was written with its effect ends with its letter and its item, and is not written again", async () => {
  const { sql } = database;
  const started = await start();
  for (const { position } of started.claimed) expect(await writeEffect(position)).toBe(true);
  expect(await standing()).toMatchObject({
    deliveries: { 2: 6 },
    letters: { 0: 6 },
    handed: 6,
    succeeded: 0,
  });
  expect(await writeEffect(started.claimed[0]?.position)).toBe(false);
  const versions = () => sql`select xmin::text from deliveries order by position`;
  const before = await versions();
  expect((await settleRest(started)).size).toBe(LETTERS);
  expect(await versions()).toEqual(before);
  expect(await standing()).toEqual({
    deliveries: { 2: 6 },
    letters: { 2: 6 },
    handed: 0,
    open: 0,
    succeeded: 6,
  });
  expect(await sql`select items from ended_counts`).toEqual([{ items: LETTERS }]);
});

test("an effect does not stand where somebody rewound before it, and the replay goes on where one did after it", async () => {
  const { sql } = database;
  const started = await start(replay, 2);
  const [before, after] = started.claimed.map(({ position }) => position);
  await sql`update deliveries set generation = 7, status = 2 where position = ${before ?? ""}`;
  expect(await writeEffect(before)).toBe(false);
  expect(await writeEffect(after)).toBe(true);
  await sql`update deliveries set generation = 7 where position = ${after ?? ""}`;
  const items = successesOf(started).filter(({ position }) => position === before);
  await sql.begin((tx) => writeOwnHanded(tx, { subscriptionId: 1, worker: WORKER, items }));
  const rest = { ...started, claimed: started.claimed.filter(({ position }) => position === after) };
  expect([...(await settleRest(rest))]).toEqual([after]);
  expect(await standing()).toMatchObject({ letters: { 0: 6 }, handed: 0, open: 2, succeeded: 0 });
  expect(await sql`select from uncounted_attempts`).toHaveLength(0);
});

test("of a lost worker, what was written with its effect is counted once, and has succeeded", async () => {
  const { sql } = database;
  const started = await start(replay, 3, -1_000);
  const [written, busy, left = ""] = started.claimed.map(({ position }) => position);
  expect(await writeEffect(written)).toBe(true);
  const lose = () => sql.begin((tx) => writeLostHanded(tx, replay, 60_000));
  await sql.begin(async (tx) => {
    expect(await writeEffect(busy, tx)).toBe(true);
    await lose();
    expect(await standing()).toMatchObject({ deliveries: { 2: 1, 4: 5 }, handed: 3, open: 0 });
  });
  await lose();
  expect(await standing()).toMatchObject({ deliveries: { 1: 1, 2: 2, 4: 3 }, handed: 0, open: 3 });
  await lose();
  const counted = await sql`
    select type_id, status, ended_us::text, duration_us::text, critical_us is not null as is_timed from uncounted_attempts`;
  const one = { type_id: 1, status: 2, ended_us: String(START_US + 5), duration_us: "5", is_timed: true };
  expect([...counted]).toEqual([one, one]);
  expect((await settleRest(started)).size).toBe(0);
  // Nobody has claimed it yet.
  expect(await writeEffect(left)).toBe(false);
  const own = { subscriptionId: 1, worker: WORKER, record: recordOf(left) };
  expect(await sql.begin((tx) => updateClaimed(tx, own))).toBe(true);
  const ended = await sql.begin(async (tx) => {
    await planByKey(tx);
    return settleItems(tx, replay, { late: false, limit: 10 });
  });
  expect(ended).toBe(3);
  expect(await standing()).toMatchObject({
    deliveries: { 2: 3, 4: 3 },
    letters: { 0: 3, 2: 3 },
    succeeded: 3,
  });
});

test("an effect that stands although its worker could not know is counted as its attempt", async () => {
  const { sql } = database;
  const started = await start(replay, 2);
  const [written, dead] = started.claimed.map(({ position }) => position);
  expect(await writeEffect(written)).toBe(true);
  const own = { subscriptionId: 1, worker: WORKER, items: successesOf(started) };
  expect([...(await writeSlowHanded(sql, { ...own, items: own.items.slice(0, 1) }))]).toEqual([]);
  await sql.begin((tx) => writeOwnHanded(tx, own));
  expect(await sql`select from uncounted_attempts`).toHaveLength(1);
  expect(await standing()).toMatchObject({ deliveries: { 1: 1, 2: 1, 4: 4 }, handed: 0, open: 2 });
  expect(await writeEffect(dead)).toBe(false);
});
