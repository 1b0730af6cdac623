import { describe, expect, test } from "vitest";
import { readSchema } from "./read-schema.ts";

function problems(schema: unknown): readonly { path: string; reason: string }[] {
  const result = readSchema(typeof schema === "string" ? schema : JSON.stringify(schema));
  return result.kind === "read" ? [] : result.problems;
}

describe("a schema that is taken", () => {
  test.each([
    ["of anything", true],
    ["with its dialect", { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object" }],
    ["with definitions", { $ref: "#/$defs/a", $defs: { a: { type: "string" } } }],
    ["with anchors", { items: { $ref: "#line" }, $defs: { a: { $anchor: "line" } } }],
    ["that describes trees", { properties: { children: { items: { $ref: "#" } } } }],
    [
      "with a property named like a keyword",
      { properties: { nullable: { type: "string" }, $ref: { type: "string" } } },
    ],
    ["with a keyword's name among its values", { enum: [{ nullable: true, $ref: "elsewhere" }] }],
  ])("one %s", (_, schema) => {
    expect(problems(schema)).toEqual([]);
  });
});

describe("a schema that is refused says where and why", () => {
  test.each<[string, unknown, string, string]>([
    ["no JSON", "{", "", "no JSON Schema"],
    ["no schema", "[]", "", "no JSON Schema"],
    ["another dialect", { $schema: "http://json-schema.org/draft-07/schema#" }, "/$schema", "2020-12"],
    [
      "a reference to another document",
      { properties: { a: { $ref: "https://example.com/a.json" } } },
      "/properties/a/$ref",
      "not in this schema",
    ],
    ["a reference to a file", { $ref: "file:///etc/passwd" }, "/$ref", "not in this schema"],
    ["a reference to nothing", { $ref: "#/$defs/a" }, "/$ref", "not in this schema"],
    ["a reference to no schema", { $ref: "#/title", title: "a" }, "/$ref", "not in this schema"],
    ["a dynamic reference", { items: { $dynamicRef: "#a" } }, "/items/$dynamicRef", "Refer by $ref"],
    ["an id inside", { $defs: { a: { $id: "b" } } }, "/$defs/a/$id", "at the root only"],
    [
      "OpenAPI's nullable",
      { properties: { a: { type: "string", nullable: true } } },
      "/properties/a/nullable",
      '"null"',
    ],
    ["what older dialects had", { dependencies: { a: ["b"] } }, "/dependencies", "dependentRequired"],
    ["a pattern without end", { pattern: "^(?!a)" }, "/pattern", "bounded time"],
    [
      "a pattern of property names",
      { patternProperties: { "(": true } },
      "/patternProperties",
      "no regular expression",
    ],
    ["a circle", { $ref: "#" }, "", "in a circle"],
    [
      "a circle by two",
      { $defs: { a: { $ref: "#/$defs/b" }, b: { allOf: [{ $ref: "#/$defs/a" }] } } },
      "/$defs/a",
      "circle",
    ],
    ["too much text", { title: "a".repeat(300_000) }, "", "longer than"],
    ["too deep nesting", `${'{"not":'.repeat(80)}true${"}".repeat(80)}`, "", "deeper than"],
    ["too many schemas", { anyOf: Array.from({ length: 6000 }, () => true) }, "", "more than 5000 schemas"],
  ])("%s", (_, schema, path, reason) => {
    expect(problems(schema)).toContainEqual({ path, reason: expect.stringContaining(reason) });
  });

  test("definitions that double with every step", () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => {
        const next = { $ref: `#/$defs/d${n + 1}` };
        return [`d${n}`, n === 39 ? true : { allOf: [next, next] }];
      }),
    );
    expect(problems({ $ref: "#/$defs/d0", $defs })).toEqual([
      { path: "", reason: expect.stringContaining("more than 10000 schemas") },
    ]);
  });

  test("a chain of references that no schema needs", () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 4000 }, (_, n) => [`d${n}`, n === 3999 ? true : { $ref: `#/$defs/d${n + 1}` }]),
    );
    expect(problems({ $ref: "#/$defs/d0", $defs })).toEqual([
      { path: "", reason: expect.stringContaining("on and on") },
    ]);
  });
});
