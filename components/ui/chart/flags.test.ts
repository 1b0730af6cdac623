import { expect, test } from "vitest";
import { flagsOf } from "./flags.ts";

const mark = (atMs: number, rest: { endMs?: number; title?: string; href?: string } = {}) => ({
  key: String(atMs),
  atMs,
  endMs: null,
  colour: `var(--${atMs})`,
  title: `At ${atMs}`,
  href: `/at/${atMs}`,
  ...rest,
});
const area = { fromMs: 100, toMs: 200, widthPx: 1_000 };

test("a mark has a flag where it begins, and one that lasts from before at the edge", () => {
  const flags = flagsOf([mark(150), mark(20, { endMs: 120 }), mark(20, { endMs: 90 }), mark(201)], area);
  expect(flags.map(({ leftPx, href }) => [leftPx, href])).toEqual([
    [0, "/at/20"],
    [500, "/at/150"],
  ]);
});

test("marks at one place share a flag that says all of them and leads to the last", () => {
  const flags = flagsOf([mark(150.5), mark(150), mark(160)], area);
  expect(flags.map(({ title, href, colour }) => [title, href, colour])).toEqual([
    ["At 150\n\nAt 150.5", "/at/150.5", "var(--150.5)"],
    ["At 160", "/at/160", "var(--160)"],
  ]);
});

test("a flag does not say more than one can read", () => {
  const crowd = Array.from({ length: 9 }, (_, index) => mark(150 + index / 100));
  const [flag] = flagsOf(crowd, area);
  expect(flag?.title.split("\n\n")).toHaveLength(7);
  expect(flag?.title).toContain("+3");
});
