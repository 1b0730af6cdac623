import { describe, expect, it } from "vitest";
import { BROKER_BORDER, confidenceOf, MEDIATOR_BORDER } from "./confidence.ts";

/** The lower end of the Wilson interval. */
function wilsonLow(share: number, count: number, z: number): number {
  const middle = share + (z * z) / (2 * count);
  const half = z * Math.sqrt((share * (1 - share) + (z * z) / (4 * count)) / count);
  return (middle - half) / (1 + (z * z) / count);
}

describe("confidence", () => {
  it("is 0.975 where the 95 percent Wilson interval just reaches the border", () => {
    // Nine flows of nine have their interval down to 0.7009, eight of eight to 0.6756.
    expect(wilsonLow(1, 9, 1.96)).toBeCloseTo(MEDIATOR_BORDER, 2);
    expect(confidenceOf(1, 9)).toBeCloseTo(0.975, 3);
    expect(confidenceOf(1, 8)).toBeLessThan(0.975);
  });

  it("is the same on both sides", () => {
    for (const flows of [5, 50, 500]) {
      for (const share of [0, 0.1, 0.25, 0.4, 0.5]) {
        expect(confidenceOf(share, flows)).toBeCloseTo(confidenceOf(1 - share, flows), 6);
      }
    }
  });

  it("stays low close to a border, however many flows were seen", () => {
    expect(confidenceOf(MEDIATOR_BORDER + 0.01, 1_000_000)).toBeLessThan(0.55);
    expect(confidenceOf(BROKER_BORDER + 0.01, 1_000_000)).toBeLessThan(0.55);
  });

  it("never leaves 0 to 1, and never falls with more flows", () => {
    for (let share = 0; share <= 1; share += 0.01) {
      let before = 0;
      for (const flows of [1, 2, 5, 10, 100, 10_000]) {
        const confidence = confidenceOf(share, flows);
        expect(confidence).toBeGreaterThanOrEqual(before);
        expect(confidence).toBeLessThanOrEqual(1);
        before = confidence - 1e-9;
      }
    }
  });
});
