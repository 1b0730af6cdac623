import { expect, test } from "vitest";
import type { MetricAnswerDto } from "#server/contract/metrics.ts";
import { earlierLines, isUnknown, linesOf } from "./chart-lines.ts";

const answer = (
  series: MetricAnswerDto["series"],
  by: MetricAnswerDto["by"] = "consumer",
): MetricAnswerDto => ({
  metric: "attempts",
  stat: "rate",
  unit: "attempts",
  by,
  window: { from: "2026-01-31T10:00:00Z", to: "2026-01-31T10:02:00Z" },
  stepMs: 60_000,
  series,
  others: 0,
  isCapped: false,
  exactness: { kind: "exact" },
  completeTo: null,
});

test("each series is a line with a colour, and says what it was before", () => {
  const now = answer([
    { labels: { consumer: "billing" }, values: [1, null], overall: 1 },
    { labels: { consumer: "mail" }, values: [2, 2], overall: 2 },
  ]);
  const before = answer([{ labels: { consumer: "mail" }, values: [4, 6, 7], overall: 5 }]);
  const lines = linesOf(now, before);
  expect(lines.map(({ key, colour, overall, earlier }) => ({ key, colour, overall, earlier }))).toEqual([
    { key: "billing", colour: "var(--chart-1)", overall: 1, earlier: null },
    { key: "mail", colour: "var(--chart-2)", overall: 2, earlier: 5 },
  ]);
  expect(earlierLines(lines, before)).toEqual([
    { key: "mail before", colour: "var(--chart-2)", isDashed: true, values: [4, 6] },
  ]);
});

test("an earlier window that is shorter leaves a gap", () => {
  const lines = linesOf(answer([{ labels: {}, values: [1, 2], overall: 1.5 }], null), null);
  expect(earlierLines(lines, answer([{ labels: {}, values: [0], overall: 0 }], null))[0]?.values).toEqual([
    0,
    null,
  ]);
});

test("an earlier window of which nothing is known is told from one in which nothing happened", () => {
  expect(isUnknown(answer([{ labels: {}, values: [null, null], overall: null }], null))).toBe(true);
  expect(isUnknown(answer([{ labels: {}, values: [null, 0], overall: 0 }], null))).toBe(false);
  expect(isUnknown(answer([]))).toBe(true);
});
