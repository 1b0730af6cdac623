import { expect, test } from "vitest";
import { bitmapFor, isUsedUp } from "./canvas-sight.ts";

const bounds = { left: 0, top: 0, right: 20_000, bottom: 20_000 };
const sight = { x: -5_000, y: -5_000, zoom: 1, width: 1_000, height: 800 };

test("what is drawn reaches beyond what is seen, on every side", () => {
  const { area, scale } = bitmapFor(sight, bounds, 2);
  expect(scale).toBe(2);
  expect(area.left).toBeLessThan(5_000);
  expect(area.top).toBeLessThan(5_000);
  expect(area.right).toBeGreaterThan(6_000);
  expect(area.bottom).toBeGreaterThan(5_800);
});

test("it is drawn anew before a hand has moved it to its rim, and not while it rests or moves a little", () => {
  const drawn = bitmapFor(sight, bounds, 1);
  expect(isUsedUp(drawn, sight, bounds, 1)).toBe(false);
  expect(isUsedUp(drawn, { ...sight, x: sight.x - 100, y: sight.y + 100 }, bounds, 1)).toBe(false);
  const rim = sight.x + (5_000 - drawn.area.left);
  expect(isUsedUp(drawn, { ...sight, x: rim - 10 }, bounds, 1)).toBe(true);
});

test("a picture that is drawn whole is never drawn again by moving it, not even out of sight", () => {
  const small = { left: 5_100, top: 5_100, right: 5_500, bottom: 5_400 };
  const drawn = bitmapFor(sight, small, 1);
  expect(drawn.area).toEqual(small);
  for (const x of [-20_000, -4_000, 4_000]) {
    expect(isUsedUp(drawn, { ...sight, x }, small, 1)).toBe(false);
  }
});

test("a little zooming stretches what is drawn, more draws it anew", () => {
  const drawn = bitmapFor(sight, bounds, 1);
  const small = { ...sight, width: 100, height: 100 };
  expect(isUsedUp(drawn, { ...small, x: -5_500 * 1.2, y: -5_500 * 1.2, zoom: 1.2 }, bounds, 1)).toBe(false);
  expect(isUsedUp(drawn, { ...small, x: -5_500 * 2, y: -5_500 * 2, zoom: 2 }, bounds, 1)).toBe(true);
});
