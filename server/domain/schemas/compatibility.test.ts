import { describe, expect, test } from "vitest";
import { type Compatibility, checkCompatibility } from "./compatibility.ts";
import type { JsonSchema } from "./json-schema.ts";
import { breaks, object, text, whole } from "./testing/breaks.ts";

describe("fields", () => {
  test("an optional field may be added and removed", () => {
    expect(breaks(object({ a: text }), object({ a: text, b: whole }))).toEqual({ backward: [], forward: [] });
    expect(breaks(object({ a: text, b: whole }), object({ a: text }))).toEqual({ backward: [], forward: [] });
  });

  test("to say that further fields are allowed is to say nothing", () => {
    const open = { additionalProperties: true };
    expect(breaks(object({ a: text }, open), object({ a: text, b: whole }))).toEqual({
      backward: [],
      forward: [],
    });
  });

  test("a required field may be removed and not added", () => {
    const added = breaks(object({ a: text }), object({ a: text, b: whole }, { required: ["b"] }));
    expect(added).toEqual({
      backward: ["/b: the new schema requires this field, which old data may lack"],
      forward: [],
    });
  });

  test("an optional field that becomes required, and the other way round", () => {
    const required = object({ a: text }, { required: ["a"] });
    expect(breaks(object({ a: text }), required).backward).toEqual([
      "/a: the new schema requires this field, which old data may lack",
    ]);
    expect(breaks(required, object({ a: text })).forward).toEqual([
      "/a: the old schema requires this field, which new data may lack",
    ]);
  });

  test("a closed schema takes no field that it doesn't name", () => {
    const closed = { additionalProperties: false };
    const added = breaks(object({ a: text }, closed), object({ a: text, b: whole }, closed));
    expect(added.backward).toEqual([]);
    expect(added.forward).toEqual(["/b: the old schema doesn't allow this field, which new data may have"]);
    expect(breaks(object({ a: text }), object({ a: text }, closed)).backward).toEqual([
      "/*: the new schema allows no fields but those that it names, and old data may have others",
    ]);
  });

  test("name to full_name is a break that a rename in between repairs", () => {
    const older = object({ name: text }, { required: ["name"] });
    const newer = object({ full_name: text }, { required: ["full_name"] });
    expect(breaks(older, newer)).toEqual({
      backward: ["/full_name: the new schema requires this field, which old data may lack"],
      forward: ["/name: the old schema requires this field, which new data may lack"],
    });
  });

  test("the break is named however deep it is", () => {
    const order = (sku: JsonSchema) => object({ lines: { type: "array", items: object({ "a/b": sku }) } });
    expect(breaks(order(whole), order(text)).backward).toEqual([
      "/lines/*/a~1b: the new schema takes texts here, and old data may hold whole numbers",
    ]);
  });

  test("maps", () => {
    const map = (of: JsonSchema): JsonSchema => ({ type: "object", additionalProperties: of });
    expect(breaks(map(whole), map({ type: "number" })).backward).toEqual([]);
    expect(breaks(map({ type: "number" }), map(whole)).backward).toHaveLength(1);
    expect(breaks(map(whole), object({ a: text })).backward).toHaveLength(1);
    expect(
      breaks({ patternProperties: { "^x": whole } }, { patternProperties: { "^x": text } }).backward,
    ).toHaveLength(1);
  });
});

describe("types and values", () => {
  test.each<[string, JsonSchema, JsonSchema, string | null]>([
    ["whole numbers to numbers", whole, { type: "number" }, null],
    [
      "numbers to whole numbers",
      { type: "number" },
      whole,
      "takes whole numbers here, and old data may hold numbers with a fraction",
    ],
    ["text to text or null", text, { type: ["string", "null"] }, null],
    [
      "text or null to text",
      { type: ["string", "null"] },
      text,
      "takes texts here, and old data may hold null",
    ],
    ["anything to text", true, text, "may hold null, true and false, numbers, objects, arrays"],
    ["text to nothing", text, false, "doesn't allow"],
    ["one more value", { enum: ["a"] }, { enum: ["a", "b"] }, null],
    [
      "one value less",
      { enum: ["a", "b"] },
      { enum: ["a"] },
      'takes only "a" here, and old data may hold "b"',
    ],
    ["any text to a list", text, { enum: ["a"] }, 'takes only "a" here, and old data may hold others'],
    ["a list to any text", { enum: ["a"] }, text, null],
    ["true and false by name", { type: "boolean" }, { enum: [true, false, null] }, null],
    ["a constant", { const: 1 }, { const: 2 }, "takes only 2 here, and old data may hold 1"],
    ["an enumerated object", { enum: [{ a: 1 }] }, object({ a: text }), "takes texts here"],
    ["an enumerated array", { const: ["a", 1] }, { items: text }, "takes texts here"],
  ])("%s", (_, older, newer, reason) => {
    const { backward } = breaks(older, newer);
    if (reason === null) expect(backward).toEqual([]);
    else expect(backward).toEqual([expect.stringContaining(reason)]);
  });
});

