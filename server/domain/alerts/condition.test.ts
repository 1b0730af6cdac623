import { describe, expect, test } from "vitest";
import { type AlertCondition, judgeCondition, problemOfCondition, type Reading } from "./condition.ts";
import { ALERT_TEMPLATES } from "./templates.ts";

const MINUTE_MS = 60_000;
const read = (value: number | null): Reading => ({ value, isComplete: true });
const uncounted: Reading = { value: 3, isComplete: false };

const above: AlertCondition = {
  kind: "threshold",
  metric: "failure_rate",
  windowMs: MINUTE_MS,
  is: "above",
  value: 0.05,
};
const below: AlertCondition = { ...above, metric: "events", is: "below", value: 1 };
const absence: AlertCondition = { kind: "absence", metric: "events", windowMs: MINUTE_MS };
const silence: AlertCondition = { kind: "absence", metric: "backlog", windowMs: MINUTE_MS };
const rising: AlertCondition = {
  kind: "change",
  metric: "events",
  windowMs: MINUTE_MS,
  agoMs: 60 * MINUTE_MS,
  is: "rising",
  byShare: 0.5,
};
const falling: AlertCondition = { ...rising, is: "falling" };
const burning: AlertCondition = {
  kind: "burn-rate",
  metric: "failure_rate",
  target: 0.99,
  factor: 10,
  longMs: 60 * MINUTE_MS,
  shortMs: 5 * MINUTE_MS,
};

test.each<[string, AlertCondition, Reading[], string, number | null]>([
  ["above", above, [read(0.06)], "holds", 0.06],
  ["exactly at it", above, [read(0.05)], "clear", 0.05],
  ["nothing was measured", above, [read(null)], "unknown", null],
  ["not all was counted", above, [uncounted], "unknown", null],
  ["below", below, [read(0.5)], "holds", 0.5],
  ["nothing happened, which is below", below, [read(0)], "holds", 0],
  ["a gap, which is not nothing", below, [{ value: null, isComplete: false }], "unknown", null],
  ["nothing happened", absence, [read(0)], "holds", null],
  ["something happened", absence, [read(1)], "clear", 1],
  ["nobody can say whether something happened", absence, [uncounted], "unknown", null],
  ["nothing was measured, which was asked for", silence, [read(null)], "holds", null],
  ["0 was measured, which is something", silence, [read(0)], "clear", 0],
  ["rose by more than half", rising, [read(16), read(10)], "holds", 0.6],
  ["rose by half", rising, [read(15), read(10)], "clear", 0.5],
  ["rose from nothing", rising, [read(1), read(0)], "holds", null],
  ["stayed nothing", rising, [read(0), read(0)], "clear", null],
  ["fell by more than half", falling, [read(4), read(10)], "holds", -0.6],
  ["has nothing to compare to", falling, [read(4), read(null)], "unknown", null],
  ["burns over both spans", burning, [read(0.2), read(0.15)], "holds", 15],
  ["burnt, and does not any more", burning, [read(0.2), read(0.01)], "clear", 1],
  ["burns at once, for the first time", burning, [read(0.02), read(0.5)], "clear", 2],
])("a condition that %s", (_name, condition, readings, kind, value) => {
  const observation = judgeCondition(condition, readings);
  expect(observation.kind).toBe(kind);
  if (observation.kind !== "unknown") {
    if (value === null) expect(observation.value).toBeNull();
    else expect(observation.value).toBeCloseTo(value, 9);
  }
});

describe("A condition that can't be used says why", () => {
  test.each<[AlertCondition, string]>([
    [{ ...above, by: "channel" }, "has no label channel"],
    [{ ...above, where: { reason: ["schema"] } }, "has no label reason"],
    [{ ...above, stat: "p95" }, "has no p95"],
    [{ ...above, value: 5 }, "from 0 to 1"],
    [{ ...falling, byShare: 1 }, "below 1"],
    [{ ...rising, agoMs: 500 * 86_400_000 }, "further back"],
    [{ ...burning, shortMs: burning.longMs }, "shorter than the long one"],
    [{ ...burning, withinSeconds: 2 }, "Leave it out"],
    [{ ...burning, factor: 101 }, "100 times too fast"],
    [{ ...burning, metric: "processing_time" }, "withinSeconds"],
  ])("%j", (condition, words) => {
    expect(problemOfCondition(condition)).toContain(words);
  });

  test("and none of the templates is such", () => {
    for (const { condition } of ALERT_TEMPLATES) expect(problemOfCondition(condition)).toBeNull();
    expect(new Set(ALERT_TEMPLATES.map(({ key }) => key)).size).toBe(ALERT_TEMPLATES.length);
  });
});
