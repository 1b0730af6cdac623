import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AlertCondition } from "./condition.ts";
import { replayRule } from "./rule-history.ts";
import { slideShare, slideWindow } from "./sliding-window.ts";

const values = fc.array(fc.option(fc.integer({ min: 0, max: 9 })), { maxLength: 30 });
const width = fc.integer({ min: 1, max: 8 });

describe("A window that moves over a series", () => {
  test("gives what one would get by looking at each place anew", () => {
    fc.assert(
      fc.property(values, width, (series, size) => {
        const sums = slideWindow(series, { slide: "sum", width: size, isCounted: true });
        const highest = slideWindow(series, { slide: "max", width: size, isCounted: false });
        for (const index of series.keys()) {
          const part = series.slice(Math.max(0, index + 1 - size), index + 1);
          const known = part.filter((value) => value !== null);
          const isWhole = index + 1 >= size;
          expect(sums[index]?.isComplete).toBe(isWhole && known.length === size);
          if (sums[index]?.isComplete) expect(sums[index]?.value).toBe(known.reduce((a, b) => a + b, 0));
          expect(highest[index]?.isComplete).toBe(isWhole);
          if (isWhole) expect(highest[index]?.value).toBe(known.length === 0 ? null : Math.max(...known));
        }
      }),
    );
  });

  test("takes a share of the whole window, and not the mean of shares", () => {
    expect(slideShare([1, 0, 0], [1, 99, 0], 2).map(({ value }) => value)).toEqual([null, 0.01, 0]);
    expect(slideShare([0, 0], [0, 0], 2)[1]).toEqual({ value: null, isComplete: true });
    expect(slideShare([0, null], [4, null], 2)[1]?.isComplete).toBe(false);
  });
});

describe("What a rule would have done", () => {
  const condition: AlertCondition = {
    kind: "threshold",
    metric: "events",
    windowMs: 60_000,
    is: "above",
    value: 5,
  };
  const replay = (series: (number | null)[], forMs = 0) =>
    replayRule({ condition, forMs }, { fromMs: 0, stepMs: 60_000 }, [
      slideWindow(series, { slide: "mean", width: 1, isCounted: true }),
    ]);

  test("names each time for which it would have fired, and its worst", () => {
    expect(replay([0, 6, 9, 7, 0, 0, 8]).firings).toEqual([
      { fromMs: 120_000, toMs: 300_000, worst: 9 },
      { fromMs: 420_000, toMs: null, worst: 8 },
    ]);
  });

  test("waits as long as the rule asks, and over gaps", () => {
    expect(replay([6, 6, 0, 6, null, 6, 6, 6], 120_000).firings).toEqual([
      { fromMs: 480_000, toMs: null, worst: 6 },
    ]);
  });

  test("says from when on it could be told", () => {
    expect(replay([null, null, 3]).firstKnown).toBe(2);
    expect(replay([null]).firstKnown).toBeNull();
  });

  test("takes what flaps for one", () => {
    const series = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 9 : 0));
    const { firings } = replay(series);
    expect(firings).toHaveLength(3);
    expect(firings.at(-1)).toMatchObject({ toMs: null });
  });
});
