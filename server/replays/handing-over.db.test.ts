import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SqlTx } from "#drizzle/db.ts";
import { claimDue } from "#drizzle/queries/due-deliveries.ts";
import { handedItems } from "#drizzle/queries/handed-stretches.ts";
import { discardParked } from "#drizzle/queries/letter-discarding.ts";
import { planByKey } from "#drizzle/queries/replay-advancing.ts";
import {
  deleteStretch,
  settleHanded,
  writeLostHanded,
  writeSlowHanded,
} from "#drizzle/queries/replay-handing.ts";
import { giveUpOverdue, settleItems } from "#drizzle/queries/replay-settling.ts";
import { startItems } from "#drizzle/queries/replay-starting.ts";
import { insertReplay, insertReplayItems, linkItems } from "#drizzle/queries/replay-writing.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { parkStored } from "#drizzle/testing/letters.ts";

const LETTERS = 6;
const START_US = 1_700_000_000_000_000;
const WORKER = "11111111-1111-4111-8111-111111111111";
const OTHER = "22222222-2222-4222-8222-222222222222";

let database: TestDatabase;
let replay = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  const { sql } = database;
  await sql`select ensure_event_partition(to_timestamp(${START_US / 1e6}::float8))`;
  await sql`insert into delivery_cursors (position, reached) values (0, 0)`;
  await sql`
    insert into subscriptions (consumer, cursor_id, target, ordering, on_dead, concurrency, retry, timeout_ms)
    values ('mailer', 1, '{"kind": "handler", "name": "h"}', 'none', 'continue', 1, '{}', 1000)`;
  await sql`
    insert into failure_cases (fingerprint, subscription_id, type_id, error, message, first_at, last_at)
    values ('case', 1, 1, '{}', 'Failed', now(), now())`;
});
afterAll(() => database.drop());

beforeEach(async () => {
  const { sql } = database;
  await sql`truncate replays, replay_parts, ended_items, open_items, handed_stretches, ended_counts, deliveries, dead_letters, unresolved_letters,
    case_moves`;
  await sql`
    insert into deliveries (position, subscription_id, type_id, generation, status, attempts)
    select ${START_US}::bigint + n, 1, 1, 0, 4, 1 from generate_series(1, ${LETTERS}) n`;
  await sql`
    insert into dead_letters (position, subscription_id, generation, number, case_id, type_id, source_id,
      event_id, message, attempts, first_died_at, died_at)
    select position, 1, 0, position, 1, 1, 1, position::text, 'Failed', 1, now(), now() from deliveries`;
  await parkStored(sql);
  replay = await freeze();
});

function freeze(): Promise<number> {
  return database.sql.begin(async (tx) => {
    const id = await insertReplay(tx, {
      reason: "It is mended.",
      view: null,
      actor: "test",
      ruleId: null,
      selection: {},
      cutOff: "0",
      newer: 0,
      delivery: { retries: "none" },
      status: "running",
      run: {},
    });
    await insertReplayItems(tx, id, { where: tx`l.number > 0`, isListed: true, to: "consumer" }, []);
    await linkItems(tx, id);
    return id;
  });
}

function start(id = replay, limit = LETTERS, leaseMs = 30_000) {
  return database.sql.begin(async (tx) => {
    await planByKey(tx);
    return startItems(tx, id, {
      limit,
      attemptLimit: 1,
      handledAfterUs: null,
      isEdited: false,
      claim: { worker: WORKER, leaseMs, rooms: [{ subscriptionId: 1, room: limit, isHandedOver: true }] },
    });
  });
}

type Started = Awaited<ReturnType<typeof start>>;

function settle({ claimed }: Started, worker = WORKER): Promise<Set<string>> {
  const successes = claimed.flatMap(({ handed, position, generation }) =>
    handed ? [{ ...handed, position, generation, startedAtUs: START_US, durationUs: 5 }] : [],
  );
  return database.sql.begin((tx) => settleHanded(tx, { subscriptionId: 1, worker, successes }));
}

/** How many deliveries, letters, open and ended items there are of each status. */
async function standing() {
  const [row] = await database.sql`
    select (select jsonb_object_agg(status, n) from (
        select status, count(*) as n from deliveries group by status) d) as deliveries,
      (select jsonb_object_agg(status, n) from (
        select status, count(*) as n from dead_letters_with_status group by status) l) as letters,
      (select count(*)::int from ${handedItems(database.sql, database.sql`handed_stretches`)} h where not exists (
        select from ended_items e where e.replay_id = h.replay_id and e.seq = h.seq) and not exists (
        select from open_items o where o.replay_id = h.replay_id and o.seq = h.seq)) as handed,
      (select count(*)::int from open_items) as open,
      (select count(*)::int from ended_items where outcome = 0 and generation = 1) as succeeded`;
  return row;
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
    expect([...(await settle(started))]).toEqual([held]);
  });
  expect(await standing()).toMatchObject({
    deliveries: { 2: 2, 4: 4 },
    letters: { 0: 6 },
    handed: 0,
    open: 2,
  });
  const ended = await sql.begin(async (tx) => {
    await planByKey(tx);
    return settleItems(tx, replay, { late: false, limit: 10 });
  });
  expect(ended).toBe(2);
  expect(await standing()).toMatchObject({ letters: { 0: 4, 2: 2 }, open: 0, succeeded: 2 });
});
