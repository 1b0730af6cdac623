import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSameInstant, isTimestamp, parseTimestamp, timestampFromEpoch } from "./timestamp.ts";

describe("A timestamp", () => {
  test.each([
    "2025-11-22T03:05:16Z",
    "2025-11-22t03:05:16z",
    "2025-11-22T03:05:16.1234567890123+09:00",
    "2024-02-29T00:00:00Z",
    "2000-02-29T00:00:00-23:59",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59.9Z",
    "1990-12-31T15:59:60-08:00",
    "2016-12-31T23:59:60.5Z",
    "2025-11-22T03:05:16-00:00",
  ])("is %s", (text) => {
    expect(isTimestamp(text)).toBe(true);
  });

  test.each([
    "",
    "2025-11-22",
    "2025-11-22T03:05:16",
    "2025-11-22 03:05:16Z",
    "2025-11-22T03:05Z",
    "2025-11-22T03:05:16.Z",
    "2025-11-22T03:05:16,5Z",
    "2025-11-22T03:05:16Z ",
    "2025-11-22T03:05:16+0900",
    "2025-11-22T03:05:16+24:00",
    "2025-11-22T03:05:16+09:60",
    "2025-11-22T24:00:00Z",
    "2025-11-22T23:60:00Z",
    "2025-11-22T23:59:61Z",
    "2025-11-22T12:00:60Z",
    "2025-11-22T23:59:60Z",
    "2025-13-01T00:00:00Z",
    "2025-00-01T00:00:00Z",
    "2025-04-31T00:00:00Z",
    "2025-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2025-11-00T00:00:00Z",
    "+025-11-22T03:05:16Z",
    "２０２５-11-22T03:05:16Z",
    "1763780716",
  ])("is not %j", (text) => {
    expect(isTimestamp(text)).toBe(false);
  });

  test("means the moment that the platform's own clock reads in it", () => {
    const date = fc.date({
      min: new Date("0000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (at) => {
        const instant = parseTimestamp(at.toISOString());
        const fraction = Number(`0.${instant?.fraction || "0"}`);
        const milliseconds =
          (instant?.minute ?? 0) * 60_000 + (instant?.second ?? 0) * 1000 + Math.round(fraction * 1000);
        expect(milliseconds).toBe(at.getTime());
      }),
    );
  });
});

describe("Two timestamps are the same instant", () => {
  test.each([
    ["2025-11-22T03:05:16Z", "2025-11-22T12:05:16+09:00"],
    ["2025-11-22T03:05:16Z", "2025-11-22t03:05:16.000z"],
    ["2025-01-01T00:30:00+01:00", "2024-12-31T23:30:00-00:00"],
    ["2025-11-22T03:05:16.120Z", "2025-11-22T03:05:16.12Z"],
  ])("%s and %s", (a, b) => {
    expect(isSameInstant(a, b)).toBe(true);
  });

  test.each([
    ["2025-11-22T03:05:16Z", "2025-11-22T03:05:16+09:00"],
    ["2025-11-22T03:05:16.1234567891Z", "2025-11-22T03:05:16.1234567892Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"],
    ["yesterday", "today"],
  ])("but not %s and %s", (a, b) => {
    expect(isSameInstant(a, b)).toBe(false);
  });
});

describe("A number since 1970", () => {
  test.each([
    ["1763780716", 0, "2025-11-22T03:05:16Z"],
    ["1763780716789", 3, "2025-11-22T03:05:16.789Z"],
    ["1763780716789012", 6, "2025-11-22T03:05:16.789012Z"],
    ["1763780716789012345", 9, "2025-11-22T03:05:16.789012345Z"],
    ["5", 3, "1970-01-01T00:00:00.005Z"],
  ] as const)("%s of scale %i is %s", (number, scale, text) => {
    expect(timestampFromEpoch(number, scale)).toBe(text);
  });

  test("beyond the year 9999 is none", () => {
    expect(timestampFromEpoch("253402300800", 0)).toBeNull();
    expect(timestampFromEpoch("99999999999999999999", 0)).toBeNull();
    expect(timestampFromEpoch("1e9", 0)).toBeNull();
  });
});
