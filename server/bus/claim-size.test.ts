import { expect, test } from "vitest";
import { ClaimSize } from "./claim-size.ts";

/** Claims as many as there is room for, of which the last begins when the others have had their turn. */
function work(size: ClaimSize, { msEach, rounds }: { msEach: number; rounds: number }) {
  for (let round = 0; round < rounds; round += 1) {
    const { size: claimed } = size;
    for (let n = 1; n <= claimed; n += 1) size.begun(n * msEach, n);
    size.claimedAll();
  }
}

test("as much is claimed as begins within a moment, and grows step by step", () => {
  const size = new ClaimSize(20);
  expect(size.size).toBe(20);
  work(size, { msEach: 0.25, rounds: 1 });
  expect(size.size).toBe(640);
  work(size, { msEach: 0.25, rounds: 20 });
  expect(size.size).toBe(1_000);
});

test("a consumer that gets slow is claimed less for at once, and never less than it takes side by side", () => {
  const size = new ClaimSize(20);
  work(size, { msEach: 0.25, rounds: 20 });
  work(size, { msEach: 1, rounds: 1 });
  expect(size.size).toBe(250);
  work(size, { msEach: 1_000, rounds: 1 });
  expect(size.size).toBe(20);
});

test("how many are claimed does not swing, however few of them were claimed at once", () => {
  const size = new ClaimSize(20);
  work(size, { msEach: 0.25, rounds: 20 });
  for (const held of [24, 900, 100]) {
    size.begun(held * 0.25, held);
    size.claimedAll();
    expect(size.size).toBe(1_000);
  }
});

test("as long as nothing has begun, nothing is known", () => {
  const size = new ClaimSize(20);
  size.claimedAll();
  size.claimedAll();
  expect(size.size).toBe(20);
});

test("what begins after a claim counts for it when nothing had begun before, and once", () => {
  const size = new ClaimSize(20);
  size.claimedAll();
  for (let n = 1; n <= 20; n += 1) size.begun(n * 0.25, n);
  size.catchUp();
  expect(size.size).toBe(640);
  for (let n = 1; n <= 20; n += 1) size.begun(n * 0.25, n);
  size.catchUp();
  expect(size.size).toBe(640);
});

test("large payloads are claimed few at a time", () => {
  const size = new ClaimSize(2);
  work(size, { msEach: 0.25, rounds: 20 });
  size.read(100, 100 * 1024 * 1024);
  expect(size.size).toBe(16);
  for (let n = 0; n < 100; n += 1) size.read(1, 1_000);
  expect(size.size).toBe(1_000);
});

test("ahead of what is held, as much again is handed over to a quick consumer, and made due for a slow one", () => {
  const size = new ClaimSize(20);
  expect(size.aheadOf(0).ahead).toBe(0);
  work(size, { msEach: 0.25, rounds: 20 });
  expect(size.aheadOf(250)).toEqual({ ahead: 1_000, isAheadHanded: true });
  expect(size.aheadOf(251)).toEqual({ ahead: 0, isAheadHanded: true });
  work(size, { msEach: 1, rounds: 1 });
  expect(size.aheadOf(0)).toEqual({ ahead: 500, isAheadHanded: false });
});
