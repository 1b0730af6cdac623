import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SqlTx } from "#drizzle/db.ts";
import { claimDue } from "#drizzle/queries/due-deliveries.ts";
import { isLockConflict, settleHanded, type Waits } from "#drizzle/queries/handed-settling.ts";
import { discardParked } from "#drizzle/queries/letter-discarding.ts";
import { planByKey } from "#drizzle/queries/replay-advancing.ts";
import { deleteStretch, writeLostHanded, writeSlowHanded } from "#drizzle/queries/replay-handing.ts";
import { giveUpOverdue, settleItems } from "#drizzle/queries/replay-settling.ts";
import { until } from "../bus/testing/open-bus.ts";
import {
  database,
  freeze,
  LETTERS,
  OTHER,
  openHanding,
  parkLetters,
  replay,
  type Started,
  standing,
  start,
  successesOf,
  WORKER,
} from "./testing/handing.ts";

beforeAll(openHanding);
afterAll(() => database.drop());
beforeEach(() => parkLetters());

function settle(started: Started, worker = WORKER, waits: Waits = "briefly"): Promise<Set<string>> {
  const successes = successesOf(started);
  return database.sql.begin((tx) => settleHanded(tx, { subscriptionId: 1, worker, successes, waits }));
}

/** Looks for the outcomes of what has rows of its own. */
function settleOpen(): Promise<number> {
  return database.sql.begin(async (tx) => {
    await planByKey(tx);
    return settleItems(tx, replay, { late: false, limit: 10 });
  });
}

async function isSomeoneWaiting(): Promise<boolean> {
  const waiting = await database.sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return waiting.length > 0;
}

test("what is handed over is written when it has succeeded, with its letter and its item", async () => {
  const started = await start();
  expect(started).toMatchObject({ started: LETTERS, due: [] });
  expect(await standing()).toMatchObject({ deliveries: { 4: 6 }, handed: 6, open: 0, succeeded: 0 });
  expect((await settle(started, OTHER)).size).toBe(0);
  expect((await settle(started)).size).toBe(LETTERS);
  const done = { deliveries: { 2: 6 }, letters: { 2: 6 }, handed: 0, open: 0, succeeded: 6 };
  expect(await standing()).toEqual(done);
  expect((await settle(started)).size).toBe(0);
  expect(await standing()).toEqual(done);
  expect(await database.sql`select items from ended_counts`).toEqual([{ items: LETTERS }]);
  expect(await database.sql`select old, new, letters from case_moves`).toEqual([
    { old: 0, new: 2, letters: LETTERS },
  ]);
});

test("what is handed over is neither discarded nor started by another replay", async () => {
  const other = await freeze();
  const started = await start(replay, 2);
  const discarded = await database.sql.begin((tx) => discardParked(tx, { where: tx`true`, auditId: "1" }));
  expect(discarded).toBe(LETTERS - 2);
  expect(await start(other)).toMatchObject({ looked: LETTERS, started: 0, skipped: LETTERS - 2 });
  expect((await settle(started)).size).toBe(2);
  expect(await standing()).toMatchObject({ deliveries: { 2: 2, 5: 4 }, letters: { 2: 2, 3: 4 } });
});

test("what is skipped in the middle of a stretch is no item of it", async () => {
  const { sql } = database;
  const [, , third] = await sql`select position from deliveries order by position`;
  await sql`update deliveries set status = 2, generation = 1 where position = ${third?.position}`;
  const started = await start();
  expect(started).toMatchObject({ started: LETTERS - 1, skipped: 1 });
  expect(await sql`select seqs::text from handed_stretches`).toEqual([{ seqs: "{[1,3),[4,7)}" }]);
  expect((await settle(started)).size).toBe(LETTERS - 1);
  expect(await standing()).toMatchObject({ handed: 0, open: 0, succeeded: LETTERS - 1 });
});

