import fc from "fast-check";
import { expect, test } from "vitest";
import { eventIdentity } from "./envelope/identity.ts";
import { NewestIdentities } from "./newest-identities.ts";

const identityOf = (n: number) => eventIdentity("/newest", String(n));

function prefixesOf(identities: readonly string[]): Uint8Array {
  return Buffer.concat(identities.map((one) => Buffer.from(one.replaceAll("-", "").slice(0, 16), "hex")));
}

function positionsOf(newest: NewestIdentities, identity: string): (number | null)[] {
  return newest.find(identity).map(({ position }) => position);
}

test("An identity is added once, and known by its position when its stretch is stored", () => {
  const newest = new NewestIdentities();
  const name = newest.begin(3);
  expect([1, 2, 1, 3].map((n) => newest.add(identityOf(n), 0))).toEqual([true, true, false, true]);
  expect(positionsOf(newest, identityOf(2))).toEqual([null]);
  newest.settle(name, 700);
  expect([1, 2, 3].map((n) => positionsOf(newest, identityOf(n)))).toEqual([[700], [701], [702]]);
  expect(newest.find(identityOf(4))).toEqual([]);
});

test("What was discarded or forgotten can be added again", () => {
  const newest = new NewestIdentities();
  const lost = newest.begin(1);
  newest.add(identityOf(1), 0);
  newest.discard(lost);
  expect(newest.find(identityOf(1))).toEqual([]);
  const kept = newest.begin(1);
  expect(newest.add(identityOf(1), 0)).toBe(true);
  newest.settle(kept, 50);
  newest.load(60, prefixesOf([identityOf(2), identityOf(3)]));
  newest.forgetUpTo(60);
  expect([1, 2, 3].map((n) => positionsOf(newest, identityOf(n)))).toEqual([[], [60], [61]]);
  newest.forgetUpTo(61);
  expect(newest.find(identityOf(2))).toEqual([]);
});

test("What is known to be another does not stand in the way, but what came after it does", () => {
  const newest = new NewestIdentities();
  newest.load(10, prefixesOf([identityOf(1)]));
  const checkedTo = newest.next;
  newest.begin(2);
  expect(newest.add(identityOf(1), checkedTo)).toBe(true);
  expect(newest.add(identityOf(1), checkedTo)).toBe(false);
});

const SMALLEST = 2 ** 12;

test("Only what still counts, or may be added, takes memory", () => {
  const newest = new NewestIdentities(SMALLEST);
  let [position, most] = [0, 0];
  for (let n = 0; n < 100_000; n += 500) {
    const name = newest.begin(500);
    for (let at = n; at < n + 500; at += 1) newest.add(identityOf(at), 0);
    newest.settle(name, position);
    position += 500;
    newest.forgetUpTo(position - 10_000);
    most = Math.max(most, newest.bytes);
  }
  // Six segments of 2,867 hold ten thousand and those that begin or end between them.
  expect(most).toBeLessThanOrEqual(6 * SMALLEST * 8.2);
  expect(newest.next).toBe(100_000);
  expect(positionsOf(newest, identityOf(95_000))).toEqual([95_000]);
  expect(positionsOf(newest, identityOf(80_000))).toEqual([]);
});

test("What is under way keeps its segment, and is settled or discarded there when many came after it", () => {
  const newest = new NewestIdentities(SMALLEST);
  const [early, lost] = [newest.begin(1), newest.next + 1];
  newest.add(identityOf(1), 0);
  expect(newest.begin(1)).toBe(lost);
  newest.add(identityOf(2), 0);
  for (let n = 10; n < 10_010; n += 1_000) {
    const name = newest.begin(1_000);
    for (let at = n; at < n + 1_000; at += 1) newest.add(identityOf(at), 0);
    newest.settle(name, n);
  }
  newest.forgetUpTo(20_000);
  newest.settle(early, 30_000);
  newest.discard(lost);
  expect([1, 2, 10].map((n) => positionsOf(newest, identityOf(n)))).toEqual([[30_000], [], []]);
});

test("A stretch that no segment holds is refused", () => {
  const newest = new NewestIdentities(SMALLEST);
  expect(() => newest.begin(SMALLEST)).toThrow(RangeError);
  expect(newest.begin(2_800)).toBe(0);
});

test.each([
  ["in one table that grows", undefined],
  ["in many segments", 2 ** 13],
])("It says of each identity what a list would, %s, however many come and go", (_, mostSlots) => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant("store" as const),
      from: fc.nat(30_000),
      count: fc.integer({ min: 1, max: 3_000 }),
    }),
    fc.record({
      kind: fc.constant("discard" as const),
      from: fc.nat(30_000),
      count: fc.integer({ min: 1, max: 3_000 }),
    }),
    fc.record({
      kind: fc.constant("load" as const),
      from: fc.nat(30_000),
      count: fc.integer({ min: 1, max: 3_000 }),
    }),
    fc.record({ kind: fc.constant("forget" as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const newest = new NewestIdentities(mostSlots);
      let stretches: { first: number; members: number[] }[] = [];
      let position = 1_000;
      for (const one of steps) {
        if (one.kind === "forget") {
          const upTo = 1_000 + Math.floor((position - 1_000) * one.share);
          newest.forgetUpTo(upTo);
          stretches = stretches.filter(({ first, members }) => first + members.length - 1 > upTo);
          continue;
        }
        const wanted = Array.from({ length: one.count }, (_, at) => one.from + at);
        if (one.kind === "load") {
          newest.load(position, prefixesOf(wanted.map(identityOf)));
          stretches.push({ first: position, members: wanted });
        } else {
          const known = new Set(stretches.flatMap(({ members }) => members));
          const name = newest.begin(wanted.length);
          const added = wanted.filter((n) => newest.add(identityOf(n), 0));
          expect(added).toEqual(wanted.filter((n) => !known.has(n)));
          if (one.kind === "discard") newest.discard(name);
          else {
            newest.settle(name, position);
            if (added.length > 0) stretches.push({ first: position, members: added });
          }
        }
        position += one.count;
      }
      const expected = new Map<number, number[]>();
      for (const { first, members } of stretches) {
        for (const [at, n] of members.entries()) expected.set(n, [...(expected.get(n) ?? []), first + at]);
      }
      for (let n = 0; n < 33_000; n += 37) {
        const positions = positionsOf(newest, identityOf(n)).map(Number);
        expect(positions.toSorted((a, b) => a - b)).toEqual(expected.get(n) ?? []);
      }
    }),
    { numRuns: 30 },
  );
});
