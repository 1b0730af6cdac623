import fc from "fast-check";
import { expect, test } from "vitest";
import { nextCount, nextItems } from "./next-items.ts";
import {
  countOutcome,
  countOutcomes,
  ITEM_OUTCOMES,
  newReplayRun,
  type ReplayOptions,
  type ReplayRun,
} from "./replay-run.ts";
import { waiting } from "./testing/replay-world.ts";

const options: ReplayOptions = {
  canary: 0,
  ratePerSecond: null,
  concurrency: 10,
  stop: null,
  unknownAfterMs: 1_000,
};
const run = (wish: Partial<ReplayOptions>, started: number): ReplayRun => ({
  ...newReplayRun({ ...options, ...wish }, 1_000),
  status: "running",
  started,
});
const ends = fc.array(
  fc.record({
    outcome: fc.constantFrom(...ITEM_OUTCOMES),
    way: fc.constantFrom("1", "2", "3"),
    count: fc.integer({ min: 1, max: 5 }),
  }),
  { maxLength: 30 },
);
const stop = fc.option(
  fc.record({ share: fc.constantFrom(0, 0.05, 0.3), minEnded: fc.constantFrom(1, 5, 20) }),
);

test("what ends at the same time is counted as one by one, and stops at most where that would", () => {
  fc.assert(
    fc.property(ends, stop, (given, stop) => {
      const counts = given.map(({ outcome, way, count }) => ({
        outcome,
        fingerprint: outcome.startsWith("failed") ? way : null,
        before: null,
        count,
      }));
      const start = run({ stop }, 1_000);
      const together = countOutcomes(start, counts);
      const single = counts
        .flatMap((one) => Array.from({ length: one.count }, () => one))
        .reduce(
          (at: ReplayRun, { outcome, fingerprint }) => countOutcome(at, outcome, fingerprint, null),
          start,
        );
      expect(together.outcomes).toEqual(single.outcomes);
      expect(together.failures).toEqual(single.failures);
      if (together.status === "stopped") expect(single.status).toBe("stopped");
      if (counts.length === 0 || stop === null) expect(together.status).toBe(single.status);
    }),
  );
});

test("late outcomes take the place of unknown ones, however many", () => {
  const start = countOutcomes(run({}, 10), [
    { outcome: "unknown", fingerprint: null, before: null, count: 7 },
  ]);
  const late = countOutcomes(start, [
    { outcome: "succeeded", fingerprint: null, before: "unknown", count: 4 },
    { outcome: "failed-new", fingerprint: "9", before: "unknown", count: 1 },
  ]);
  expect(late.outcomes).toMatchObject({ unknown: 2, succeeded: 4, "failed-new": 1 });
});

test("as many start by their number as by their list", () => {
  fc.assert(
    fc.property(
      fc.record({
        canary: fc.constantFrom(0, 3, 20),
        ratePerSecond: fc.constantFrom(null, 4, 40),
        concurrency: fc.integer({ min: 1, max: 30 }),
      }),
      fc.nat(40),
      fc.nat(25),
      fc.nat(2_000),
      (wish, ready, started, nowMs) => {
        const from = run(wish, started);
        const list = Array.from({ length: ready }, (_, index) => waiting(String(index)));
        const items = nextItems(from, list, nowMs);
        const count = nextCount(from, ready, nowMs);
        expect({ run: items.run, count: items.items.length, wait: items.wait }).toEqual(count);
        // What could start at most may be asked for first, and how many there are told afterwards.
        const most = nextCount(from, Number.MAX_SAFE_INTEGER, nowMs).count;
        expect(nextCount(from, Math.min(ready, most), nowMs).count).toBe(Math.min(ready, most));
      },
    ),
  );
});
