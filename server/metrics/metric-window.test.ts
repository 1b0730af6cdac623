import { expect, test } from "vitest";
import { toWindow } from "./metric-window.ts";

const HOUR_MS = 3_600_000;
const NOW = Date.parse("2026-05-04T10:20:30Z");
const month = { from: new Date(NOW - 30 * 24 * HOUR_MS).toISOString(), to: new Date(NOW).toISOString() };

test("a chart of few series has steps as fine as its points allow", () => {
  const { step, steps, from } = toWindow({ ...month, maxPoints: 721 }, NOW, 20);
  expect({ step, steps, from }).toEqual({
    step: 3_600,
    steps: 721,
    from: Math.floor((NOW - 30 * 24 * HOUR_MS) / HOUR_MS) * 3_600,
  });
});

test("a chart of many series has longer steps, unless they are asked for by their length", () => {
  expect(toWindow({ ...month, maxPoints: 721 }, NOW, 50).step).toBe(6 * 3_600);
  expect(toWindow({ ...month, stepMs: HOUR_MS }, NOW, 50).step).toBe(3_600);
});
