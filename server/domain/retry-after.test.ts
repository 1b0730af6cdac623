import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_RETRY_AFTER_MS, parseRetryAfter } from "./retry-after.ts";

const now = Date.parse("1994-11-06T08:49:00Z");

test.each([
  ["0", 0],
  ["120", 120_000],
  [" 120 ", 120_000],
  ["Sun, 06 Nov 1994 08:49:37 GMT", 37_000],
  ["Sunday, 06-Nov-94 08:49:37 GMT", 37_000],
  ["Sun Nov  6 08:49:37 1994", 37_000],
  ["Sun, 06 Nov 1994 08:00:00 GMT", 0],
])("%j is a wait of %i ms", (value, wait) => {
  expect(parseRetryAfter(value, now)).toBe(wait);
});

test.each([
  null,
  undefined,
  "",
  "soon",
  "-1",
  "1.5",
  "1e3",
  "0x10",
  "1994-11-06",
  "Sun, 99 Nov 1994 08:49:37 GMT",
])("%j asks for nothing that can be read", (value) => {
  expect(parseRetryAfter(value, now)).toBeNull();
});

test("no header puts us off longer than the bound", () => {
  expect(parseRetryAfter("999999999999", now)).toBe(MAX_RETRY_AFTER_MS);
  expect(parseRetryAfter("Fri, 06 Nov 2099 08:49:37 GMT", now)).toBe(MAX_RETRY_AFTER_MS);
});

test("any text is a bounded wait or none", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.nat().map(String),
        fc.date({ noInvalidDate: true }).map((d) => d.toUTCString()),
      ),
      (value) => {
        const wait = parseRetryAfter(value, now);
        if (wait === null) return;
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(MAX_RETRY_AFTER_MS);
      },
    ),
  );
});

test("a date written by this clock is read back to the second", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3600 }), (seconds) => {
      const date = new Date(now + seconds * 1000).toUTCString();
      expect(parseRetryAfter(date, now)).toBe(seconds * 1000);
    }),
  );
});
