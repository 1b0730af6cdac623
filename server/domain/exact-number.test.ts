import fc from "fast-check";
import { expect, test } from "vitest";
import { compareNumbers, type ExactNumber, numberKey, readNumber } from "./exact-number.ts";

function read(literal: string): ExactNumber {
  const number = readNumber(literal);
  if (number === null) throw new Error(`${literal} is no number`);
  return number;
}

test("one number has one key, however it is written", () => {
  for (const same of [
    ["1", "1.0", "10e-1", "0.1e1", "1E+0"],
    ["0", "-0", "0.000", "0e99"],
    ["-1250", "-1.25e3", "-1250.00"],
    ["9007199254740993", "9007199254740993.0", "9.007199254740993e15"],
  ]) {
    expect(new Set(same.map((literal) => numberKey(read(literal)))).size).toBe(1);
  }
});

test("numbers that are one double are told apart", () => {
  expect(compareNumbers(read("9007199254740993"), read("9007199254740992"))).toBeGreaterThan(0);
  expect(compareNumbers(read("0.1"), read("0.1000000000000000000001"))).toBeLessThan(0);
  expect(compareNumbers(read("1e400"), read("1e999999999999999999999"))).toBeLessThan(0);
  expect(compareNumbers(read("-1e400"), read("-1e401"))).toBeGreaterThan(0);
});

test("a number is neither more nor less than itself", () => {
  for (const literal of ["0", "-0", "7", "-7", "-1.5e9"]) {
    expect(compareNumbers(read(literal), read(literal))).toBe(0);
  }
});

test("what is no number of JSON is none", () => {
  for (const text of ["", "abc", "1.", ".5", "1e", "0x1f", "NaN", "+1", "1 "])
    expect(readNumber(text)).toBeNull();
});

test("integers are ordered as big integers are", () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
      const order = compareNumbers(read(String(a)), read(String(b)));
      expect(Math.sign(order)).toBe(Number(a > b) - Number(a < b));
    }),
  );
});

test("what a double holds is ordered as doubles are", () => {
  const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(doubles, doubles, (a, b) => {
      const order = compareNumbers(read(JSON.stringify(a)), read(JSON.stringify(b)));
      expect(Math.sign(order)).toBe(Number(a > b) - Number(a < b));
    }),
  );
});
