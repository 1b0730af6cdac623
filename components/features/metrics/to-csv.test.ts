import { expect, test } from "vitest";
import { toCsv } from "./to-csv.ts";

test("a row for each step, and an empty field for what is not known", () => {
  const text = toCsv({
    metric: "attempts",
    stat: "rate",
    unit: "attempts",
    by: "consumer",
    window: { from: "2026-01-31T10:00:00Z", to: "2026-01-31T10:02:00Z" },
    stepMs: 60_000,
    series: [
      { labels: { consumer: "billing" }, values: [1.5, null], overall: 1.5 },
      { labels: { consumer: '=cmd("x")' }, values: [0, 2], overall: 1 },
    ],
    others: 0,
    isCapped: false,
    exactness: { kind: "exact" },
    completeTo: null,
  });
  expect(text).toBe(
    `time,billing,"'=cmd(""x"")"\n2026-01-31T10:00:00.000Z,1.5,0\n2026-01-31T10:01:00.000Z,,2\n`,
  );
});
