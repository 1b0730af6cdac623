import { afterAll, beforeAll, expect, test } from "vitest";
import type { SqlTx } from "#drizzle/db.ts";
import { updateHanded } from "#drizzle/queries/delivery-settling.ts";
import { settleHanded, settleHandled } from "#drizzle/queries/handed-settling.ts";
import { listLetterReplays } from "#drizzle/queries/letter-history.ts";
import { ITEM_OUTCOME, ITEM_STATE } from "#drizzle/queries/open-items.ts";
import { planByKey } from "#drizzle/queries/replay-advancing.ts";
import { itemBehind, itemsAfter, itemsOf } from "#drizzle/queries/replay-parts.ts";
import { countInOthers } from "#drizzle/queries/replay-planning.ts";
import { countHeldBack, listReplayItems } from "#drizzle/queries/replay-reading.ts";
import { settleItems } from "#drizzle/queries/replay-settling.ts";
import { type ClaimedRow, startItems } from "#drizzle/queries/replay-starting.ts";
import { insertReplay, insertReplayItems, linkItems } from "#drizzle/queries/replay-writing.ts";
import { listReplaysOfLetters } from "#drizzle/queries/trace-reading.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { parkStored } from "#drizzle/testing/letters.ts";

const EVENTS = 4_000;
/** The first event died in one consumer, all others in three: the letters of one stand in two parts now and then. */
const LETTERS = 3 * EVENTS - 2;
const KEYS = 700;
const START_US = 1_700_000_000_000_000;

let database: TestDatabase;
let replay = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  const { sql } = database;
  await sql`insert into delivery_cursors (position, reached) select 0, 0 from generate_series(1, 3)`;
  await sql`
    insert into subscriptions (consumer, cursor_id, target, ordering, on_dead, concurrency, retry, timeout_ms)
    select 'service-' || id, id, '{"kind": "handler", "name": "h"}', 'none', 'continue', 1, '{}', 1000 from delivery_cursors`;
  await sql`
    insert into failure_cases (fingerprint, subscription_id, type_id, error, message, first_at, last_at)
    values ('case', 1, 1, '{}', 'Failed', now(), now())`;
  await sql`select ensure_event_partition(to_timestamp(${START_US / 1e6}::float8))`;
  await sql`
    insert into deliveries (position, subscription_id, type_id, generation, status, attempts)
    select ${START_US}::bigint + n, s, 1, 0, 4, 1
    from generate_series(0, ${EVENTS - 1}) n cross join generate_series(1, 3) s where n > 0 or s = 1`;
  // Every fifth event has no key.
  await sql`
    insert into dead_letters (position, subscription_id, generation, number, case_id, type_id, source_id,
      event_id, partition_key, message, attempts, first_died_at, died_at)
    select position, subscription_id, 0, row_number() over (order by hashint8(position), subscription_id), 1, 1, 1,
      position::text, case when position % 5 > 0 then 'key-' || position % ${KEYS}::int end, 'Failed', 1, now(), now()
    from deliveries`;
  await parkStored(sql);
  replay = await freeze();
  // Small replays, as they come together in some weeks.
  await sql`
    insert into replay_parts (replay_id, first_seq, first_position, first_subscription_id, last_position, positions,
      subscription_ids, case_ids, next_positions, is_behind)
    select 1000 + n, 1, n, 1, n + 1, array[n, n + 1], '{1, 1}', '{1, 1}', '{null, null}', '{f, f}'
    from generate_series(1::bigint, 3000) n`;
  await sql`
    insert into ended_items (position, ended_at, replay_id, seq, subscription_id, outcome)
    select n + i - 1, now(), 1000 + n, i, 1, n % 2 from generate_series(1::bigint, 3000) n cross join generate_series(1, 2) i`;
  await sql`
    insert into ended_rounds (replay_id, first_seq, subscription_id, generation, started_at, seqs, ended_at)
    select 4000 + n, 1, 1, 1, now(), '{1, 2}', array[now(), now()] from generate_series(1, 3000) n`;
  await sql`vacuum analyze`;
});
afterAll(() => database.drop());

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
      delivery: {},
      status: "paused",
      run: {},
    });
    const items = await insertReplayItems(
      tx,
      id,
      { where: tx`l.number > 0`, isListed: true, to: "consumer" },
      [],
    );
    expect(items).toBe(LETTERS);
    await linkItems(tx, id);
    return id;
  });
}

test("a selection is frozen in the order of its deliveries, each behind the one before it in its key", async () => {
  const { sql } = database;
  const [wrong] = await sql`
    with wanted as (
      select *, row_number() over (order by position, subscription_id) as seq,
        case when partition_key is not null then row_number() over in_key > 1 else false end as is_behind,
        case when partition_key is not null then lead(position) over in_key end as next_position
      from dead_letters window in_key as (partition by partition_key, subscription_id order by position)
    )
    select count(*)::int as items from wanted w
    full join ${itemsAfter(sql, replay, sql`0`)} i on i.seq = w.seq
    where (i.position, i.subscription_id, i.case_id, i.is_behind, i.next_position)
      is distinct from (w.position, w.subscription_id, w.case_id, w.is_behind, w.next_position)`;
  expect(wrong).toEqual({ items: 0 });
  const [found] = await sql`
    select count(*)::int as items, count(n.seq)::int as behind, count(*) filter (where o.seq is distinct from i.seq)::int as lost
    from ${itemsAfter(sql, replay, sql`0`)} i
    left join ${itemBehind(sql, sql`i`)} n on n.position = i.next_position and n.subscription_id = i.subscription_id
    left join ${itemsOf(sql, sql`i.position`, sql`i.subscription_id`)} o on o.replay_id = i.replay_id`;
  const [ordered] = await sql`
    select count(*)::int as items, count(next_position)::int as behind, 0 as lost
    from ${itemsAfter(sql, replay, sql`0`)} i`;
  expect(found).toEqual(ordered);
  expect(found?.behind).toBeGreaterThan(LETTERS / 2);
});

