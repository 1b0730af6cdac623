import { expect, test } from "vitest";
import { unitsDue } from "./production.ts";

test("a rate is kept over many short looks", () => {
  let producedTo = 0;
  let total = 0;
  for (let now = 200; now <= 60_000; now += 200) {
    const due = unitsDue({ producedTo, now, rate: 3.5 });
    producedTo = due.producedTo;
    total += due.count;
  }
  expect(total).toBe(210);
});

test("nothing is due between two units", () => {
  expect(unitsDue({ producedTo: 0, now: 900, rate: 1 })).toEqual({ count: 0, producedTo: 0 });
});

test("what was missed for long is not made up for", () => {
  expect(unitsDue({ producedTo: 0, now: 3_600_000, rate: 5 }).count).toBe(10);
});
