import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFormat } from "#components/lib/format.ts";
import {
  type Axis,
  chooseAxis,
  isWhole,
  keepSight,
  panSight,
  placeOfTime,
  revealInSight,
  type Sight,
  timeAt,
  wholeSight,
  zoomSight,
} from "./timeline-axis.ts";
import { ticksOf, wordsOfTicks } from "./timeline-ticks.ts";

const START = 1_700_000_000_000_000;
const scale: Axis = {
  kind: "scale",
  startUs: START,
  end: 10_000_000,
  moments: [START, START + 10_000_000],
  isOpen: false,
};
const order: Axis = {
  kind: "order",
  startUs: START,
  end: 4,
  moments: [0, 10, 1_000, 1_000_000, 10_000_000].map((us) => START + us),
  isOpen: false,
};

describe("The axis of a timeline", () => {
  test("zooming keeps what is under the pointer where it is", () => {
    const whole = wholeSight(scale);
    const nearer = zoomSight(scale, whole, { factor: 4, at: 3_000_000 });
    expect(nearer.to - nearer.from).toBeCloseTo((whole.to - whole.from) / 4, 3);
    const share = (sight: { from: number; to: number }) => (3_000_000 - sight.from) / (sight.to - sight.from);
    expect(share(nearer)).toBeCloseTo(share(whole), 6);
  });

  test("neither zooming nor moving ever leaves what there is", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            factor: fc.double({ min: 0.2, max: 5, noNaN: true }),
            by: fc.integer({ min: -2e7, max: 2e7 }),
          }),
        ),
        fc.constantFrom(scale, order),
        (moves, axis) => {
          const whole = wholeSight(axis);
          let sight = whole;
          for (const { factor, by } of moves) {
            sight = zoomSight(axis, sight, { factor, at: (sight.from + sight.to) / 2 });
            sight = panSight(axis, sight, by);
            expect(sight.from).toBeGreaterThanOrEqual(whole.from - 1e-6);
            expect(sight.to).toBeLessThanOrEqual(whole.to + 1e-6);
            expect(sight.to).toBeGreaterThan(sight.from);
          }
        },
      ),
    );
  });

  test("zoomed out as far as it goes, all is in sight", () => {
    const near = zoomSight(scale, wholeSight(scale), { factor: 50, at: 42 });
    expect(isWhole(scale, near)).toBe(false);
    expect(isWhole(scale, zoomSight(scale, near, { factor: 0.001, at: 42 }))).toBe(true);
  });

  test("by order, a time between two moments lies between them, and is found again", () => {
    expect(placeOfTime(order, START + 1_000)).toBe(2);
    expect(placeOfTime(order, START + 505)).toBe(1.5);
    expect(timeAt(order, 1.5)).toBe(START + 505);
    expect(timeAt(order, 99)).toBe(START + 10_000_000);
    expect(placeOfTime(scale, timeAt(scale, 1234))).toBe(1234);
  });

  test("is by order where nothing happens for most of the time", () => {
    expect(chooseAxis(order)).toBe("order");
    expect(chooseAxis({ moments: [0, 10, 20, 30, 40] })).toBe("scale");
    expect(chooseAxis({ moments: [0, 10] })).toBe("scale");
  });

  test("what is looked at stays when more is recorded, and all stays all", () => {
    const longer = { ...scale, end: 40_000_000 };
    const near = zoomSight(scale, wholeSight(scale), { factor: 10, at: 5_000_000 });
    expect(keepSight(scale, longer, near)).toEqual(near);
    expect(isWhole(longer, keepSight(scale, longer, wholeSight(scale)))).toBe(true);
    const earlier = { ...order, end: 5, moments: [START - 5, ...order.moments] };
    const part = { from: 1, to: 3.5 };
    expect(keepSight(order, earlier, part)).toEqual({ from: 2, to: 4.5 });
    expect(isWhole(order, keepSight(scale, order, near))).toBe(true);
  });

  test("moves only for what is out of sight", () => {
    const near = { from: 1_000_000, to: 2_000_000 };
    expect(revealInSight(scale, near, { from: 1_500_000, to: 9_000_000 })).toBe(near);
    const moved = revealInSight(scale, near, { from: 5_000_000, to: 5_000_100 });
    expect(moved.from).toBeLessThan(5_000_000);
    expect(moved.to).toBeGreaterThan(5_000_000);
  });
});

describe("The labels of the axis", () => {
  test("stand at round durations, with room between them", () => {
    const ticks = ticksOf(scale, wholeSight(scale), 1_000);
    expect(ticks.map(({ sinceUs }) => sinceUs / 1e6)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const narrow = ticksOf(scale, wholeSight(scale), 300);
    expect(narrow.map(({ sinceUs }) => sinceUs / 1e6)).toEqual([0, 5, 10]);
  });

  test("by order, stand at moments and say when those were", () => {
    const ticks = ticksOf(order, wholeSight(order), 1_000);
    expect(ticks).toEqual(
      [0, 10, 1_000, 1_000_000, 10_000_000].map((sinceUs, place) => ({ place, sinceUs })),
    );
  });

  test("are never more than have room", () => {
    for (const to of [30, 1e3, 1e6, 1e9, 1e12, 1e14]) {
      const axis = { ...scale, end: to };
      expect(ticksOf(axis, wholeSight(axis), 900).length).toBeLessThanOrEqual(11);
    }
  });

  test("far from the beginning and near to each other, are told apart by finer words", () => {
    const { duration, number } = createFormat("en", "UTC");
    const words = (sight: Sight) => wordsOfTicks(ticksOf(scale, sight, 900), { duration, number });
    expect(words({ from: 3_900_000, to: 3_903_000 })).toContain("+3,900.5 ms");
    expect(words({ from: 3_900_000, to: 3_990_000 })).toContain("+3.91 s");
    expect(words({ from: 0, to: 3_000 }).slice(2, 4)).toEqual(["+1 ms", "+1.5 ms"]);
    const moments = [0, 12_574, 23_799_564, 23_854_206].map((sinceUs, place) => ({ place, sinceUs }));
    expect(wordsOfTicks(moments, { duration, number })).toEqual(["0", "+13 ms", "+23.8 s", "+23.854 s"]);
  });
});
