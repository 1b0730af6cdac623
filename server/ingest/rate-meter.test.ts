import { expect, test } from "vitest";
import { createFixedClock } from "#server/platform/clock.ts";
import { RateMeter } from "./rate-meter.ts";

test("the rate is the mean of the ten seconds that are over, and forgets what is older", () => {
  const clock = createFixedClock("2026-01-01T00:00:00Z");
  const meter = new RateMeter(clock);
  meter.add(100);
  expect(meter.perSecond()).toBe(0);
  clock.advance(1000);
  expect(meter.perSecond()).toBe(10);
  meter.add(50);
  clock.advance(1000);
  expect(meter.perSecond()).toBe(15);
  clock.advance(9000);
  expect(meter.perSecond()).toBe(5);
  clock.advance(60_000);
  expect(meter.perSecond()).toBe(0);
});
