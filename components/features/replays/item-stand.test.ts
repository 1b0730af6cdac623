import fc from "fast-check";
import { expect, test } from "vitest";
import { countOf, PARTS, standOf } from "./item-stand.ts";

const count = fc.nat({ max: 1000 });
const replays = fc
  .record({
    succeeded: count,
    "failed-same": count,
    "failed-new": count,
    "skipped-handled": count,
    unknown: count,
    inFlight: count,
    heldBack: count,
    waiting: count,
  })
  .map(({ inFlight, heldBack, waiting, ...outcomes }) => {
    const ended = Object.values(outcomes).reduce((sum, each) => sum + each, 0);
    const left = heldBack + waiting;
    return {
      heldBack,
      totals: { ...outcomes, ended, inFlight, left, itemCount: ended + inFlight + left },
    };
  });

test("what is shown of a replay adds up to all its items", () => {
  fc.assert(
    fc.property(replays, (replay) => {
      const sum = PARTS.reduce((total, part) => total + countOf(replay, part), 0);
      expect(sum).toBe(replay.totals.itemCount);
    }),
  );
});

test("an item stands where its outcome says once it has one", () => {
  expect(standOf({ state: "ended", outcome: "failed-new" })).toBe("failed-new");
  expect(standOf({ state: "held", outcome: null })).toBe("held");
});
