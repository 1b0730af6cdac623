import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sql } from "#drizzle/db.ts";
import { moveFold } from "#drizzle/queries/metric-folding.ts";
import { lockMetrics, readFolds, shareMetrics } from "#drizzle/queries/metric-writing.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { binOf } from "#server/domain/log-histogram.ts";
import { countPoint, durationsPoint, gaugePoint, type MetricPoint } from "#server/domain/metrics/points.ts";
import { RESOLUTIONS, slotsOf } from "#server/domain/metrics/resolution.ts";
import { systemClock } from "#server/platform/clock.ts";
import { expireMetrics } from "./expire-metrics.ts";
import { foldMetricsOnce } from "./fold-metrics.ts";
import { recordPoints } from "./record-points.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const clockAt = (nowMs: number) => ({ ...systemClock, now: () => new Date(nowMs) });

const record = (points: MetricPoint[], nowMs: number, maxSeries?: number) =>
  database.sql.begin((tx) =>
    recordPoints(tx, points, maxSeries === undefined ? { nowMs } : { nowMs, maxSeries }),
  );

async function fold(nowMs: number): Promise<void> {
  while (await foldMetricsOnce({ sql: database.sql, clock: clockAt(nowMs) }));
}

/** The points of all series of a metric with these labels, by resolution. */
async function pointsOf(metric: string, labels: Record<string, string> = {}) {
  const rows = await database.sql<{ resolution: number; second: string; samples: string; sum: number }[]>`
    select slot / 4 as resolution, second, sum(samples)::text as samples, sum(sum) as sum
    from metric_points join metric_series s on s.id = series_id
    where metric = ${metric} and labels = ${JSON.stringify(labels)}::jsonb group by 1, 2 order by 1, 2`;
  return Map.groupBy(rows, ({ resolution }) => resolution);
}

test("points are looked for in the slots in which they are put", async () => {
  for (const [resolution, { keptMs }] of RESOLUTIONS.entries()) {
    for (let turn = 0; turn < 9; turn += 1) {
      const from = 1_795_000_000 + Math.floor((turn * keptMs) / 5_000);
      const to = from + Math.floor(keptMs / 1_500);
      const rows = await database.sql<{ slot: number }[]>`
        select distinct metric_slot(${resolution}, second)::int as slot
        from generate_series(${from}::bigint, ${to - 1}::bigint, ${Math.floor(keptMs / 1_000_000)}::bigint) second
        union select metric_slot(${resolution}, ${to - 1}::bigint)::int`;
      const found = new Set(slotsOf({ resolution, from, to }));
      expect(rows.filter(({ slot }) => !found.has(slot))).toEqual([]);
      expect(found.size).toBe(rows.length);
    }
  }
});

test("who waits to add points learns up to where was summed up meanwhile", async () => {
  const { sql } = database;
  const before = await readFolds(sql);
  const second = before[0] + 10;
  for (const learns of [shareMetrics, lockMetrics]) {
    // Both with statements that their connection knows, and with ones that are new to it.
    for (let round = 0; round < 2; round += 1) {
      const learnt = await sql.begin(async (tx) => {
        await lockMetrics(tx);
        const other = sql.begin((waiting) => learns(waiting));
        await waitForLock(sql);
        await moveFold(tx, 1, second + round);
        return { other };
      });
      expect((await learnt.other)[0]).toBe(second + round);
    }
  }
  await sql.begin((tx) => moveFold(tx, 1, before[0]));
});

/** Until somebody waits for an advisory lock in this database. */
async function waitForLock(sql: Sql): Promise<void> {
  const waiting = () => sql`
    select from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`;
  while ((await waiting()).length === 0);
}

test("points are summed up into each resolution, and late ones are added to all of them", async () => {
  const start = Math.ceil(Date.now() / DAY_MS) * DAY_MS;
  const at = (ms: number, count: number) =>
    countPoint("attempts_failed", { consumer: "a", type: "t" }, { atMs: start + ms, count });
  await record([at(500, 1), at(900, 2), at(1_500, 4)], start + 2_000);
  await record([at(61_000, 8)], start + 61_500);
  await fold(start + 2 * HOUR_MS);
  await record([at(700, 16), at(2 * HOUR_MS, 32)], start + 2 * HOUR_MS);
  await fold(start + DAY_MS + 10_000);
  const levels = await pointsOf("attempts_failed", { consumer: "a" });
  const seen = (resolution: number) =>
    levels.get(resolution)?.map(({ second, samples }) => [Number(second) - start / 1000, Number(samples)]);
  expect(seen(0)).toEqual([
    [0, 3],
    [1, 4],
    [61, 8],
    [7200, 32],
  ]);
  expect(seen(1)).toEqual([
    [0, 23],
    [60, 8],
    [7200, 32],
  ]);
  expect(seen(2)).toEqual([
    [0, 23],
    [60, 8],
    [7200, 32],
  ]);
  expect(seen(3)).toEqual([
    [0, 31],
    [7200, 32],
  ]);
  expect(seen(4)).toEqual([[0, 63]]);
  expect(seen(5)).toEqual([[0, 63]]);
});

