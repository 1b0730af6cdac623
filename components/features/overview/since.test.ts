import { expect, test } from "vitest";
import { createFormat } from "#components/lib/format.ts";
import { writeSince } from "./since.ts";

const format = createFormat("en", "UTC");

test("what is known to the minute is written to the minute", () => {
  expect(writeSince("2026-01-31T23:03:00.000Z", format)).toEqual({
    clock: "23:03",
    whole: "2026-01-31 23:03",
  });
});

test("what is known to the millisecond is written to the second, and in full", () => {
  expect(writeSince("2026-01-31T23:03:09.007Z", format)).toEqual({
    clock: "23:03:09",
    whole: "2026-01-31 23:03:09.007 UTC",
  });
});
