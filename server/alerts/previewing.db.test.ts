import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestBus, type TestBus } from "#server/bus/testing/open-bus.ts";
import { alertRuleInputSchema } from "#server/contract/alerts.ts";
import { durationsPoint, gaugePoint } from "#server/domain/metrics/points.ts";
import { recordPoints } from "../metrics/record-points.ts";
import { previewRule } from "./preview-rule.ts";
import { openMetrics } from "./read-metrics.ts";

const MINUTE_MS = 60_000;

let bus: TestBus;
/** The minutes before now: of each consumer, what waited then, from the oldest on. */
const waiting = {
  billing: [0, 0, 9, 9, 9, 0, 0, 12, 0, 0],
  search: [1, 1, 1, 1, 1, 1, 1, 1, 1, 7],
};
let nowMs: number;

beforeAll(async () => {
  bus = await openTestBus();
  nowMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const seconds = Array.from({ length: 10 * 60 }, (_, second) => second);
  const points = Object.entries(waiting).flatMap(([consumer, minutes]) =>
    seconds.map((second) => {
      const value = minutes[Math.floor(second / 60)] ?? 0;
      const atMs = nowMs - 10 * MINUTE_MS + second * 1_000;
      return gaugePoint("backlog", { consumer }, { atMs, value });
    }),
  );
  await bus.sql.begin((tx) => recordPoints(tx, points, { nowMs }));
});
afterAll(() => bus.close());

function preview(wish: object) {
  const clock = { now: () => new Date(nowMs), elapsedMs: () => 0 };
  const ctx = { ...bus.ctx, clock };
  const rule = alertRuleInputSchema.parse({
    name: "Waiting",
    condition: {
      kind: "threshold",
      metric: "backlog",
      by: "consumer",
      windowMs: 10_000,
      is: "above",
      value: 5,
    },
    ...wish,
  });
  return previewRule(ctx, { rule, backMs: 30 * MINUTE_MS }, openMetrics(ctx));
}

test("a preview says how often and for how long a rule would have fired, since something was known", async () => {
  const answer = await preview({});
  expect(answer).toMatchObject({ stepMs: 1_000, fired: 3, isCapped: false });
  expect(answer.firings.map(({ labels, worst }) => [labels.consumer, worst])).toEqual([
    ["billing", 9],
    ["billing", 12],
    ["search", 7],
  ]);
  expect(answer.firings.map(({ to }) => to === null)).toEqual([false, false, true]);
  const lastsMs = answer.firings.map(({ from, to }) =>
    to === null ? null : Date.parse(to) - Date.parse(from),
  );
  // The mean over ten seconds passes the border a little after it began, and after it was over.
  expect(lastsMs).toEqual([expect.closeTo(3 * MINUTE_MS, -4), expect.closeTo(MINUTE_MS, -4), null]);
  expect(Date.parse(answer.knownFrom ?? "")).toBeGreaterThanOrEqual(nowMs - 10 * MINUTE_MS);
  expect(answer.now).toEqual([
    { labels: { consumer: "search" }, value: 7 },
    { labels: { consumer: "billing" }, value: 0 },
  ]);
  expect(answer.series.values.length).toBeLessThanOrEqual(720);
  expect(Math.max(...answer.series.values.map((value) => value ?? 0))).toBe(12);
});

test("what does not last as long as the rule asks does not fire", async () => {
  const answer = await preview({ forMs: 2 * MINUTE_MS });
  expect(answer.firings.map(({ labels }) => labels.consumer)).toEqual(["billing"]);
});

test("a share of times is read from how many took how long, since they are counted", async () => {
  // For five minutes everything takes half a second, then for five minutes every other takes three.
  const points = Array.from({ length: 10 * 60 }, (_, second) => {
    const seconds = second < 300 ? [0.5, 0.5] : [0.5, 3];
    return durationsPoint(
      "processing_time",
      { consumer: "billing", type: "paid" },
      {
        atMs: nowMs - 10 * MINUTE_MS + second * 1_000,
        seconds,
      },
    );
  });
  await bus.sql.begin((tx) => recordPoints(tx, points, { nowMs }));
  const sinceUs = String((nowMs - 10 * MINUTE_MS) * 1_000);
  await bus.sql`update metric_coverage set since_us = ${sinceUs} where source = 'attempts'`;
  const condition = {
    kind: "burn-rate",
    metric: "processing_time",
    by: "consumer",
    target: 0.9,
    withinSeconds: 1,
    factor: 3,
    longMs: 60_000,
    shortMs: 10_000,
  };
  const answer = await preview({ condition });
  expect(answer).toMatchObject({ fired: 1, firings: [{ labels: { consumer: "billing" }, to: null }] });
  expect(answer.firings[0]?.worst).toBeCloseTo(5, 6);
  // Three fifths of a minute's half that is slow are three times a tenth.
  const fired = Date.parse(answer.firings[0]?.from ?? "") - (nowMs - 5 * MINUTE_MS);
  expect(fired).toBe(36_000);
  expect(Date.parse(answer.knownFrom ?? "")).toBe(nowMs - 9 * MINUTE_MS - 1_000);
  expect(answer.now[0]?.value).toBeCloseTo(5, 6);
});
