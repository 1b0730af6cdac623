import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { createFixedClock } from "#server/platform/clock.ts";
import { NameCache } from "../names/name-cache.ts";
import { readDeliveryBins } from "./delivery-bins.ts";
import { readWindow } from "./window.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("The histograms of a window are whole, new in their last minutes, and old by a minute at most", async () => {
  const { sql } = database;
  const clock = createFixedClock(new Date("2026-05-04T12:34:20Z"));
  const ctx = { sql, names: new NameCache(sql), clock };
  const add = (minute: string, count: number) => sql`
    insert into processing_bins (minute, subscription_id, type_id, measure, bin, count)
    values (${minute}::timestamptz, 1, 1, 0, 7, ${count})
    on conflict (minute, subscription_id, type_id, measure, bin) do update set count = processing_bins.count + excluded.count`;
  const total = async () => {
    const bins = await readDeliveryBins(ctx, readWindow(clock, {}));
    return bins.reduce((sum, { count }) => sum + Number(count), 0);
  };
  for (let n = 0; n < 75; n += 1) {
    await add(new Date(Date.parse("2026-05-04T12:34:00Z") - n * 60_000).toISOString(), 1);
  }
  // From 11:34 on, for the window is of whole minutes.
  expect(await total()).toBe(61);
  await add("2026-05-04T12:33:00Z", 10);
  await add("2026-05-04T11:35:00Z", 10);
  expect(await total()).toBe(81);
  await add("2026-05-04T12:05:00Z", 100);
  clock.advance(59_000);
  expect(await total()).toBeGreaterThanOrEqual(80);
  clock.advance(1_000);
  // 11:34 is no more part of it.
  expect(await total()).toBe(180);
});
