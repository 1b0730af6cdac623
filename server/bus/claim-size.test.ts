import { expect, test } from "vitest";
import { ClaimSize } from "./claim-size.ts";

/** Claims as many as there is room for, each of which takes so long. */
function work(
  size: ClaimSize,
  clock: { ms: number },
  { msEach, rounds }: { msEach: number; rounds: number },
) {
  for (let round = 0; round < rounds; round += 1) {
    if (round === 0) size.claimedAll();
    const { size: claimed } = size;
    clock.ms += claimed * msEach;
    for (let n = 0; n < claimed; n += 1) size.ended();
    size.claimedAll();
  }
}

function newSize(fewest: number) {
  const clock = { ms: 1_000 };
  return { clock, size: new ClaimSize(fewest, () => clock.ms) };
}

test("as much is claimed as begins within a moment, and grows step by step", () => {
  const { clock, size } = newSize(20);
  expect(size.size).toBe(20);
  work(size, clock, { msEach: 0.1, rounds: 1 });
  expect(size.size).toBe(40);
  work(size, clock, { msEach: 0.1, rounds: 20 });
  expect(size.size).toBe(1_500);
});

test("a consumer that gets slow is claimed less for at once, and never less than it takes side by side", () => {
  const { clock, size } = newSize(20);
  work(size, clock, { msEach: 0.1, rounds: 20 });
  work(size, clock, { msEach: 1, rounds: 1 });
  expect(size.size).toBe(150);
  work(size, clock, { msEach: 1_000, rounds: 1 });
  expect(size.size).toBe(20);
});

test("time in which nothing was due says nothing about the rate", () => {
  const { clock, size } = newSize(20);
  work(size, clock, { msEach: 0.1, rounds: 20 });
  size.claimedRest();
  clock.ms += 60_000;
  size.claimedAll();
  expect(size.size).toBe(1_500);
});

test("large payloads are claimed few at a time", () => {
  const { clock, size } = newSize(2);
  work(size, clock, { msEach: 0.1, rounds: 20 });
  size.read(100, 100 * 1024 * 1024);
  expect(size.size).toBe(16);
  for (let n = 0; n < 100; n += 1) size.read(1, 1_000);
  expect(size.size).toBe(1_500);
});
