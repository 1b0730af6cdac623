import { expect, test } from "vitest";
import { gapsOf, lonelyPoints } from "./gaps.ts";

test("a gap is where no line knows anything; zero is something", () => {
  expect(
    gapsOf([
      [null, 0, null, null, 4, null],
      [null, null, null, null, 1, null],
    ]),
  ).toEqual([
    { from: 0, to: 0 },
    { from: 2, to: 3 },
    { from: 5, to: 5 },
  ]);
});

test("no lines have no gaps", () => {
  expect(gapsOf([])).toEqual([]);
});

test("a value between two gaps is a point of its own", () => {
  expect(lonelyPoints([1, null, 2, 3, null, 0])).toEqual([0, 5]);
});
