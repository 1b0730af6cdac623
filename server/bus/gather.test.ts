import { expect, test } from "vitest";
import { gather } from "./gather.ts";

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
  const work = gather(
    (items: number[]) => new Promise<number[]>((resolve) => under.push({ items, end: () => resolve(items) })),
    4,
    2,
  );
  const settled = Promise.all([1, 2, 3, 4].map(work));
  await Promise.resolve();
  const one = work(5);
  await Promise.resolve();
  expect(under.map(({ items }) => items)).toEqual([[1, 2, 3, 4]]);
  const another = work(6);
  await Promise.resolve();
  expect(under.map(({ items }) => items)).toEqual([
    [1, 2, 3, 4],
    [5, 6],
  ]);
  for (const { end } of under) end();
  expect(await Promise.all([settled, one, another])).toEqual([[1, 2, 3, 4], 5, 6]);
});

test("a round that fails rejects its own items only", async () => {
  const strict = gather(async (items: string[]) => {
    if (items.includes("bad")) throw new Error("No.");
    return items;
  }, 2);
  const results = await Promise.allSettled(["one", "bad", "two"].map(strict));
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
});
