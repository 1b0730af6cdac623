import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ReadAhead } from "./read-ahead.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Reads that take 100 ms and give how many there were so far. */
function openReadAhead() {
  let reads = 0;
  let isBroken = false;
  const ahead = new ReadAhead({
    clock: { elapsedMs: () => Date.now() },
    keptMs: 1_000,
    aheadMs: 1_500,
    read: async () => {
      reads += 1;
      const mine = reads;
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (isBroken) throw new Error("The database is away.");
      return mine;
    },
  });
  return {
    ahead,
    countReads: () => reads,
    breakDown: (broken: boolean) => {
      isBroken = broken;
    },
  };
}

test("all who ask at once, and a little later, get what was read for the first", async () => {
  const { ahead, countReads } = openReadAhead();
  const asked = Promise.all([ahead.get(), ahead.get()]);
  await vi.advanceTimersByTimeAsync(100);
  expect(await asked).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(800);
  expect(await ahead.get()).toBe(1);
  expect(countReads()).toBe(1);
});

test("who asks every two seconds finds it read already, half a second old", async () => {
  const { ahead } = openReadAhead();
  const first = ahead.get();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await first).toBe(1);
  // Nothing moves the timers here: it is there at once.
  expect(await ahead.get()).toBe(2);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await ahead.get()).toBe(3);
});

test("nobody reads when nobody asks any more", async () => {
  const { ahead, countReads } = openReadAhead();
  const first = ahead.get();
  await vi.advanceTimersByTimeAsync(60_000);
  await first;
  expect(countReads()).toBe(2);
});

test("who asks while it is read again waits for that, and reads no second time", async () => {
  const { ahead, countReads } = openReadAhead();
  const first = ahead.get();
  await vi.advanceTimersByTimeAsync(1_550);
  const second = ahead.get();
  await vi.advanceTimersByTimeAsync(50);
  expect([await first, await second]).toEqual([1, 2]);
  expect(countReads()).toBe(2);
});

test("what can't be read is told to who asked, and read anew for the next", async () => {
  const { ahead, breakDown } = openReadAhead();
  breakDown(true);
  const failing = expect(ahead.get()).rejects.toThrow("The database is away.");
  await vi.advanceTimersByTimeAsync(100);
  await failing;
  breakDown(false);
  const next = ahead.get();
  await vi.advanceTimersByTimeAsync(100);
  expect(await next).toBe(2);
});