type Read = { scans: number; parts: number; walks: number };

/**
 * How often tables were read from end to end by this connection of late, rows of parts, and how often it went down into
 * indexes of deliveries and their letters.
 */
async function countReads(tx: SqlTx): Promise<Read> {
  const [row] = await tx<Read[]>`
    select coalesce(sum(seq_scan), 0)::int as scans,
      coalesce(sum(idx_tup_fetch) filter (where relname = 'replay_parts'), 0)::int as parts,
      coalesce(sum(idx_scan) filter (where relname ~ '^(deliveries|unresolved_letters)'), 0)::int as walks
    from pg_stat_xact_user_tables where relname ~ '^(replay_parts|ended_items|ended_rounds|dead_letters|unresolved_letters|deliveries)'`;
  return row ?? { scans: 0, parts: 0, walks: 0 };
}

async function readBy(run: (tx: SqlTx) => Promise<unknown>): Promise<Read> {
  return database.sql.begin(async (tx) => {
    const before = await countReads(tx);
    await run(tx);
    const after = await countReads(tx);
    return {
      scans: after.scans - before.scans,
      parts: after.parts - before.parts,
      walks: after.walks - before.walks,
    };
  });
}

const middle = { after: LETTERS / 2, limit: 100 };
const options = { limit: 100, attemptLimit: null, handledAfterUs: null, claim: null, isEdited: false };
const begun = async (tx: SqlTx) => {
  await planByKey(tx);
  await startItems(tx, replay, { ...options, limit: 2_000 });
};
const reads: [string, number, (tx: SqlTx) => Promise<unknown>][] = [
  ["a page of all items", 3, (tx) => listReplayItems(tx, replay, { filter: null, ...middle })],
  [
    "a page of waiting items",
    3,
    (tx) => listReplayItems(tx, replay, { filter: { state: ITEM_STATE.waiting }, after: 0, limit: 100 }),
  ],
  [
    "a page of held items",
    3,
    (tx) => listReplayItems(tx, replay, { filter: { state: ITEM_STATE.held }, ...middle }),
  ],
  [
    "a page of those that succeeded",
    3,
    (tx) => listReplayItems(tx, replay, { filter: { outcome: ITEM_OUTCOME.succeeded }, ...middle }),
  ],
  ["the first step", 3, (tx) => planByKey(tx).then(() => startItems(tx, replay, options))],
  [
    "the ends of what has just begun",
    20,
    (tx) => begun(tx).then(() => settleItems(tx, replay, { late: false, limit: 2_000 })),
  ],
  ["what is held back", 3, (tx) => countHeldBack(tx, replay)],
  [
    "the replays of a letter",
    3,
    (tx) => listLetterReplays(tx as never, { position: String(START_US + 77), subscription_id: 2 }),
  ],
  [
    "the replays of a trace",
    3,
    (tx) => listReplaysOfLetters(tx as never, [{ position: String(START_US + 77), subscription_id: 2 }]),
  ],
];

test.each(reads)("%s is read by indexes, from few parts", async (_, most, read) => {
  const { scans, parts } = await readBy(read);
  expect(scans).toBe(0);
  expect(parts).toBeLessThanOrEqual(most);
});

test("items that another replay has too are counted", async () => {
  const { sql } = database;
  expect(await countInOthers(sql, { where: sql`l.number <= 900`, isListed: true, to: "consumer" })).toEqual([
    { replay_id: replay, items: 900 },
  ]);
});

const worker = "11111111-1111-4111-8111-111111111111";
const own = { subscriptionId: 1, worker };
const times = { startedAtUs: START_US, durationUs: 5, settledAtUs: START_US + 5 };
const handled = { status: 2, attempts: 1, nextAttemptAtUs: null, orderingKey: null, ...times } as const;
const handOver = async (tx: SqlTx) => {
  await planByKey(tx);
  const rooms = [1, 2, 3].map((subscriptionId) => ({ subscriptionId, room: 1_000, isHandedOver: true }));
  const claim = { worker, leaseMs: 1_000, rooms };
  const { claimed } = await startItems(tx, replay, { ...options, limit: 600, claim });
  return claimed.filter((row) => row.subscription_id === own.subscriptionId);
};
const successesOf = (claimed: ClaimedRow[]) =>
  claimed.flatMap((row) => (row.handed ? [{ ...row.handed, position: row.position, ...times }] : []));

test("the ends of what was handed over, and was written with its effects, are written by indexes", async () => {
  let ended = 0;
  const { scans, parts } = await readBy(async (tx) => {
    const claimed = await handOver(tx);
    for (const { position, generation, type_id: typeId } of claimed)
      expect(await updateHanded(tx, { ...own, record: { ...handled, position, generation, typeId } })).toBe(
        true,
      );
    ended = (await settleHandled(tx, { ...own, successes: successesOf(claimed), waits: "briefly" })).size;
  });
  expect(ended).toBeGreaterThan(100);
  expect(scans).toBe(0);
  // Of each, where it stands and what is behind it; and those that the step reads.
  expect(parts).toBeLessThanOrEqual(2 * ended + 3);
});

test("deliveries and letters of what is handed over, and ends, are found in few walks through their indexes", async () => {
  let ended = 0;
  const { walks } = await readBy(async (tx) => {
    const successes = successesOf(await handOver(tx));
    ended = (await settleHanded(tx, { ...own, successes, waits: "briefly" })).size;
  });
  expect(ended).toBeGreaterThan(100);
  expect(walks).toBeLessThan(ended / 5);
});
