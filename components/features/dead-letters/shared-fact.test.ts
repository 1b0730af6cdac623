import { expect, test } from "vitest";
import { readFact } from "./shared-fact.ts";

test.each([
  ["/currency", { kind: "type", type: "null" }, { key: "value", place: "currency", detail: "null" }],
  ["/lines/*/sku", { kind: "shape", shape: "AA-9" }, { key: "shape", place: "lines/*/sku", detail: "AA-9" }],
  ["/a~1b", { kind: "missing" }, { key: "missing", place: "a/b", detail: "" }],
  ["", { kind: "type", type: "array" }, { key: "type", place: "", detail: "array" }],
  [
    "/lines",
    { kind: "at-least", measure: "elements", bound: "12" },
    { key: "elementsAtLeast", place: "lines", detail: "12" },
  ],
  [
    "/id",
    { kind: "value", json: "9007199254740993" },
    { key: "value", place: "id", detail: "9007199254740993" },
  ],
])("a fact about %j is read", (pointer, fact, words) => {
  expect(readFact({ pointer, fact })).toEqual(words);
});

test("a fact of another kind is none that could be said", () => {
  expect(readFact({ pointer: "/a", fact: { kind: "prime" } })).toBeNull();
});
