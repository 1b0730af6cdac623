import fc from "fast-check";
import { expect, test } from "vitest";
import { binOf, quantile, RELATIVE_ERROR, valueOfBin } from "./log-histogram.ts";

const values = fc.array(fc.integer({ min: 1, max: 3_600_000_000 }), { minLength: 1, maxLength: 300 });

test("a quantile is within the stated error of the exact one", () => {
  fc.assert(
    fc.property(values, fc.constantFrom(0.5, 0.95, 0.99, 1), (list, q) => {
      const sorted = list.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(0, Math.ceil(q * list.length) - 1)] ?? 0;
      const estimate =
        quantile(
          list.map((value) => ({ bin: binOf(value), count: 1 })),
          q,
        ) ?? 0;
      expect(Math.abs(estimate - exact) / exact).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9);
    }),
  );
});

test("merging histograms is adding their counts", () => {
  fc.assert(
    fc.property(values, values, (a, b) => {
      const bins = (list: number[]) => list.map((value) => ({ bin: binOf(value), count: 1 }));
      expect(quantile([...bins(a), ...bins(b)], 0.95)).toBe(quantile(bins([...a, ...b]), 0.95));
    }),
  );
});

test("nothing has no quantile, and every bin's value lies in the bin", () => {
  expect(quantile([], 0.5)).toBeNull();
  for (let bin = 0; bin < 250; bin += 1) expect(binOf(valueOfBin(bin))).toBe(bin);
});