test("what takes long is claimed as any other, and what a lost worker had is claimed by the next", async () => {
  const { sql } = database;
  const started = await start(replay, 3);
  const [slow] = started.claimed.flatMap(({ handed, position }) => (handed ? [{ ...handed, position }] : []));
  await writeSlowHanded(sql, { subscriptionId: 1, worker: WORKER, items: slow ? [slow] : [] });
  expect(await standing()).toMatchObject({ deliveries: { 1: 1, 4: 5 }, handed: 2, open: 1 });
  expect((await settle(started)).size).toBe(2);

  await start(replay, 3, -1_000);
  await sql.begin((tx) => writeLostHanded(tx, replay, 60_000));
  expect(await standing()).toMatchObject({ deliveries: { 1: 4, 2: 2 }, handed: 0, open: 4 });
  const [mine] = started.claimed.flatMap(({ handed }) => handed ?? []);
  const stretches = async () => (await sql`select id::text from handed_stretches`).map(({ id }) => id);
  expect(await stretches()).toEqual([mine?.stretch]);
  if (mine) await deleteStretch(sql, OTHER, mine);
  expect(await stretches()).toHaveLength(1);
  if (mine) await deleteStretch(sql, WORKER, mine);
  expect(await stretches()).toEqual([]);
  const due = await claimDue(sql, { subscriptionId: 1, worker: OTHER, leaseMs: 1_000, limit: 10 });
  expect(due).toHaveLength(3);
  expect(due[0]).toMatchObject({ generation: 1, attempts: 2, was_leased: true, attempt_limit: 1 });
});

test("an item is given up only when its delivery says that it is processed", async () => {
  const { sql } = database;
  const started = await start(replay, 2);
  const giveUp = () => sql.begin((tx) => giveUpOverdue(tx, replay, 0));
  expect(await giveUp()).toBe(0);
  await sql.begin((tx) => writeLostHanded(tx, replay, 0));
  expect(await giveUp()).toBe(2);
  expect(await standing()).toMatchObject({ deliveries: { 1: 2, 4: 4 }, handed: 0, open: 0 });
  expect((await settle(started)).size).toBe(0);
});

test("an item goes on being looked after when somebody else delivered it again, or holds its letter", async () => {
  const { sql } = database;
  const started = await start(replay, 2);
  const [rewound, held] = started.claimed.map(({ position }) => position);
  await sql`update deliveries set generation = 7, status = 2 where position = ${rewound ?? ""}`;
  await sql.begin(async (holding: SqlTx) => {
    await holding`select from unresolved_letters where position = ${held ?? ""} for update`;
    expect([...(await settle(started, WORKER, "never"))]).toEqual([held]);
  });
  expect(await standing()).toMatchObject({
    deliveries: { 2: 2, 4: 4 },
    letters: { 0: 6 },
    handed: 0,
    open: 2,
  });
  expect(await settleOpen()).toBe(2);
  expect(await standing()).toMatchObject({ letters: { 0: 4, 2: 2 }, open: 0, succeeded: 2 });
});

test("a letter that somebody holds is waited for briefly, and nothing is written when that is not enough", async () => {
  const { sql } = database;
  const started = await start(replay, 2);
  const held = started.claimed[1]?.position ?? "";
  const before = await standing();
  await sql.begin(async (holding: SqlTx) => {
    await holding`select from unresolved_letters where position = ${held} for update`;
    const failed = await settle(started).catch((error: unknown) => error);
    expect(isLockConflict(failed)).toBe(true);
  });
  expect(await standing()).toEqual(before);
  expect((await settle(started)).size).toBe(2);
  expect(await standing()).toMatchObject({
    deliveries: { 2: 2, 4: 4 },
    letters: { 0: 4, 2: 2 },
    succeeded: 2,
  });
});

test.each([
  { to: "another count", change: { counted_as: 1 }, letters: { 0: 4, 2: 2 }, open: 0 },
  { to: "discarded", change: { status: 3 }, letters: { 0: 4, 2: 1, 3: 1 }, open: 1 },
])(
  "a letter that was changed to $to while it was waited for counts as that",
  async ({ change, letters, open }) => {
    const { sql } = database;
    const started = await start(replay, 2);
    const changed = started.claimed[1]?.position ?? "";
    let isOver = false;
    // As whoever settles does, should this machine have been too slow.
    const settleOrRepeat = () =>
      settle(started)
        .catch((error: unknown) => (isLockConflict(error) ? settle(started) : Promise.reject(error)))
        .finally(() => {
          isOver = true;
        });
    const { settling } = await sql.begin(async (changing: SqlTx) => {
      await changing`update unresolved_letters set ${changing(change)} where position = ${changed}`;
      const settling = settleOrRepeat();
      await until(async () => isOver || (await isSomeoneWaiting()));
      return { settling };
    });
    expect((await settling).size).toBe(2);
    expect(await standing()).toMatchObject({ deliveries: { 2: 2, 4: 4 }, letters, open });
    await settleOpen();
    expect(await standing()).toMatchObject({ letters, open: 0, succeeded: 2 });
  },
);
