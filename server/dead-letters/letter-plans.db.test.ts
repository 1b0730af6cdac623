import { afterAll, beforeAll, expect, test } from "vitest";
import type { SqlTx } from "#drizzle/db.ts";
import { findBlockedKey, listHandledOfType } from "#drizzle/queries/blast-radius.ts";
import { listFailingPayloads, listSucceedingPayloads } from "#drizzle/queries/case-payloads.ts";
import { countAffected, listTopKeys } from "#drizzle/queries/case-reading.ts";
import {
  claimUngrouped,
  findWaiting,
  followStatuses,
  getLastNumber,
  insertDeadLetters,
} from "#drizzle/queries/dead-letters.ts";
import { settleReplaying } from "#drizzle/queries/letter-following.ts";
import { listLetterActions } from "#drizzle/queries/letter-history.ts";
import { insertMissingKeys } from "#drizzle/queries/letter-keys.ts";
import { countUngrouped, findLetter, listCaseSamples, listLetters } from "#drizzle/queries/letter-reading.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import type { LetterFilter } from "#server/contract/dead-letters.ts";
import { NameCache } from "../names/name-cache.ts";
import { resolveFilter } from "./resolve-selection.ts";

const LETTERS = 30_000;
const CASES = 200;
const START_US = Math.floor(Date.now() / 86_400_000) * 86_400_000_000;
const LAST = String(START_US + 2 * LETTERS - 1);
const END = "9223372036854775807";

let database: TestDatabase;
let typeId = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  const { sql } = database;
  const ids = await new NameCache(sql).ensure([
    { field: "type", name: "order.placed" },
    { field: "source", name: "/shop" },
    { field: "source", name: "/rare" },
  ]);
  typeId = ids("type", "order.placed") ?? 0;
  await sql`select ensure_event_partition(to_timestamp(${START_US / 1e6}::float8))`;
  await sql`
    insert into delivery_cursors (position, reached) select 0, 0 from generate_series(1, 20)`;
  await sql`
    insert into subscriptions (consumer, cursor_id, target, ordering, on_dead, concurrency, retry, timeout_ms)
    select 'service-' || id, id, '{"kind": "external"}', 'none', 'block', 1, '{}', 1000 from delivery_cursors`;
  await sql`
    insert into failure_cases (fingerprint, subscription_id, type_id, error, message, first_at, last_at)
    select 'case-' || n, n % 20 + 1, ${typeId}, '{}', 'Failed', now(), now() from generate_series(0, ${CASES - 1}) n order by n`;
  await sql`
    insert into events (position, type_id, source_id, shape, data_encoding, id, correlation_id, partition_key, data_text)
    select ${START_US}::bigint + n, ${typeId}, case when n % 5000 = 0 then ${ids("source", "/rare")}::int else ${ids("source", "/shop")}::int end,
      10, 1, 'event-' || n, 'flow-' || n / 4, 'key-' || n % 1000, '{"order":' || n || '}'
    from generate_series(0, ${2 * LETTERS - 1}) n`;
  await sql`
    insert into deliveries (position, subscription_id, type_id, generation, status, attempts, ordering_key)
    select ${START_US}::bigint + n, n % 20 + 1, ${typeId}, 0, case when n < ${LETTERS} then 4 else 2 end, 1,
      case when n < ${LETTERS} then 'key-' || n % 1000 end
    from generate_series(0, ${2 * LETTERS - 1}) n`;
  await sql`
    insert into attempts (position, subscription_id, generation, attempt, started_at, duration_us, outcome, error)
    select position, subscription_id, 0, 1, now(), 0, 1, '{"message": "Failed"}' from deliveries where status = 4`;
  await sql`
    insert into dead_letters (position, subscription_id, generation, number, case_id, type_id, source_id,
      event_id, partition_key, correlation_id, message, attempts, first_died_at, died_at)
    select e.position, d.subscription_id, 0, n + 1, n % ${CASES} + 1, e.type_id,
      e.source_id, e.id, e.partition_key, e.correlation_id, 'Failed', 1, now(), now()
    from generate_series(0, ${LETTERS - 1}) n join events e on e.position = ${START_US}::bigint + n
    join deliveries d on d.position = e.position`;
  await sql`
    insert into unresolved_letters (position, subscription_id, number, case_id, status, counted_as)
    select position, subscription_id, number, case_id, status, status from (
      select *, case number % 10 when 1 then 3 else 0 end as status from dead_letters where number % 20 <> 2) l`;
  await sql`update unresolved_letters set status = 1 where number % 1000 = 0`;
  await insertMissingKeys(sql);
  await sql`update dead_letters set former_number = number, number = null where number % 1500 = 7`;
  await sql`update unresolved_letters set number = null where number % 1500 = 7`;
  await sql`vacuum analyze`;
});
afterAll(() => database.drop());

