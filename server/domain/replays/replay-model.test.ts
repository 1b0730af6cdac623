import fc from "fast-check";
import { expect, test } from "vitest";
import { type ItemEnd, readyItems } from "./next-items.ts";
import { ITEM_OUTCOMES, type ReplayOptions, replayTotals } from "./replay-run.ts";
import { drive, type Happening, ReplayWorld, waiting } from "./testing/replay-world.ts";

const same: ItemEnd = { kind: "failed", fingerprint: "1-old" };
const succeeded: ItemEnd = { kind: "succeeded" };
const options: fc.Arbitrary<ReplayOptions> = fc.record({
  canary: fc.constantFrom(0, 1, 3, 7),
  ratePerSecond: fc.constantFrom(null, 0.5, 3, 10, 40),
  concurrency: fc.integer({ min: 1, max: 5 }),
  stop: fc.option(fc.record({ share: fc.constantFrom(0, 0.05, 0.3), minEnded: fc.constantFrom(1, 5, 10) })),
  unknownAfterMs: fc.constantFrom(500, 3000),
});
const letters = fc
  .array(fc.constantFrom(null, "a", "b", "c"), { maxLength: 25 })
  .map((keys) => keys.map((key, index) => waiting(`item-${index}`, key)));
const ends: fc.Arbitrary<ItemEnd> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(succeeded) },
  fc.constantFrom<ItemEnd>(
    same,
    { kind: "failed", fingerprint: "1-new" },
    { kind: "skipped-handled" },
    { kind: "unknown" },
  ),
);
const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Happening>({ kind: "look" }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("end" as const), pick: fc.nat(30), end: ends }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 1500 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Happening>(
        { kind: "sweep" },
        { kind: "pause" },
        { kind: "resume" },
        { kind: "resume" },
      ),
    },
    { weight: 1, arbitrary: fc.nat(9).map((n): Happening => ({ kind: n === 0 ? "cancel" : "look" })) },
  ),
  { maxLength: 80, size: "max" },
);

/** What must be true after whatever has happened. */
function check(world: ReplayWorld, before: number): void {
  const { run, items, starts } = world;
  const { canary, concurrency, ratePerSecond, stop } = run.options;
  const totals = replayTotals(run);
  expect(totals.inFlight).toBe(world.inFlight().length);
  for (const outcome of ITEM_OUTCOMES) {
    const count = items.filter(({ state }) => state.kind === "ended" && state.outcome === outcome).length;
    expect(totals[outcome]).toBe(count);
  }
  expect(totals.ended + totals.inFlight + totals.left).toBe(items.length);
  expect(totals.inFlight).toBeLessThanOrEqual(concurrency);
  expect(new Set(starts.map(({ id }) => id)).size).toBe(starts.length);
  for (const [index, start] of starts.entries()) {
    if (index < before) continue;
    expect(start.wasInFlight).toBeLessThan(concurrency);
    // Everything that starts after the canary finds the whole canary ended.
    if (index >= canary) expect(start.hadEnded).toBeGreaterThanOrEqual(canary);
    const at = items.findIndex(({ id }) => id === start.id);
    const key = items[at]?.key ?? null;
    const earlier = key === null ? [] : items.slice(0, at).filter((item) => item.key === key);
    expect(
      earlier.every(({ state }) => state.kind === "ended" && /succeeded|skipped/.test(state.outcome)),
    ).toBe(true);
  }
  if (ratePerSecond !== null) {
    const burst = Math.max(1, Math.floor(ratePerSecond * 0.25));
    for (const [index, { atMs }] of starts.entries()) {
      const seconds = ((starts.at(-1)?.atMs ?? atMs) - atMs) / 1000;
      expect(starts.length - index).toBeLessThanOrEqual(burst + seconds * ratePerSecond + 1e-6);
    }
  }
  if (stop !== null && run.status === "running" && totals.ended >= stop.minEnded) {
    const worst = Math.max(totals.unknown, ...Object.values(run.failures));
    expect(worst).toBeLessThanOrEqual(stop.share * totals.ended);
  }
}

test("no item starts twice, keys keep their order, limits and canary hold, whatever happens in whatever order", () => {
  fc.assert(
    fc.property(options, letters, happenings, (chosen, items, script) => {
      const world = new ReplayWorld(chosen, items);
      let isOver = false;
      for (const happening of script) {
        const before = world.starts.length;
        const { status } = world.run;
        world.do(happening);
        check(world, before);
        if (status !== "running") expect(world.starts.length).toBe(before);
        isOver ||= ["finished", "cancelled", "stopped"].includes(status);
        if (isOver) expect(world.run.status).toBe(status);
      }
    }),
    { numRuns: 400 },
  );
});

test("a replay that restarts after every step does what an undisturbed one does", () => {
  fc.assert(
    fc.property(options, letters, happenings, (chosen, items, script) => {
      const [calm, torn] = [new ReplayWorld(chosen, items), new ReplayWorld(chosen, items, true)];
      for (const happening of script) {
        calm.do(happening);
        torn.do(happening);
        expect(torn.starts).toEqual(calm.starts);
        expect({ run: torn.run, items: torn.items }).toEqual({ run: calm.run, items: calm.items });
      }
    }),
    { numRuns: 200 },
  );
});

test("left to its workers, a replay ends, and every item that no failure held back has an outcome", () => {
  fc.assert(
    fc.property(options, letters, happenings, (chosen, items, script) => {
      const world = new ReplayWorld({ ...chosen, stop: null }, items);
      for (const happening of script) if (happening.kind !== "cancel") world.do(happening);
      // What a late outcome sets free after the end is left to another replay.
      if (world.run.status === "finished") return;
      world.do({ kind: "resume" });
      drive(world, () => succeeded, 2500);
      expect(world.run.status).toBe("finished");
      expect(readyItems(world.items)).toEqual([]);
      expect(world.inFlight()).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
