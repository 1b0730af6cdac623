import { expect, test } from "vitest";
import { percentile } from "./percentile.ts";
import { formatComparison, formatTable, listLosses } from "./report.ts";
import { atLeast, atLeastRatio, atMost, forReading } from "./rows.ts";

test("a target is met at its limit and missed beyond it", () => {
  expect(atLeast(8_000, { case: "a", figure: 8_000, unit: "events/s" }).met).toBe(true);
  expect(atLeast(8_000, { case: "a", figure: 7_999.9, unit: "events/s" }).met).toBe(false);
  expect(atMost(100, { case: "a", figure: 100.1, unit: "ms" }).met).toBe(false);
  expect(atLeastRatio(0.5, { case: "a", figure: 49, unit: "events/s", reference: 100 })).toEqual({
    case: "a",
    figure: 49,
    unit: "events/s",
    reference: 100,
    ratio: 0.49,
    target: "≥ 0.5 of the reference",
    met: false,
  });
});

test("the table shows a miss in capitals and no verdict where nothing was wanted", () => {
  const table = formatTable([
    atMost(100, { case: "list", figure: 12.345, unit: "ms" }),
    atMost(100, { case: "search", figure: 123.45, unit: "ms" }),
    forReading({ case: "stored", figure: 5_000_000, unit: "events" }),
  ]);
  expect(table.split("\n").map((line) => line.trimEnd())).toEqual([
    "case       figure  unit    reference  ratio  target    met",
    "──────  ─────────  ──────  ─────────  ─────  ────────  ───",
    "list         12.3  ms                        ≤ 100 ms  yes",
    "search        123  ms                        ≤ 100 ms  NO",
    "stored  5,000,000  events",
  ]);
});

test("a comparison names the change, and what is met no more", () => {
  const before = [
    atMost(100, { case: "list", figure: 50, unit: "ms" }),
    forReading({ case: "old", figure: 1, unit: "s" }),
  ];
  const after = [atMost(100, { case: "list", figure: 110, unit: "ms" })];
  expect(formatComparison(before, after)).toContain("list  50  110  ms    +120 %");
  expect(listLosses(before, after)).toEqual(["list", "old"]);
});

test("a percentile is a value that was measured", () => {
  const values = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect(percentile(values, 0.95)).toBe(95);
  expect(percentile(values, 1)).toBe(100);
  expect(percentile([7], 0.5)).toBe(7);
});