/** How often the tables that grow with the letters were read from end to end so far. */
async function countFullScans(): Promise<number> {
  const [row] = await database.sql.begin(async (tx) => {
    await tx`select pg_stat_force_next_flush()`;
    await tx`select pg_stat_clear_snapshot()`;
    return tx<{ scans: number }[]>`
      select coalesce(sum(seq_scan), 0)::int as scans from pg_stat_user_tables
      where n_live_tup > 0 and relname ~ '^(events|deliveries|attempts|dead_letters|unresolved_letters|letter_keys)'`;
  });
  return row?.scans ?? 0;
}

/** Runs on one connection, whose statistics are then in before they are read. */
async function fullScansOf(run: (sql: TestDatabase["sql"]) => Promise<unknown>): Promise<number> {
  const connection = await database.sql.reserve();
  try {
    await connection`select pg_stat_force_next_flush()`;
    const before = await countFullScans();
    await run(connection);
    await connection`select pg_stat_force_next_flush()`;
    await connection`select 1`;
    return (await countFullScans()) - before;
  } finally {
    connection.release();
  }
}

test("the counter of full scans sees one", async () => {
  const scans = await fullScansOf((sql) => sql`select count(*) from dead_letters where message = 'x'`);
  expect(scans).toBeGreaterThan(0);
});

const filters: [string, LetterFilter][] = [
  ["nothing", {}],
  ["a status", { status: ["discarded"] }],
  ["statuses", { status: ["parked", "discarded"] }],
  ["a consumer", { consumer: ["service-3"] }],
  ["a consumer, a type and a status", { consumer: ["service-3"], type: ["order.*"], status: ["parked"] }],
  ["a case", { case: [7] }],
  ["a case and a status", { case: [11], status: ["discarded"] }],
  ["a case and what was resolved", { case: [2], status: ["resolved"] }],
  ["what was resolved", { status: ["resolved"] }],
  ["a source", { source: ["/rare"] }],
  ["a key", { key: "key-7" }],
  ["a flow", { correlationid: "flow-77" }],
  ["an event", { eventid: "event-100" }],
  ["an error", { error: "fail" }],
  ["a payload", { q: `"order":29` }],
  ["a payload in a case", { q: "order", case: [9] }],
];

test.each(filters)("a page filtered by %s reads no table from end to end", async (_, filter) => {
  const scans = await fullScansOf(async (sql) => {
    const terms = await resolveFilter(sql, filter);
    const page = await listLetters(sql, terms, { before: END, limit: 50, budget: 6_000 });
    expect(page.rows.length).toBeGreaterThan(0);
  });
  expect(scans).toBe(0);
});

test("what a letter and a case show is found by indexes", async () => {
  const scans = await fullScansOf(async (sql) => {
    const position = String(START_US + 100);
    expect(await findLetter(sql, { position, consumer: "service-1" })).not.toBeNull();
    expect(await listCaseSamples(sql, 5, 20)).toHaveLength(20);
    expect(await countAffected(sql, 5, 1_000)).toMatchObject({ keys: 5 });
    expect(await listTopKeys(sql, 5, { of: 1_000, limit: 3 })).toHaveLength(3);
    expect(await listFailingPayloads(sql, 5, { limit: 100, maxBytes: 1_000_000 })).toHaveLength(100);
    const succeeding = { typeId, consumer: "service-5", lookedAt: 2_000 };
    const payloads = await listSucceedingPayloads(sql, succeeding, { limit: 90, maxBytes: 1_000_000 });
    expect(payloads).toHaveLength(90);
    expect(await listHandledOfType(sql, { ...succeeding, limit: 50 })).toHaveLength(50);
    const blocked = await findBlockedKey(sql, { position, subscriptionId: 1, limit: 20 });
    expect(blocked).toMatchObject({ key: "key-100" });
    await listLetterActions(sql, { position, subscription_id: 1 });
    await countUngrouped(sql, 1_000);
    expect(Number(await getLastNumber(sql))).toBe(LETTERS);
  });
  expect(scans).toBe(0);
});

/** Query functions that need a transaction get one on the connection. */
const steps: [string, (tx: SqlTx) => Promise<unknown>][] = [
  [
    "the death of a delivery",
    (tx) =>
      insertDeadLetters(tx, 1, [
        { position: LAST, generation: 3, attempts: 1, diedAtUs: START_US, message: "Failed" },
      ]),
  ],
  ["whether anything waits", (tx) => findWaiting(tx)],
  ["what waits for its case", (tx) => claimUngrouped(tx, 100)],
  ["what is counted under another status", (tx) => followStatuses(tx, 20)],
  ["what is delivered again", (tx) => settleReplaying(tx, { after: null, limit: 20 })],
];

test.each(steps)("%s is found by indexes", async (_, step) => {
  const scans = await fullScansOf(async (sql) => {
    await sql`begin`;
    await step(sql as unknown as SqlTx); // between begin and rollback it is one
    await sql`rollback`;
  });
  expect(scans).toBe(0);
});
