import { describe, expect, test } from "vitest";
import type { JsonSchema } from "./json-schema.ts";
import { breaks, object, text, whole } from "./testing/breaks.ts";

describe("references and combinations", () => {
  const tree = (value: JsonSchema): JsonSchema => ({
    $ref: "#/$defs/node",
    $defs: { node: object({ value, children: { type: "array", items: { $ref: "#/$defs/node" } } }) },
  });

  test("a definition is followed, whatever it is called", () => {
    const older: JsonSchema = { properties: { a: { $ref: "#/$defs/x" } }, $defs: { x: whole } };
    expect(breaks(older, { properties: { a: whole } })).toEqual({ backward: [], forward: [] });
    expect(breaks(older, { properties: { a: text } }).backward).toHaveLength(1);
  });

  test("trees are compared, and come to an end", () => {
    expect(breaks(tree(whole), tree({ type: "number" })).backward).toEqual([]);
    expect(breaks(tree(whole), tree(text)).backward).toEqual([
      "/value: the new schema takes texts here, and old data may hold whole numbers",
    ]);
  });

  test("all of several is the sum of them", () => {
    const older: JsonSchema = {
      allOf: [object({ a: text }, { required: ["a"] }), { properties: { b: whole } }],
    };
    expect(breaks(older, object({ a: text, b: whole }, { required: ["a"] }))).toEqual({
      backward: [],
      forward: [],
    });
  });

  const paid = object({ kind: { const: "paid" }, amount: whole }, { required: ["kind", "amount"] });
  const failed = object({ kind: { const: "failed" }, reason: text }, { required: ["kind"] });
  const refunded = object({ kind: { const: "refunded" } }, { required: ["kind"] });

  test("one more kind may be offered, and none taken away", () => {
    for (const union of ["anyOf", "oneOf"]) {
      const [two, three]: JsonSchema[] = [{ [union]: [paid, failed] }, { [union]: [paid, failed, refunded] }];
      if (two === undefined || three === undefined) return;
      const { backward, forward } = breaks(two, three);
      expect(backward).toEqual([]);
      expect(forward).toEqual([
        `: new data with kind "refunded" may fit none of the schemas that "${union}" of the old schema offers here`,
      ]);
    }
  });

  test("a break within one kind is named", () => {
    const newer: JsonSchema = {
      oneOf: [object({ kind: { const: "paid" }, amount: text }, { required: ["kind"] }), failed],
    };
    expect(breaks({ oneOf: [paid, failed] }, newer).backward).toEqual([
      "/amount: the new schema takes texts here, and old data may hold whole numbers",
    ]);
  });

  test("a union stands for what its parts have in common", () => {
    expect(
      breaks({ oneOf: [paid, failed] }, object({ kind: text }, { required: ["kind"] })).backward,
    ).toEqual([]);
    expect(breaks({ anyOf: [whole, text] }, { type: ["integer", "string"] })).toEqual({
      backward: [],
      forward: [],
    });
  });

  test("kinds that may overlap can't be told apart", () => {
    expect(breaks({ type: "string" }, { oneOf: [{ maxLength: 5 }, { minLength: 5 }] }).backward).toEqual([
      ': the new schema has another "oneOf" here, and old data may fit more than one of its schemas',
    ]);
  });

  test("conditions stay, go, or can't be judged", () => {
    for (const condition of [
      { if: { required: ["a"] }, else: { required: ["b"] } },
      { not: { required: ["a"] } },
      { dependentRequired: { a: ["b"] } },
      { propertyNames: { maxLength: 3 } },
      { contains: { const: 1 }, minContains: 2 },
      { dependentSchemas: { a: { required: ["b"] } } },
    ]) {
      expect(breaks(condition, { ...condition, title: "with a title" })).toEqual({
        backward: [],
        forward: [],
      });
      expect(breaks(condition, true).backward).toEqual([]);
      expect(breaks(true, condition).backward).toEqual([expect.stringContaining("it can't be judged")]);
    }
    expect(breaks(whole, { not: text }).backward).toEqual([]);
    expect(breaks({ required: ["b"] }, { dependentRequired: { a: ["b"] } }).backward).toEqual([]);
  });

  test("unevaluated fields are further fields", () => {
    const base = { $defs: { base: object({ a: text }) }, $ref: "#/$defs/base", unevaluatedProperties: false };
    expect(breaks(base, { ...base, properties: { b: whole } }).backward).toEqual([]);
    expect(breaks({ ...base, properties: { b: whole } }, base).backward).toEqual([
      "/b: the new schema doesn't allow this field, which old data may have",
    ]);
  });
});
