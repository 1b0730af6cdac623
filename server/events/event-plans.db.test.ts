import { afterAll, beforeAll, expect, test } from "vitest";
import { listEnvelopeRows } from "#drizzle/queries/event-envelopes.ts";
import { listLog } from "#drizzle/queries/event-log.ts";
import { addPostings } from "#drizzle/queries/event-postings.ts";
import { listEvents, listFlowEvents } from "#drizzle/queries/event-reading.ts";
import { listEventsOfTypesAfter, listNewestOfTypes } from "#drizzle/queries/event-samples.ts";
import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import { findFlowsNamed } from "#drizzle/queries/flow-finding.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { countRowsRead } from "#drizzle/testing/rows-read.ts";
import type { EventFilter } from "#server/contract/events.ts";
import { emptyEnvelope } from "#server/domain/envelope/attributes.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { createBatchWriter } from "../ingest/write-batch.ts";
import { NameCache } from "../names/name-cache.ts";
import { resolveConditions } from "./event-conditions.ts";

const EVENTS = 20_000;
const BATCH = 4_000;
const POSTED = 16_000;

let database: TestDatabase;
let last = "0";

beforeAll(async () => {
  database = await createTestDatabase();
  const { sql } = database;
  await ensureEventPartitions(sql);
  const write = createBatchWriter(sql, new NameCache(sql));
  for (let first = 0; first < EVENTS; first += BATCH) {
    const outcomes = await write(
      Array.from({ length: BATCH }, (_, at) => {
        const n = first + at;
        const event = {
          ...emptyEnvelope("internal"),
          id: `e-${n}`,
          source: `/source/${n % 50}`,
          type: n % 7_001 === 7 ? "rare" : `type.${n % 20}`,
          subject: `subject-${n % 2_000}`,
          correlationId: `flow-${Math.floor(n / 8)}`,
          data: { encoding: "json", text: `{"n":${n}}` } as const,
        };
        return { event, identity: eventIdentity(event.source, event.id) };
      }),
    );
    last = outcomes.at(-1)?.position ?? last;
    // Most of the log is found by postings, and its end is looked through.
    if (first + BATCH <= POSTED) await addPostings(sql, last, 1);
  }
  await sql`vacuum analyze events`;
  await sql`analyze event_postings`;
});
afterAll(() => database.drop());

/** How often the tables of events that hold any were read from end to end so far. */
async function countFullScans(): Promise<number> {
  const { sql } = database;
  const [row] = await sql.begin(async (tx) => {
    await tx`select pg_stat_force_next_flush()`;
    await tx`select pg_stat_clear_snapshot()`;
    return tx<{ scans: number }[]>`
      select coalesce(sum(seq_scan), 0)::int as scans from pg_stat_user_tables
      where n_live_tup > 0 and (relname like 'events%' or relname = 'event_postings')`;
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
  expect(await fullScansOf((sql) => sql`select count(*) from events where data_text = 'x'`)).toBeGreaterThan(
    0,
  );
});

const filters: [string, EventFilter][] = [
  ["no filter", {}],
  ["a type", { type: ["type.3"] }],
  ["types by glob", { type: ["type.1*"] }],
  ["a source", { source: ["/source/7"] }],
  ["a subject", { subject: ["subject-77"] }],
  ["a subject and a type", { subject: ["subject-77", "subject-97"], type: ["type.17"] }],
  ["a flow", { correlationid: "flow-100" }],
  ["a rare type", { type: ["rare"] }],
  ["a type and a source", { type: ["type.3"], source: ["/source/3"] }],
  ["a source and a subject by glob", { source: ["/source/7"], subject: ["subject-7*"] }],
];

test.each(filters)("a page filtered by %s reads no table from end to end", async (_, filter) => {
  const scans = await fullScansOf(async (sql) => {
    const conditions = await resolveConditions(sql, filter);
    const page = await listEvents(sql, conditions, { limit: 50, budget: 1_000, withData: false });
    expect(page.rows.length).toBeGreaterThan(0);
  });
  expect(scans).toBe(0);
});

test("one event, one flow and the end of the log are found by their indexes", async () => {
  const scans = await fullScansOf(async (sql) => {
    expect(await listEnvelopeRows(sql, [last])).toHaveLength(1);
    expect(await listFlowEvents(sql, "flow-5", 100)).toHaveLength(8);
    await listLog(sql, { after: String(Number(last) - 100), upTo: last, limit: 50, withData: false });
  });
  expect(scans).toBe(0);
});

test("the newest events of types, and what came of some types, are found by their indexes", async () => {
  const scans = await fullScansOf(async (sql) => {
    const types = await sql<{ id: number }[]>`
      select id from interned_names where field = 'type' and name in ('type.3', 'type.4')`;
    const typeIds = types.map(({ id }) => id);
    const newest = await listNewestOfTypes(sql, typeIds, { limit: 20, maxBytes: 64 * 1024 });
    expect(newest).toHaveLength(40);
    const after = String(Number(last) - 1_000);
    const read = await listEventsOfTypesAfter(sql, { typeIds, after, upTo: last, limit: 10 });
    expect(read).toMatchObject({ isEnd: false, rows: { length: 10 } });
  });
  expect(scans).toBe(0);
});

test("the flows of a subject are found without reading a table from end to end", async () => {
  const scans = await fullScansOf(async (sql) => {
    expect(await findFlowsNamed(sql, { text: "subject-77", limit: 20 })).toHaveLength(10);
  });
  expect(scans).toBe(0);
});

const listTypeIds = async (name: string) => {
  const rows = await database.sql<{ id: number }[]>`
    select id from interned_names where field = 'type' and name like ${name}`;
  return rows.map(({ id }) => id);
};

test("for however many types, the end of the log is looked through once", async () => {
  const unheard = Array.from({ length: 99 }, (_, at) => 1_000_000 + at);
  const typeIds = [...(await listTypeIds("rare")), ...unheard];
  const read = await countRowsRead(database, "^events_", async (sql) => {
    expect(await listNewestOfTypes(sql, typeIds, { limit: 20, maxBytes: 64 * 1024 })).toHaveLength(3);
  });
  expect(read).toBeLessThan(EVENTS - POSTED + 100);
});

test("how far down the newest events of types reach is read from the newest postings alone", async () => {
  const typeIds = await listTypeIds("type.%");
  const [all] = await database.sql<{ postings: number }[]>`
    select count(*)::int as postings from event_postings where name_id = any(${typeIds}::int[])`;
  const read = await countRowsRead(
    database,
    "^event_postings$",
    (sql) => sql`select floor_named(id, 0, 9223372036854775807, 20) from unnest(${typeIds}::int[]) id`,
  );
  expect(all?.postings).toBeGreaterThan(typeIds.length * 15);
  expect(read).toBeLessThanOrEqual(typeIds.length * 10);
});
