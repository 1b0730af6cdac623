import { afterAll, beforeAll, expect, test } from "vitest";
import type { SqlTx } from "#drizzle/db.ts";
import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import { listSightings } from "#drizzle/queries/service-sightings.ts";
import { countTopology } from "#drizzle/queries/topology-counting.ts";
import {
  countFlowStarts,
  listDeliveriesOfEvents,
  listEventsOfFlows,
  listFlowMinutes,
} from "#drizzle/queries/topology-flows.ts";
import {
  listCauseBins,
  listDeliveryBins,
  listDeliveryGroups,
  listEventGroups,
} from "#drizzle/queries/topology-reading.ts";
import { lookAtNewest } from "#drizzle/queries/topology-samples.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { appendTestEvents } from "#drizzle/testing/events.ts";
import { COUNT_LIMITS, countTopologyOnce } from "./count-topology.ts";

const EVENTS = 12_000;
const BATCH = 4_000;
const COUNTED = [
  "event_minutes",
  "cause_minutes",
  "flow_starts",
  "flow_minutes",
  "processing_minutes",
  "processing_bins",
];

let database: TestDatabase;
let positions: string[] = [];
let window = { from: "", to: "" };
beforeAll(async () => {
  database = await createTestDatabase();
  const { sql } = database;
  await ensureEventPartitions(sql);
  for (let first = 0; first < EVENTS; first += BATCH) {
    const events = Array.from({ length: BATCH }, (_, at) => {
      const n = first + at;
      return {
        id: `e-${n}`,
        type: `type.${n % 20}`,
        source: `/source/${n % 50}`,
        correlationId: `flow-${Math.floor(n / 8)}`,
        causationId: n % 8 === 0 ? null : `e-${n - 1}`,
      };
    });
    positions = [...positions, ...(await appendTestEvents(sql, events))];
  }
  while (await countTopologyOnce({ sql }));
  // A month of it, so that an hour is a small part.
  await sql`
    insert into flow_minutes (minute, type_id, source_id, way, flows, summary, traffic, examples)
    select minute, type_id, source_id, 'reacting', 1, '{}', '{}', '[]' from flow_starts`;
  await sql`insert into processing_minutes (minute, subscription_id, type_id, succeeded) select distinct minute, 1, type_id, 1 from event_minutes`;
  await sql`
    insert into processing_bins (minute, subscription_id, type_id, measure, bin, count)
    select minute, 1, type_id, 0, 1, 1 from processing_minutes`;
  for (const table of COUNTED) {
    const columns = await sql<{ name: string }[]>`
      select column_name as name from information_schema.columns
      where table_name = ${table} and column_name <> 'minute' order by ordinal_position`;
    const rest = columns.map(({ name }) => name).join(", ");
    await sql.unsafe(`
      insert into ${table} (minute, ${rest})
      select minute - n * interval '2 hours', ${rest} from ${table}, generate_series(1, 300) n`);
    await sql.unsafe(`vacuum analyze ${table}`);
  }
  await sql`vacuum analyze events`;
  const now = Date.now();
  window = { from: new Date(now - 3_600_000).toISOString(), to: new Date(now + 60_000).toISOString() };
}, 300_000);
afterAll(() => database.drop());

/** Runs on one connection, whose statistics are then in before they are read. */
async function fullScansOf(run: (sql: TestDatabase["sql"]) => Promise<unknown>): Promise<string[]> {
  const connection = await database.sql.reserve();
  const count = async () => {
    await connection`select pg_stat_force_next_flush()`;
    await connection`select pg_stat_clear_snapshot()`;
    return connection<{ name: string; scans: number }[]>`
      select relname as name, seq_scan::int as scans from pg_stat_user_tables
      where n_live_tup > 0 and (relname like 'events%' or relname like 'deliveries%' or relname = any(${COUNTED}::text[]))`;
  };
  try {
    const before = new Map((await count()).map(({ name, scans }) => [name, scans]));
    await run(connection);
    return (await count())
      .filter(({ name, scans }) => scans > (before.get(name) ?? 0))
      .map(({ name }) => name);
  } finally {
    connection.release();
  }
}

test("the counter of full scans sees one", async () => {
  expect(await fullScansOf((sql) => sql`select sum(events + 1) from event_minutes`)).toEqual([
    "event_minutes",
  ]);
});

test("a window is read by the minutes that it has", async () => {
  const scanned = await fullScansOf(async (sql) => {
    expect((await listEventGroups(sql, window)).length).toBeGreaterThan(50);
    await listDeliveryGroups(sql, { ...window, lately: window.from });
    await listDeliveryBins(sql, window);
    expect((await listCauseBins(sql, window)).length).toBeGreaterThan(50);
    expect(await countFlowStarts(sql, window)).toBeGreaterThan(0);
    expect((await listFlowMinutes(sql, { ...window, withTraffic: true })).length).toBeGreaterThan(0);
    await listSightings(sql);
  });
  expect(scanned).toEqual([]);
});

test("counting, examining and sampling find events by their indexes", async () => {
  const [type, source] = await Promise.all(
    ["type.3", "/source/3"].map(async (name) => {
      const [row] = await database.sql<{ id: number }[]>`select id from interned_names where name = ${name}`;
      return row?.id ?? 0;
    }),
  );
  const pairs = [{ typeId: type ?? 0, sourceId: source ?? 0 }];
  const range = { from: positions[0] ?? "0", before: String(Number(positions.at(-1)) + 1) };
  const scanned = await fullScansOf(async (sql) => {
    await sql`begin`;
    // A reserved connection has no `begin` of its own; what it runs is in the transaction all the same.
    const { counted } = await countTopology(sql as unknown as SqlTx, {
      ...COUNT_LIMITS,
      after: positions.at(-500) ?? "0",
      upTo: positions.at(-1) ?? "0",
      limit: 400,
    });
    await sql`rollback`;
    expect(counted).toBe(400);
    const flows = [{ start_position: positions[8] ?? "0", correlation_id: "flow-1" }];
    expect(await listEventsOfFlows(sql, flows, 100)).toHaveLength(8);
    await listDeliveriesOfEvents(sql, positions.slice(0, 100));
    const wanted = { typeIds: [type ?? 0], pairs, newest: 5, tornPairs: pairs, uncorrelated: 5 };
    expect((await lookAtNewest(sql, wanted, range)).positions).toHaveLength(5);
  });
  expect(scanned).toEqual([]);
});
