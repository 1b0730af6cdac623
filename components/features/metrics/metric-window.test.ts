import { expect, test } from "vitest";
import { refreshEvery, sharedStep, windowBefore, windowOf } from "./metric-window.ts";

const NOW = Date.parse("2026-01-31T12:00:00Z");
const HOUR_MS = 3_600_000;

test("a span ends now", () => {
  expect(windowOf({ kind: "relative", preset: "1h" }, NOW)).toEqual({ fromMs: NOW - HOUR_MS, toMs: NOW });
});

test("fixed ends stay, and an open one is now", () => {
  const from = "2026-01-31T10:00:00Z";
  expect(windowOf({ kind: "absolute", from, to: null }, NOW)).toEqual({
    fromMs: Date.parse(from),
    toMs: NOW,
  });
});

test("a window is compared with one that is as long", () => {
  const window = { fromMs: NOW - HOUR_MS, toMs: NOW };
  expect(windowBefore(window, "none")).toBeNull();
  expect(windowBefore(window, "before")).toEqual({ fromMs: NOW - 2 * HOUR_MS, toMs: NOW - HOUR_MS });
  expect(windowBefore(window, "week")).toEqual({ fromMs: NOW - 169 * HOUR_MS, toMs: NOW - 168 * HOUR_MS });
});

test("a longer window is read less often", () => {
  const spans = [5 * 60_000, HOUR_MS, 6 * HOUR_MS, 720 * HOUR_MS];
  expect(spans.map((span) => refreshEvery({ fromMs: NOW - span, toMs: NOW }))).toEqual([
    2_000, 5_000, 30_000, 120_000,
  ]);
});

test("both windows have the finest step that is kept since the earlier one began", () => {
  const stepOf = (span: number, comparison: "none" | "before" | "day" | "week", maxPoints: number) =>
    sharedStep(windowBefore({ fromMs: NOW - span, toMs: NOW }, comparison), maxPoints, NOW);
  expect(stepOf(HOUR_MS, "none", 240)).toBeUndefined();
  expect(stepOf(HOUR_MS / 4, "before", 240)).toBe(5_000);
  expect(stepOf(HOUR_MS / 2, "before", 720)).toBe(10_000);
  expect(stepOf(HOUR_MS, "day", 240)).toBe(60_000);
  expect(stepOf(HOUR_MS, "week", 720)).toBe(60_000);
  expect(stepOf(48 * HOUR_MS, "week", 240)).toBe(3_600_000);
});