describe("limits", () => {
  test.each<[JsonSchema, JsonSchema, string | null]>([
    [{ minimum: 1 }, { minimum: 0 }, null],
    [{ minimum: 0 }, { minimum: 1 }, "only numbers from 1"],
    [{ type: "integer", exclusiveMinimum: 0 }, { minimum: 1 }, null],
    [{ exclusiveMinimum: 0 }, { minimum: 1 }, "only numbers from 1"],
    [{ maximum: 5 }, { exclusiveMaximum: 6 }, null],
    [{ maximum: 5 }, { exclusiveMaximum: 5 }, "only numbers below 5"],
    [{ type: "string" }, { minimum: 5 }, null],
    [{ multipleOf: 10 }, { multipleOf: 5 }, null],
    [{ multipleOf: 5 }, { multipleOf: 10 }, "only multiples of 10"],
    [{ type: "integer" }, { multipleOf: 0.5 }, null],
    [{ enum: [1, 2] }, { maximum: 2 }, null],
    [{ maxLength: 5 }, { maxLength: 6 }, null],
    [{ maxLength: 6 }, { maxLength: 5 }, "only texts of a length up to 5"],
    [{}, { minLength: 0 }, null],
    [{ enum: ["EUR"] }, { type: "string", minLength: 3, pattern: "^[A-Z]{3}$" }, null],
    [{ enum: ["eur"] }, { pattern: "^[A-Z]{3}$" }, 'only texts that match "^[A-Z]{3}$"'],
    [{ pattern: "a", maxLength: 3 }, { pattern: "a" }, null],
    [{ pattern: "a" }, { pattern: "b" }, 'only texts that match "b"'],
    [{ format: "email" }, {}, null],
    [{ type: "string" }, { format: "email" }, 'only values in the format "email"'],
    [{ type: "string" }, { format: "our-own-remark" }, null],
    [{ type: "string" }, { format: "int64" }, null],
    [{ type: "array", maxItems: 1 }, { uniqueItems: true }, null],
    [{ type: "array" }, { uniqueItems: true }, "only arrays without repetitions"],
    [{ required: ["a", "b"] }, { minProperties: 2 }, null],
    [{ required: ["a"] }, { minProperties: 2 }, "only objects with a number of fields from 2"],
  ])("%j to %j", (older, newer, reason) => {
    const { backward } = breaks(older, newer);
    if (reason === null) expect(backward).toEqual([]);
    else
      expect(backward).toEqual([`: ${`the new schema takes ${reason} here, and old data may hold others`}`]);
  });
});

describe("arrays", () => {
  test.each<[string, JsonSchema, JsonSchema, string[]]>([
    ["the same element", { items: whole }, { items: { type: "number" } }, []],
    ["another element", { type: "array", items: whole }, { items: text }, ["/*"]],
    ["another place", { type: "array", prefixItems: [whole, whole] }, { prefixItems: [whole, text] }, ["/1"]],
    [
      "a place that isn't reached",
      { type: "array", items: whole, maxItems: 1 },
      { prefixItems: [whole, text] },
      [],
    ],
    [
      "places instead of one for all",
      { type: "array", items: whole },
      { prefixItems: [whole], items: whole },
      [],
    ],
    ["an end", { type: "array", prefixItems: [whole] }, { prefixItems: [whole], items: false }, ["/*"]],
  ])("%s", (_, older, newer, paths) => {
    expect(checkCompatibility("backward", older, newer).map(({ path }) => path)).toEqual(paths);
  });
});

test("what is promised decides what is looked at", () => {
  const [older, newer] = [object({ a: whole }), object({ a: text })];
  const of = (promise: Compatibility) =>
    checkCompatibility(promise, older, newer).map(({ direction }) => direction);
  expect(of("none")).toEqual([]);
  expect(of("backward")).toEqual(["backward"]);
  expect(of("forward")).toEqual(["forward"]);
  expect(of("full")).toEqual(["backward", "forward"]);
});

test("schemas that are too intricate to compare are not taken for compatible", () => {
  const union = (offset: number): JsonSchema => ({
    allOf: Array.from({ length: 12 }, (_, n) => ({
      anyOf: Array.from({ length: 6 }, (_, m) => ({
        properties: { [`p${n}`]: { minimum: n * 10 + m + offset } },
      })),
    })),
  });
  expect(checkCompatibility("backward", union(0), union(1))).not.toEqual([]);
});
