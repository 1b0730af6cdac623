import fc from "fast-check";
import { expect, test } from "vitest";
import { appendToken, formatPointer, parsePointer } from "./json-pointer.ts";

test("the examples of the standard", () => {
  expect(parsePointer("")).toEqual([]);
  expect(parsePointer("/foo/0")).toEqual(["foo", "0"]);
  expect(parsePointer("/")).toEqual([""]);
  expect(parsePointer("/a~1b/m~0n")).toEqual(["a/b", "m~n"]);
  expect(parsePointer("/~01")).toEqual(["~1"]);
});

test.each(["foo", "foo/bar", "/~2", "/a~"])("%j is no pointer", (text) => {
  expect(parsePointer(text)).toBeNull();
});

test("one level deeper", () => {
  expect(appendToken("/lines", 0)).toBe("/lines/0");
});

test("any names come back as they were", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (tokens) => {
      expect(parsePointer(formatPointer(tokens))).toEqual(tokens);
    }),
  );
});
