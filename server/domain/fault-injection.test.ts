import { describe, expect, test } from "vitest";
import { decideFault, type Fault, NO_FAULT, seededRandom } from "./fault-injection.ts";

const decide = (fault: Partial<Fault>, seed: string, keys: string[] = []) =>
  decideFault({ ...NO_FAULT, ...fault }, keys, seededRandom(seed));

const seeds = Array.from({ length: 2_000 }, (_, index) => `${index}/mail/1`);
const share = (fault: Partial<Fault>, holds: (decision: ReturnType<typeof decide>) => boolean) =>
  seeds.filter((seed) => holds(decide(fault, seed))).length / seeds.length;

describe("An injected fault", () => {
  test("is none until something is set", () => {
    for (const seed of seeds.slice(0, 50)) {
      expect(decide({}, seed)).toEqual({ delayMs: 0, failure: null, times: 1, losesReply: false });
    }
  });

  test("is the same for the same attempt, and another for the next", () => {
    const fault = { failureRate: 0.5, duplicateRate: 0.5, reorderRate: 0.5, lostReplyRate: 0.5 };
    expect(seeds.map((seed) => decide(fault, seed))).toEqual(seeds.map((seed) => decide(fault, seed)));
    expect(new Set(seeds.map((seed) => JSON.stringify(decide(fault, seed)))).size).toBeGreaterThan(20);
  });

  test("happens as often as it is set to", () => {
    expect(share({ failureRate: 0.2 }, ({ failure }) => failure !== null)).toBeCloseTo(0.2, 1);
    expect(share({ duplicateRate: 0.5 }, ({ times }) => times === 2)).toBeCloseTo(0.5, 1);
    expect(share({ reorderRate: 0.3 }, ({ delayMs }) => delayMs >= 500)).toBeCloseTo(0.3, 1);
    expect(share({ lostReplyRate: 0.7 }, ({ losesReply }) => losesReply)).toBeCloseTo(0.7, 1);
    expect(share({ failureRate: 1 }, ({ failure }) => failure !== null)).toBe(1);
  });

  test("an outage fails every attempt in a way that another may mend", () => {
    expect(decide({ isDown: true, errorKind: "final" }, "1").failure?.kind).toBe("retryable");
  });

  test("poison fails its own key for good, and no other", () => {
    expect(decide({ poisonKey: "customer-7" }, "1", ["o-1", "customer-7"]).failure?.kind).toBe("final");
    expect(decide({ poisonKey: "customer-7" }, "1", ["o-1", "customer-8"]).failure).toBeNull();
  });

  test("latency adds up with being held back", () => {
    expect(decide({ latencyMs: 100 }, "1").delayMs).toBe(100);
    const held = decide({ latencyMs: 100, reorderRate: 1 }, "1").delayMs;
    expect(held).toBeGreaterThanOrEqual(600);
    expect(held).toBeLessThanOrEqual(2_600);
  });
});
