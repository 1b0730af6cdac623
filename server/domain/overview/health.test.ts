import { describe, expect, test } from "vitest";
import { healthOfAttempts, unwellFrom, worstOf } from "./health.ts";

describe("the health of a stretch of attempts", () => {
  test.each([
    [{ attempts: 0, failed: 0 }, null],
    [{ attempts: 100, failed: 0 }, "ok"],
    [{ attempts: 10, failed: 2 }, "ok"],
    [{ attempts: 1, failed: 1 }, "failing"],
    [{ attempts: 100, failed: 4 }, "ok"],
    [{ attempts: 100, failed: 5 }, "degraded"],
    [{ attempts: 100, failed: 25 }, "failing"],
  ] as const)("of %j is %s", (attempts, health) => {
    expect(healthOfAttempts(attempts)).toBe(health);
  });
});

test("of several, the worst counts; of none nothing is known", () => {
  expect(worstOf(["ok", "failing", "degraded"])).toBe("failing");
  expect(worstOf(["unknown", "ok"])).toBe("ok");
  expect(worstOf([])).toBe("unknown");
});

test("it is unwell since the first minute of the last stretch in which it was", () => {
  expect(unwellFrom(["failing", "ok", null, "degraded", null, "failing"])).toBe(3);
  expect(unwellFrom(["failing", "ok"])).toBeNull();
  expect(unwellFrom([null, null])).toBeNull();
});