test("histograms add up bin by bin, and what was taken back is gone", async () => {
  const start = Math.ceil(Date.now() / DAY_MS) * DAY_MS + 2 * DAY_MS;
  const took = (ms: number, seconds: number[]) =>
    durationsPoint("processing_time", { consumer: "h", type: "t" }, { atMs: start + ms, seconds });
  await record([took(100, [0.001, 0.1]), took(2_000, [0.1])], start + 3_000);
  const back = took(100, [0.001]);
  await record(
    [{ ...back, samples: -1, sum: -0.001, low: null, high: null, bins: new Map([[binOf(1_000), -1]]) }],
    start,
  );
  await fold(start + DAY_MS + 10_000);
  const [row] = await database.sql`
    select samples::int as samples, round(sum::numeric, 6)::float8 as sum, high, bins, counts::int[] as counts
    from metric_points join metric_series s on s.id = series_id
    where metric = 'processing_time' and labels = '{"type": "t"}' and slot / 4 = 5`;
  expect(row).toEqual({
    samples: 2,
    sum: 0.2,
    high: 0.1,
    bins: [binOf(1_000), binOf(100_000)],
    counts: [0, 2],
  });
});

test("gauges that are measured at one moment are one measure together", async () => {
  const nowMs = Date.now();
  const measured = (consumer: string, value: number) => [
    gaugePoint("backlog", { consumer }, { atMs: nowMs, value }),
    gaugePoint("oldest_waiting", { consumer }, { atMs: nowMs, value }),
  ];
  await record([...measured("a", 3), ...measured("b", 4)], nowMs);
  const together = async (metric: string) => (await pointsOf(metric)).get(0);
  expect(await together("backlog")).toMatchObject([{ samples: "1", sum: 7 }]);
  expect(await together("oldest_waiting")).toMatchObject([{ samples: "1", sum: 4 }]);
});

test("what comes beyond the highest number of series is counted together", async () => {
  const nowMs = Date.now();
  const rejected = (reason: string, count: number) =>
    countPoint("ingest_rejected", { reason, instance: "one" }, { atMs: nowMs, count });
  await record([rejected("a", 1), rejected("b", 2), rejected("c", 4)], nowMs, 2);
  await record([rejected("b", 8), rejected("d", 16)], nowMs, 2);
  const sums = await database.sql`
    select labels->>'reason' as reason, sum(samples)::int as samples from metric_points join metric_series s on s.id = series_id
    where metric = 'ingest_rejected' and label_names = 'reason' and slot / 4 = 0 group by 1 order by 1`;
  expect([...sums]).toEqual([
    { reason: "(other)", samples: 20 },
    { reason: "a", samples: 1 },
    { reason: "b", samples: 10 },
  ]);
});

test("points are forgotten when their resolution keeps them no longer, and never before they are summed up", async () => {
  const start = Math.ceil(Date.now() / DAY_MS) * DAY_MS + 5 * DAY_MS;
  await record([countPoint("database_commits", {}, { atMs: start, count: 1 })], start);
  await expireMetrics({ sql: database.sql, clock: clockAt(start + 400 * DAY_MS) });
  const resolutions = async () => [...(await pointsOf("database_commits")).keys()];
  expect(await resolutions()).toEqual([0]);
  await fold(start + HOUR_MS + 60_000);
  await expireMetrics({ sql: database.sql, clock: clockAt(start + 3 * HOUR_MS) });
  expect(await resolutions()).toEqual([1, 2, 3]);
  await fold(start + 399 * DAY_MS);
  await expireMetrics({ sql: database.sql, clock: clockAt(start + 399 * DAY_MS) });
  expect(await resolutions()).toEqual([3, 4, 5]);
  await expireMetrics({ sql: database.sql, clock: clockAt(start + 402 * DAY_MS) });
  expect(await database.sql`select from metric_points limit 1`).toHaveLength(0);
  expect(await database.sql`select from metric_series where metric = 'database_commits'`).toHaveLength(0);
});
