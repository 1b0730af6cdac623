import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { countRowsRead } from "#drizzle/testing/rows-read.ts";
import { countPoint, durationsPoint } from "#server/domain/metrics/points.ts";
import { systemClock } from "#server/platform/clock.ts";
import { foldMetricsOnce } from "./fold-metrics.ts";
import { queryMetric } from "./query-metric.ts";
import { recordPoints } from "./record-points.ts";

const CONSUMERS = 200;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const { sql } = database;
  const nowMs = Date.now();
  const points = Array.from({ length: CONSUMERS }, (_, n) => {
    const labels = { consumer: `consumer-${n}`, type: `type.${n % 5}` };
    return [
      countPoint("attempts_failed", labels, { atMs: nowMs, count: 1 }),
      durationsPoint("processing_time", labels, { atMs: nowMs, seconds: [0.1] }),
    ];
  });
  await sql.begin((tx) => recordPoints(tx, points.flat(), { nowMs }));
  // Ten minutes of it, on both sides of now: right after a slot's turn began it would be nearly empty, and be read whole.
  await sql`
    insert into metric_points (slot, series_id, second, samples, sum, low, high, bins, counts)
    select metric_slot(0, second - n), series_id, second - n, samples, sum, low, high, bins, counts
    from metric_points, generate_series(-300, 300) n where n <> 0`;
  await sql`vacuum analyze metric_points, metric_series`;
}, 120_000);
afterAll(() => database.drop());

/** Runs on one connection, whose statistics are then in before they are read. */
async function fullScansOf(run: (sql: TestDatabase["sql"]) => Promise<unknown>): Promise<string[]> {
  const connection = await database.sql.reserve();
  const count = async () => {
    await connection`select pg_stat_force_next_flush()`;
    await connection`select pg_stat_clear_snapshot()`;
    return connection<{ name: string; scans: number }[]>`
      select relname as name, seq_scan::int as scans from pg_stat_user_tables
      where n_live_tup > 0 and relname like 'metric_points%'`;
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

/** How many points of an hour were read from the table itself. */
function rowsFetchedBy(run: (sql: TestDatabase["sql"]) => Promise<unknown>): Promise<number> {
  return countRowsRead(database, "^metric_points_1[2-5]$", run);
}

/** Until an index alone can tell what is there: a snapshot that autovacuum holds keeps newer rows from it. */
async function vacuumPoints(): Promise<void> {
  const { sql } = database;
  const unseen = async () => {
    await sql`vacuum analyze metric_points`;
    return sql`select relname from pg_class where relname ~ '^metric_points_1[2-5]$' and relallvisible < relpages`;
  };
  await expect.poll(unseen, { timeout: 60_000 }).toEqual([]);
}

/** One connection as if it were the pool: a transaction is begun on it, one after the other. */
function onOne(sql: TestDatabase["sql"]): TestDatabase["sql"] {
  const begin = async (...given: unknown[]) => {
    const work = given.at(-1) as (tx: unknown) => Promise<unknown>; // the last of what a pool takes
    await sql`begin`;
    const result = await work(sql);
    await sql`commit`;
    return result;
  };
  return new Proxy(sql, { get: (target, key) => (key === "begin" ? begin : Reflect.get(target, key)) });
}

test("the counter of full scans sees one", async () => {
  expect(await fullScansOf((sql) => sql`select sum(samples + 1) from metric_points`)).not.toEqual([]);
});

test("a chart is read by the series that it shows, in the seconds that it has", async () => {
  const ask = (query: object) => async (sql: TestDatabase["sql"]) => {
    const window = {
      from: new Date(Date.now() - 200_000).toISOString(),
      to: new Date(Date.now() + 1_000).toISOString(),
    };
    const answer = await queryMetric(
      { sql: onOne(sql), clock: systemClock },
      { metric: "processing_time", ...window, ...query },
    );
    expect(answer.series[0]?.values.length).toBeGreaterThan(190);
  };
  expect(await fullScansOf(ask({}))).toEqual([]);
  expect(await fullScansOf(ask({ where: { consumer: ["consumer-7"] } }))).toEqual([]);
  expect(
    await fullScansOf(ask({ metric: "failure_rate", where: { consumer: ["consumer-7"], type: ["type.2"] } })),
  ).toEqual([]);
});

test("a long chart is read from indexes alone, and histograms only for the whole window", async () => {
  const { sql } = database;
  const hours = 24 * 10;
  const consumer = Array.from({ length: 20 }, (_, n) => `consumer-${n}`);
  const [now] = await sql<{ second: number }[]>`
    select extract(epoch from now())::int / 3600 * 3600 as second`;
  const end = now?.second ?? 0;
  await sql`
    insert into metric_points (slot, series_id, second, samples, sum, low, high, bins, counts, p50, p95, p99)
    select metric_slot(3, ${end} - hour * 3600), id, ${end} - hour * 3600, 1, 0.1, 0.1, 0.1, '{120}', '{1}', 120, 120, 120
    from metric_series, generate_series(1, ${hours}) hour`;
  await sql`
    update metric_folds set second = case resolution when 3 then ${end}::bigint else 0 end where resolution >= 3`;
  await sql`update metric_coverage set since_us = 0`;
  await vacuumPoints();
  const ask = (query: object) => (sql: TestDatabase["sql"]) =>
    queryMetric(
      { sql: onOne(sql), clock: systemClock },
      {
        metric: "attempts_failed",
        from: new Date((end - hours * 3600) * 1000).toISOString(),
        to: new Date(end * 1000).toISOString(),
        stepMs: 3_600_000,
        by: "consumer",
        where: { consumer },
        ...query,
      },
    );
  expect(await rowsFetchedBy(ask({}))).toBe(0);
  const few = { where: { consumer: consumer.slice(0, 3) } };
  // Of each series that is shown: the histograms of the whole window.
  expect(await rowsFetchedBy(ask({ metric: "processing_time", stat: "p95", ...few }))).toBe(3 * hours);
});

test("summing up reads the seconds that have passed", async () => {
  const scanned = await fullScansOf(async (sql) => {
    await sql`update metric_folds set second = (extract(epoch from now())::bigint - 60) / 10 * 10 where resolution = 1`;
    await foldMetricsOnce({ sql: onOne(sql), clock: systemClock });
  });
  // Of the seconds: there is next to nothing of anything else.
  expect(scanned.filter((name) => /_[0-3]$/.test(name))).toEqual([]);
});
