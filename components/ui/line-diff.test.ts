import fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines } from "./line-diff.ts";

const SIGNS = { same: " ", removed: "-", added: "+" };
const show = (before: string[], after: string[]) =>
  diffLines(before.join("\n"), after.join("\n")).map(({ kind, text }) => `${SIGNS[kind]}${text}`);

test("names the lines that went and came, and keeps the others in place", () => {
  expect(show(["{", "name", "id", "}"], ["{", "id", "full_name", "}"])).toEqual([
    " {",
    "-name",
    " id",
    "+full_name",
    " }",
  ]);
  expect(show(["a", "b"], ["a", "b"])).toEqual([" a", " b"]);
});

test("either text can be read back from it", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = diffLines(before.join("\n"), after.join("\n"));
      const read = (left: string) => diff.filter(({ kind }) => kind !== left).map((line) => line.text);
      expect(read("added")).toEqual(before);
      expect(read("removed")).toEqual(after);
    }),
  );
});
