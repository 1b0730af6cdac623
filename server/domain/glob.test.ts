import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileGlob, globToLike, textToLike } from "./glob.ts";

describe("globs", () => {
  test.each([
    ["order.*", "order.placed", true],
    ["order.*", "order.", true],
    ["order.*", "orders.placed", false],
    ["*.failed", "payment.failed", true],
    ["a*a", "a", false],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["*", "", true],
    ["order.placed", "order.placed", true],
    ["a.b", "axb", false],
  ])("%s on %s is %s", (pattern, text, expected) => {
    expect(compileGlob(pattern)(text)).toBe(expected);
  });

  test("a glob means what the regular expression with .* means", () => {
    const piece = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });
    fc.assert(
      fc.property(piece, text, (pattern, subject) => {
        const expected = new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(subject);
        return compileGlob(pattern)(subject) === expected;
      }),
    );
  });

  test("the characters that `like` gives a meaning to stand for themselves", () => {
    expect(globToLike("100%_\\*")).toBe("100\\%\\_\\\\%");
    expect(textToLike("50%")).toBe("%50\\%%");
  });
});
