import fc from "fast-check";
import { expect, test } from "vitest";
import { partsOf } from "./parts.ts";
import { CHART_STEPS_MS, chooseStep, RESOLUTIONS, resolutionFor } from "./resolution.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.UTC(2025, 10, 22, 12);

test.each([
  { back: 4 * MINUTE_MS, stepMs: 1_000, resolution: 0 },
  { back: HOUR_MS, stepMs: 30_000, resolution: 1 },
  { back: 6 * HOUR_MS, stepMs: 5 * MINUTE_MS, resolution: 2 },
  { back: 7 * DAY_MS, stepMs: HOUR_MS, resolution: 3 },
  { back: 30 * DAY_MS, stepMs: 6 * HOUR_MS, resolution: 4 },
  { back: 200 * DAY_MS, stepMs: DAY_MS, resolution: 5 },
])("the last $back ms are told in steps of $stepMs ms", ({ back, stepMs, resolution }) => {
  const window = { fromMs: NOW - back, toMs: NOW, maxPoints: 240 };
  expect(chooseStep(window, NOW)).toEqual({ stepMs, resolution });
});

test("what is short, but lies so far back that its points are gone, is told by what is still kept", () => {
  const fromMs = NOW - 9 * DAY_MS;
  expect(chooseStep({ fromMs, toMs: fromMs + 10 * MINUTE_MS, maxPoints: 240 }, NOW)).toEqual({
    stepMs: HOUR_MS,
    resolution: 3,
  });
});

test("every step of charts is made of whole steps of its resolution", () => {
  for (const stepMs of CHART_STEPS_MS) {
    expect(stepMs % RESOLUTIONS[resolutionFor(stepMs)].stepMs).toBe(0);
  }
});

test("the parts of a window tell each second once, none of them before it is summed up", () => {
  const second = fc.integer({ min: 0, max: 3 * 86_400 });
  fc.assert(
    fc.property(second, second, second, fc.integer({ min: 0, max: 5 }), (a, b, now, resolution) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const folds = RESOLUTIONS.slice(1).map(
        ({ stepMs }) => Math.floor(now / (stepMs / 1000)) * (stepMs / 1000),
      );
      const parts = partsOf({ from, to }, resolution, folds);
      let end = from;
      for (const part of parts) {
        const step = (RESOLUTIONS[part.resolution]?.stepMs ?? 0) / 1000;
        expect(part.from).toBe(end);
        expect(part.resolution).toBeLessThanOrEqual(resolution);
        expect([part.from % step, part.to % step]).toEqual([0, 0]);
        if (part.resolution > 0) expect(part.to).toBeLessThanOrEqual(folds[part.resolution - 1] ?? 0);
        end = part.to;
      }
      expect(end).toBe(to);
    }),
  );
});
