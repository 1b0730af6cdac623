import { describe, expect, test } from "vitest";
import { chooseHistoryStep, lookEveryMs, windowOf } from "./windows.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const nowMs = Date.parse("2026-03-01T12:34:56.789Z");

describe("The window of a span", () => {
  test.each([
    [30 * SECOND_MS, 0, SECOND_MS, "2026-03-01T12:34:26.000Z", "2026-03-01T12:34:56.000Z"],
    [5 * MINUTE_MS, 0, 10 * SECOND_MS, "2026-03-01T12:29:50.000Z", "2026-03-01T12:34:50.000Z"],
    [6 * HOUR_MS, 0, MINUTE_MS, "2026-03-01T06:34:00.000Z", "2026-03-01T12:34:00.000Z"],
    [3 * DAY_MS, 0, HOUR_MS, "2026-02-26T12:00:00.000Z", "2026-03-01T12:00:00.000Z"],
    // Seconds are not kept for a day.
    [30 * SECOND_MS, DAY_MS, MINUTE_MS, "2026-02-28T12:33:00.000Z", "2026-02-28T12:34:00.000Z"],
    [90 * SECOND_MS, 30 * DAY_MS, HOUR_MS, "2026-01-30T11:00:00.000Z", "2026-01-30T12:00:00.000Z"],
  ])("of %i ms, %i ms ago", (windowMs, agoMs, stepMs, from, to) => {
    const window = windowOf({ windowMs, agoMs }, nowMs);
    expect(window.stepMs).toBe(stepMs);
    expect([window.fromMs, window.toMs].map((ms) => new Date(ms).toISOString())).toEqual([from, to]);
  });
});

test("what changes fast is looked at often", () => {
  const every = (windowMs: number) => lookEveryMs([{ windowMs, agoMs: 0 }]);
  expect([30 * SECOND_MS, 10 * MINUTE_MS, DAY_MS].map(every)).toEqual([2_000, 5_000, 30_000]);
});

describe("What was recorded is looked at", () => {
  const step = (windowMs: number, backMs: number, isAlone = false) =>
    chooseHistoryStep([{ windowMs, agoMs: 0 }], { backMs, isAlone });

  test("as finely as it is kept", () => {
    expect(step(30 * SECOND_MS, 30 * MINUTE_MS)).toBe(SECOND_MS);
    expect(step(30 * SECOND_MS, 6 * HOUR_MS)).toBe(10 * SECOND_MS);
    expect(step(30 * SECOND_MS, 7 * DAY_MS)).toBe(MINUTE_MS);
    expect(step(30 * SECOND_MS, 30 * DAY_MS)).toBe(HOUR_MS);
  });

  test("in whole windows, where several don't add up to one", () => {
    expect(step(4 * MINUTE_MS, 7 * DAY_MS, true)).toBe(5 * MINUTE_MS);
    expect(step(30 * SECOND_MS, 7 * DAY_MS, true)).toBe(MINUTE_MS);
  });
});
