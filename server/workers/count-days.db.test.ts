import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countHours, listNameCounts, sumUpDays } from "#drizzle/queries/hourly-counts.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { copyTestEvents } from "#drizzle/testing/events.ts";
import { countRowsRead } from "#drizzle/testing/rows-read.ts";

const HOUR_MS = 3_600_000;
const DAYS = 5;
const TODAY = Math.floor(Date.now() / (24 * HOUR_MS)) * 24 * HOUR_MS;
/** Midnight of the first day, and the end of what is stored: an hour of a day that is not over. */
const START = TODAY - DAYS * 24 * HOUR_MS;
const HOURS = (DAYS - 1) * 24 + 7;
const AN_HOUR = 4;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const { sql } = database;
  for (let day = 0; day < DAYS; day += 1) {
    await sql`select ensure_event_partition(to_timestamp(${START / 1000 + day * 86_400}))`;
  }
  const events = Array.from({ length: HOURS * AN_HOUR }, (_, n) => ({
    type: `type.${n % 3}`,
    source: `/source/${n % 7}`,
  }));
  // Both ends of each hour have some.
  const at = (n: number) => {
    const hour = (START + Math.floor(n / AN_HOUR) * HOUR_MS) * 1000;
    return n % AN_HOUR < 2 ? hour + (n % AN_HOUR) : hour + HOUR_MS * 1000 - AN_HOUR + (n % AN_HOUR);
  };
  await copyTestEvents(sql, events, at);
  const upTo = String((START + HOURS * HOUR_MS) * 1000);
  // 31 is no part of a day's events: what is counted at once crosses midnights.
  while ((await sql.begin((tx) => countHours(tx, upTo, 31))) > 0);
});
afterAll(() => database.drop());

const iso = (hour: number) => new Date(START + hour * HOUR_MS).toISOString();

async function recount(from: string, to: string) {
  return database.sql`
    select name as value, count(*)::text as count from events join interned_names on interned_names.id = type_id
    where position >= position_at(${from}::timestamptz) and position < position_at(${to}::timestamptz)
    group by 1 order by count(*) desc, 1`;
}

const countTypes = (sql: TestDatabase["sql"], from: string, to: string) =>
  listNameCounts(sql, { field: "type", from, to, prefix: "%", limit: 10 });

async function listDays() {
  return database.sql`select day, name_id, events::int from daily_counts order by day, name_id`;
}

describe("Counting days", () => {
  test("a day is summed up when the next one has begun, and is never added to twice", async () => {
    const summed = await listDays();
    const expected = await database.sql`
      select date_trunc('day', hour, 'UTC') as day, name_id, sum(events)::int as events from hourly_counts
      where hour < ${iso((DAYS - 1) * 24)}::timestamptz group by 1, 2 order by 1, 2`;
    expect(summed).toHaveLength((DAYS - 1) * 10);
    expect([...summed]).toEqual([...expected]);
    await database.sql.begin((tx) => sumUpDays(tx, String((START + 30 * HOUR_MS) * 1000)));
    expect([...(await listDays())]).toEqual([...expected]);
  });

  test("any window of whole hours has as many events as are stored in it", async () => {
    const hour = fc.integer({ min: -30, max: DAYS * 24 + 30 });
    await fc.assert(
      fc.asyncProperty(hour, hour, async (one, other) => {
        const [from, to] = [iso(Math.min(one, other)), iso(Math.max(one, other))];
        expect([...(await countTypes(database.sql, from, to))]).toEqual([...(await recount(from, to))]);
      }),
      { numRuns: 60 },
    );
  });

  test("of whole days, no hours are read", async () => {
    await database.sql`vacuum analyze hourly_counts`;
    const read = await countRowsRead(database, "^hourly_counts$", (sql) => countTypes(sql, iso(-1), iso(73)));
    expect(read).toBeLessThanOrEqual(10);
  });
});
