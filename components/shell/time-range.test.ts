import { describe, expect, test } from "vitest";
import { readMoment, toWallClock } from "./local-moment.ts";
import {
  DEFAULT_RANGE,
  formatTimeRange,
  PRESETS,
  parseTimeRange,
  presetMs,
  resolveTimeRange,
  type TimeRange,
  withWindow,
} from "./time-range.ts";

const NOTHING = { range: null, from: null, to: null };

describe("a range in the address", () => {
  test("comes back as it was written", () => {
    const ranges: TimeRange[] = [
      ...PRESETS.map((preset) => ({ kind: "relative" as const, preset })),
      { kind: "absolute", from: "2026-01-31T12:00:00.000Z", to: "2026-01-31T13:00:00.000Z" },
      { kind: "absolute", from: "2026-01-31T12:00:00.000Z", to: null },
      { kind: "absolute", from: null, to: "2026-01-31T12:00:00.000Z" },
    ];
    for (const range of ranges) expect(parseTimeRange(formatTimeRange(range))).toEqual(range);
  });

  test("falls back when absent, unknown or out of order", () => {
    expect(parseTimeRange(NOTHING)).toEqual(DEFAULT_RANGE);
    expect(parseTimeRange({ ...NOTHING, range: "2y" })).toEqual(DEFAULT_RANGE);
    expect(parseTimeRange({ ...NOTHING, from: "soon" })).toEqual(DEFAULT_RANGE);
    expect(parseTimeRange({ range: "6h", from: "2026-02-01T00:00:00Z", to: "2026-01-01T00:00:00Z" })).toEqual(
      {
        kind: "relative",
        preset: "6h",
      },
    );
    const fallback: TimeRange = { kind: "relative", preset: "24h" };
    expect(parseTimeRange(NOTHING, fallback)).toBe(fallback);
  });

  test("is read with any offset and prefers fixed ends", () => {
    expect(parseTimeRange({ range: "6h", from: "2026-02-01T09:00:00+09:00", to: null })).toEqual({
      kind: "absolute",
      from: "2026-02-01T00:00:00.000Z",
      to: null,
    });
  });
});

test("a relative range ends open, so that later events belong to it", () => {
  const now = Date.parse("2026-01-31T12:00:00Z");
  expect(resolveTimeRange({ kind: "relative", preset: "15m" }, now)).toEqual({
    from: "2026-01-31T11:45:00.000Z",
    to: null,
  });
});

test("presets grow", () => {
  const spans = PRESETS.map(presetMs);
  expect(spans).toEqual([...spans].sort((a, b) => a - b));
  expect(presetMs("30d")).toBe(30 * 24 * 3_600_000);
});

describe("a typed time", () => {
  test("is read in the zone and comes back as it was typed", () => {
    for (const zone of ["UTC", "Asia/Tokyo", "America/New_York", "Asia/Kolkata"]) {
      const moment = readMoment("2026-01-31 14:03:09", zone);
      expect(moment).not.toBeNull();
      expect(toWallClock(moment ?? "", zone)).toBe("2026-01-31 14:03:09");
    }
  });

  test("may be short or long", () => {
    expect(readMoment("2026-01-31", "Asia/Tokyo")).toBe("2026-01-30T15:00:00.000Z");
    expect(readMoment(" 2026-01-31T14:03 ", "Asia/Tokyo")).toBe("2026-01-31T05:03:00.000Z");
    expect(readMoment("2026-01-31 14:03:09,5", "UTC")).toBe("2026-01-31T14:03:09.500Z");
  });

  test("with an offset means that offset, as logs and our own tooltips write it", () => {
    for (const text of [
      "2026-01-31T05:03:09Z",
      "2026-01-31 05:03:09.000 UTC",
      "2026-01-31T14:03:09+09:00",
      "2026-01-31 14:03:09.000 +09:00",
      "2026-01-31T14:03:09+0900",
    ]) {
      expect([text, readMoment(text, "America/New_York")]).toEqual([text, "2026-01-31T05:03:09.000Z"]);
    }
  });

  test("follows summer time on both sides of its change", () => {
    const newYork = (text: string) => readMoment(text, "America/New_York");
    expect(newYork("2026-03-08 01:59")).toBe("2026-03-08T06:59:00.000Z");
    expect(newYork("2026-03-08 03:00")).toBe("2026-03-08T07:00:00.000Z");
    expect(newYork("2026-03-08 02:30")).toBe("2026-03-08T07:30:00.000Z");
    expect(newYork("2026-11-01 01:30")).toBe("2026-11-01T05:30:00.000Z");
  });

  test("that is no time is none", () => {
    for (const text of ["", "soon", "2026-13-01", "2026-02-31 10:00", "2026-01-31 25:00", "14:03"]) {
      expect([text, readMoment(text, "UTC")]).toEqual([text, null]);
    }
  });
});

test.each([
  [
    "/events",
    "?from=2026-01-31T10:00:00Z&to=2026-01-31T11:00:00Z&group=events",
    "/events?from=2026-01-31T10%3A00%3A00.000Z&to=2026-01-31T11%3A00%3A00.000Z",
  ],
  [
    "/dead-letters/letters?status=parked",
    "?from=2026-01-31T10:00:00Z",
    "/dead-letters/letters?status=parked&from=2026-01-31T10%3A00%3A00.000Z",
  ],
  ["/events", "?range=5m", "/events"],
  ["/events", "?from=soon", "/events"],
  ["/alerts", "?from=2026-01-31T10:00:00Z", "/alerts"],
  ["/events?from=2026-01-01T00:00:00Z", "?from=2026-01-31T10:00:00Z", "/events?from=2026-01-01T00:00:00Z"],
])("the way to %s from a page with %s keeps what was zoomed into", (href, search, kept) => {
  expect(withWindow(href, search)).toBe(kept);
});
