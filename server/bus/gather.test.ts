import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { gather, inRounds } from "./gather.ts";

test("what is asked for while a round is under way goes into the next, and each gets its own answer", async () => {
  const rounds: number[][] = [];
  const double = gather(async (items: number[]) => {
    rounds.push(items);
    await Promise.resolve();
    return items.map((item) => item * 2);
  }, 3);
  expect(await Promise.all([1, 2, 3, 4, 5].map(double))).toEqual([2, 4, 6, 8, 10]);
  expect(rounds).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
  expect(await double(6)).toBe(12);
});

test("another round begins beside one that takes long, when half of what fits is waiting", async () => {
  const under: { items: number[]; end: () => void }[] = [];
  const work = inRounds(
    (items: number[]) => new Promise<void>((resolve) => under.push({ items, end: resolve })),
    { limit: 4, rounds: 2 },
  );
  const rounds = () => under.map(({ items }) => items);
  for (const item of [1, 2, 3, 4]) work(item);
  await Promise.resolve();
  work(5);
  await Promise.resolve();
  expect(rounds()).toEqual([[1, 2, 3, 4]]);
  work(6);
  await Promise.resolve();
  expect(rounds()).toEqual([
    [1, 2, 3, 4],
    [5, 6],
  ]);
  work(7);
  for (const { end } of under) end();
  await expect.poll(rounds).toEqual([[1, 2, 3, 4], [5, 6], [7]]);
});

test("a round that fails rejects its own items only", async () => {
  const strict = gather(async (items: string[]) => {
    if (items.includes("bad")) throw new Error("No.");
    return items;
  }, 2);
  const results = await Promise.allSettled(["one", "bad", "two"].map(strict));
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
});

test("a round that is not half full waits for more, and others don't", async () => {
  const rounds: number[][] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const work = inRounds(
    async (items: number[]) => {
      rounds.push(items);
      if (rounds.length === 2) resolve();
    },
    { limit: 4, restMs: 200, rounds: 2 },
  );
  work(1);
  await Promise.resolve();
  expect(rounds).toEqual([]);
  for (const item of [2, 3, 4, 5]) work(item);
  await setImmediate();
  expect(rounds).toEqual([[1, 2, 3, 4]]);
  await promise;
  expect(rounds).toEqual([[1, 2, 3, 4], [5]]);
});

test("a round waits for nothing when nothing more is to come, not even to the end of its rest", async () => {
  const rounds: number[][] = [];
  let isMoreToCome = false;
  const work = inRounds(async (items: number[]) => void rounds.push(items), {
    limit: 4,
    restMs: 600_000,
    isMoreToCome: () => isMoreToCome,
  });
  work(1);
  await expect.poll(() => rounds).toEqual([[1]]);
  isMoreToCome = true;
  work(2);
  await Promise.resolve();
  isMoreToCome = false;
  await expect.poll(() => rounds).toEqual([[1], [2]]);
});
