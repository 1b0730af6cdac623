import fc from "fast-check";
import { expect, test } from "vitest";
import { boundedText } from "./bounded-text.ts";

/** Strings with everything in them that a careless peer may send. */
const texts = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("\u0000", "\u001b[31m", "\r\n", "\ud800", "\udc00", "😀", "\u202e", "\u009b1m"),
    ),
  )
  .map((parts) => parts.join(""));

test("what is harmless and short stays as it is", () => {
  const text = "Card was declined:\n\tcode 51, 残高不足 😀";
  expect(boundedText(text, 100)).toBe(text);
});

test("control characters, colours and turned writing go", () => {
  expect(boundedText("\u001b[1;31mError:\u001b[0m a\u0000b\u202ec\r\nnext\u007f", 100)).toBe(
    "Error: abc\nnext",
  );
});

test("half a character becomes the mark for an unreadable one", () => {
  expect(boundedText("a\ud800b", 100)).toBe("a\ufffdb");
});

test("a cut says so and never splits a character", () => {
  expect(boundedText("abcdef", 4)).toBe("abc…");
  expect(boundedText("ab😀def", 4)).toBe("ab…");
});

test("any text comes out bounded, well-formed and without control characters", () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 50 }), (text, limit) => {
      const bounded = boundedText(text, limit);
      expect(bounded.length).toBeLessThanOrEqual(limit);
      expect(bounded.isWellFormed()).toBe(true);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
      expect(bounded).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }),
  );
});

test("what was bounded once stays as it is", () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 50 }), (text, limit) => {
      const once = boundedText(text, limit);
      expect(boundedText(once, limit)).toBe(once);
    }),
  );
});
