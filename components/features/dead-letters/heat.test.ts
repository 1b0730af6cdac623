import { expect, test } from "vitest";
import { bucketStart, heatOf, summarize } from "./heat.ts";

test("nothing is cold, one death is seen, and the most is full", () => {
  expect(heatOf(0, 100)).toBe(0);
  expect(heatOf(1, 1_000_000)).toBeGreaterThanOrEqual(0.2);
  expect(heatOf(100, 100)).toBe(1);
  expect(heatOf(10, 100)).toBeLessThan(heatOf(50, 100));
});

test("a series is summed, and an empty one is nothing", () => {
  expect(summarize([0, 3, 7, 1])).toEqual({ total: 11, most: 7, mostAt: 2 });
  expect(summarize([])).toMatchObject({ total: 0, most: 0 });
});

test("buckets follow one another by their step", () => {
  const buckets = { from: "2026-01-31T00:00:00.000Z", step: 300 };
  expect(new Date(bucketStart(buckets, 12)).toISOString()).toBe("2026-01-31T01:00:00.000Z");
});
