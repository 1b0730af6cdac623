import { describe, expect, test } from "vitest";
import { letterId, readLetterId } from "./letter-id.ts";
import { NO_TICKS, type Ticks, tick, tickListed } from "./ticks.ts";

const LISTED = ["a", "b", "c", "d", "e"];
const one = { isRange: false, limit: 10 };
const range = { isRange: true, limit: 10 };
const of = ({ ids }: Ticks) => [...ids].sort().join("");

describe("Ticked rows", () => {
  test("are ticked and let go one by one", () => {
    const ticked = tick(NO_TICKS, LISTED, "b", one);
    expect(of(ticked)).toBe("b");
    expect(of(tick(ticked, LISTED, "b", one))).toBe("");
  });

  test("are ticked as a range, downwards and upwards", () => {
    expect(of(tick(tick(NO_TICKS, LISTED, "b", one), LISTED, "d", range))).toBe("bcd");
    expect(of(tick(tick(NO_TICKS, LISTED, "d", one), LISTED, "b", range))).toBe("bcd");
  });

  test("are let go as a range", () => {
    const all = tickListed(NO_TICKS, LISTED, 10);
    expect(of(all)).toBe("abcde");
    expect(of(tick(tick(all, LISTED, "b", one), LISTED, "d", range))).toBe("ae");
    expect(of(tickListed(all, LISTED, 10))).toBe("");
  });

  test("are no more than can be worked with, those nearest to where the range began", () => {
    const limited = { isRange: true, limit: 3 };
    expect(of(tick(tick(NO_TICKS, LISTED, "e", one), LISTED, "a", limited))).toBe("cde");
    expect(of(tickListed(NO_TICKS, LISTED, 2))).toBe("ab");
  });

  test("are one when the row that a range began at is not listed any more", () => {
    expect(of(tick({ ids: new Set(["x"]), anchor: "x" }, LISTED, "c", range))).toBe("cx");
  });
});

test("a letter is written as a text and read again", () => {
  const letter = { position: "176377991612345678", consumer: "ware_house-1.tokyo" };
  expect(readLetterId(letterId(letter))).toEqual(letter);
  expect(["", "12", "~a", "x~a", "1~"].map(readLetterId)).toEqual([null, null, null, null, null]);
});
