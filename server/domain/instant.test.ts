import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalInstant, canonicalMillis, instantMicros, positionAt, recordedAt } from "./instant.ts";

describe("instants", () => {
  test.each([
    ["1970-01-01T00:00:00Z", 0n],
    ["1970-01-01T00:00:00.000001Z", 1n],
    ["1970-01-01T00:00:00.1234567Z", 123_456n],
    ["1970-01-01T01:00:00+01:00", 0n],
    ["1969-12-31T23:30:00-00:30", 0n],
    ["2016-12-31T23:59:60Z", BigInt(Date.UTC(2017, 0, 1)) * 1000n],
    ["9999-12-31T23:59:59Z", BigInt(Date.UTC(9999, 11, 31, 23, 59, 59)) * 1000n],
    ["2024-02-29t12:00:00z", BigInt(Date.UTC(2024, 1, 29, 12)) * 1000n],
  ])("%s is %s microseconds", (text, micros) => {
    expect(instantMicros(text)).toBe(micros);
  });

  test.each([
    "",
    "yesterday",
    "2023-02-29T00:00:00Z",
    "2023-13-01T00:00:00Z",
    "2023-01-01 00:00:00Z",
    "2023-01-01T00:00:00",
  ])("%j is no timestamp", (text) => {
    expect(instantMicros(text)).toBeNull();
  });

  test("what JavaScript writes is canonical and comes back as it was", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true }), (date) => {
        const text = date.toISOString();
        const micros = instantMicros(text);
        return (
          canonicalMillis(text) === date.getTime() &&
          micros !== null &&
          canonicalInstant(String(micros)) === text
        );
      }),
    );
  });

  test.each([
    "2016-12-31T23:59:60.000Z",
    "2023-02-29T00:00:00.000Z",
    "2023-01-01T24:00:00.000Z",
    "2023-01-01T00:00:00.000z",
    "2023-01-01T00:00:00.0000Z",
    "2023-01-01T00:00:00Z",
    "2023-01-01T00:00:00+00:00",
  ])("%s is not what its instant would be written as", (text) => {
    expect(canonicalMillis(text)).toBeNull();
  });

  test("a position names the moment at which it was recorded", () => {
    expect(recordedAt("1763779916123456")).toBe("2025-11-22T02:51:56.123Z");
    expect(positionAt("2025-11-22T02:51:56.123456Z")).toBe(1763779916123456n);
    expect(positionAt("1969-01-01T00:00:00Z")).toBe(0n);
  });
});
