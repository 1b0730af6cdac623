import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern } from "./pattern.ts";

function compiled(source: string) {
  const result = compilePattern(source);
  if (result.kind === "refused") throw new Error(`${source} ${result.reason}`);
  return result.pattern;
}

describe("a pattern", () => {
  test.each([
    ["^[A-Z]{3}$", "EUR", true],
    ["^[A-Z]{3}$", "EUR\n", false],
    ["^[A-Z]{3}$", "EURO", false],
    ["b", "abc", true],
    ["^a\\.b$", "aXb", false],
    ["^\\d+(\\.\\d{1,2})?$", "12.50", true],
    ["^\\d+(\\.\\d{1,2})?$", "12.505", false],
    ["^(?:red|green)$", "green", true],
    ["^\\p{L}+$", "日本語", true],
    ["^\\p{Script=Hiragana}+$", "ひらがな", true],
    ["^\\u{1F600}$", "😀", true],
    ["^\\ud83d\\ude00$", "😀", true],
    ["^(?<year>\\d{4})-", "2026-01", true],
    ["^.$", "\r", false],
    ["(^.$)", "\u2028", false],
    ["^\\s$", "\u00a0", true],
    ["(^\\s$)", "\u00a0", true],
    ["(^[\\s]$)", "\u3000", true],
    ["(^[\\S]$)", "\u3000", false],
    ["(a[]|b)", "b", true],
    ["(a[^]b)", "a\nb", true],
  ])("%s on %j: %s", (source, text, matches) => {
    expect(compiled(source).test(text)).toBe(matches);
  });
});

describe("what can't be had is refused with a reason", () => {
  test.each([
    ["a lookahead", "^(?!foo)", "bounded time"],
    ["a back reference", "(a)\\1", "bounded time"],
    ["a huge repetition", "^(?:a{1,1000}){1,1000}$", "bounded time"],
    ["half a group", "(a", "no regular expression"],
    ["another dialect", "[[:alpha:]]", "no regular expression"],
    ["a novel", "a".repeat(3000), "longer than"],
  ])("%s", (_, source, reason) => {
    expect(compilePattern(source)).toEqual({ kind: "refused", reason: expect.stringContaining(reason) });
  });
});

test.each(["^(a+)+$", "^(a|a)*$", "^a*a*a*a*a*b$", "(a*)*b", "^([\\w.-]+)+@", "^\\s*\\s*\\s*\\s*$"])(
  "%s takes no long time on a long text",
  (source) => {
    const text = `${"a".repeat(20_000)}!`;
    const start = performance.now();
    expect(compiled(source).test(text)).toBe(false);
    expect(performance.now() - start).toBeLessThan(5000);
  },
);

test("a pattern is judged in no long time itself", () => {
  const start = performance.now();
  compilePattern(`^${"a?".repeat(900)}(`);
  compilePattern(`^${"a?".repeat(300)}(b)`);
  expect(performance.now() - start).toBeLessThan(5000);
});

const atoms = fc.constantFrom(
  "a",
  "b",
  "\\d",
  "\\w",
  "\\s",
  "\\S",
  ".",
  "[ab]",
  "[^a\\s]",
  "\\.",
  "é",
  "\\u00e9",
  "😀",
  "[\\d-]",
);
const quantifiers = fc.constantFrom("", "", "?", "*", "+", "{2}", "{1,2}", "*?");
const { pattern: patterns } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: "small" },
    fc.tuple(atoms, quantifiers).map(([atom, quantifier]) => atom + quantifier),
    fc.tuple(tie("pattern"), quantifiers).map(([inner, quantifier]) => `(?:${inner})${quantifier}`),
    fc.tuple(tie("pattern"), tie("pattern")).map(([left, right]) => `(?:${left}|${right})`),
  ),
  pattern: fc.array(tie("part"), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("")),
}));
const anchored = fc
  .tuple(fc.constantFrom("", "^"), patterns, fc.constantFrom("", "$"))
  .map((parts) => parts.join(""));
const texts = fc
  .array(fc.constantFrom("a", "b", "1", " ", "\u00a0", "\n", "\u2028", ".", "é", "😀", "-"), {
    maxLength: 10,
  })
  .map((parts) => parts.join(""));

test("both engines see what JavaScript sees", () => {
  fc.assert(
    fc.property(anchored, texts, (source, text) => {
      const wanted = new RegExp(source, "u").test(text);
      expect(compiled(source).test(text)).toBe(wanted);
      // A group takes the pattern to the other engine.
      expect(compiled(`(?:${source})`).test(text)).toBe(wanted);
    }),
    { numRuns: 500 },
  );
}, 60_000);
