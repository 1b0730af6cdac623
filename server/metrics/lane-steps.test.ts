import { expect, test } from "vitest";
import { NO_SUMS } from "#server/domain/metrics/stats.ts";
import { LaneSteps } from "./lane-steps.ts";

const row = { group: 0, samples: null, values: null, histograms: null, reach: 0 };

test("what several rows say of a step adds up, and steps without points are left out", () => {
  const sums = new LaneSteps("sum", 4);
  sums.add({ ...row, steps: "{3,1}", samples: "{2,5}", values: "{0.5,NULL}" });
  sums.add({ ...row, steps: "{3}", samples: "{-1}", values: "{-0.25}" });
  expect([...sums.entries()]).toEqual([
    [1, { ...NO_SUMS, samples: 5, sum: 0 }],
    [3, { ...NO_SUMS, samples: 1, sum: 0.25 }],
  ]);
  expect(sums.has(0)).toBe(false);
});

test("the lowest and the highest of several rows are kept, and the last one that was measured", () => {
  for (const [value, told] of [
    ["low", 1],
    ["high", 7],
    ["last", 1],
  ] as const) {
    const steps = new LaneSteps(value, 1);
    for (const values of ["{7}", "{1}", "{NULL}"])
      steps.add({ ...row, steps: "{0}", samples: "{1}", values });
    expect(steps.get(0)).toEqual({ ...NO_SUMS, samples: 3, [value]: told });
  }
});

test("a percentile is unsure of a step with several points, and where none was summed up, until its histogram is read", () => {
  const steps = new LaneSteps("p95", 4);
  steps.add({ ...row, steps: "{0,1,2,2,3}", values: "{90,-1,80,95,NULL}" });
  expect(steps.get(0)).toEqual({ ...NO_SUMS, samples: 1, percentile: 90 });
  expect(steps.get(3)).toEqual(NO_SUMS);
  expect([...steps.unsure]).toEqual([1, 2]);
  const histograms = new LaneSteps("bins", 4);
  histograms.add({ ...row, steps: "{1,2}", samples: "{3,0}", histograms: "80,81:1,2|:" });
  steps.replace(histograms);
  expect(steps.get(1)).toEqual({
    ...NO_SUMS,
    samples: 3,
    bins: new Map([
      [80, 1],
      [81, 2],
    ]),
  });
  expect(steps.get(2)).toEqual(NO_SUMS);
});
