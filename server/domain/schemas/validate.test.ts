import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileSchema, createSchemaCache, type PayloadSchema } from "./validate.ts";

function compiled(schema: unknown): PayloadSchema {
  const result = compileSchema(JSON.stringify(schema));
  if (result.kind === "refused") throw new Error(JSON.stringify(result.problems));
  return result.schema;
}
const problemsOf = (schema: unknown, payload: string) => compiled(schema).problemsOf(payload);

const registered = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "https://example.com/user.registered",
  type: "object",
  required: ["id", "name"],
  properties: {
    id: { type: "string", format: "uuid" },
    name: { type: "string", minLength: 1 },
    plan: { enum: ["free", "pro"] },
    emails: { type: "array", items: { $ref: "#/$defs/email" } },
  },
  additionalProperties: false,
  $defs: { email: { type: "string", format: "email" } },
};

describe("a payload", () => {
  test("that is as the schema says has no problems", () => {
    const payload =
      '{"id":"6f2d1b0e-8f0c-4d7c-9b52-0a8d1b2c3d4e","name":"Aiko","plan":"pro","emails":["a@b.example"]}';
    expect(problemsOf(registered, payload)).toEqual([]);
  });

  test("that isn't has all of its problems named by their place", () => {
    const payload = '{"id":"7","plan":"gold","emails":["a@b.example",3],"a/b":1}';
    expect(problemsOf(registered, payload)).toEqual(
      expect.arrayContaining([
        { path: "/name", reason: "is required" },
        { path: "/a~1b", reason: "is not allowed here" },
        { path: "/id", reason: 'must match format "uuid"' },
        { path: "/plan", reason: 'must be one of "free", "pro"' },
        { path: "/emails/1", reason: "must be string" },
      ]),
    );
  });

  test.each<[unknown, string, string, string]>([
    [{ type: ["string", "null"] }, "1", "", "must be string or null"],
    [{ const: { a: 1 } }, "1", "", 'must be {"a":1}'],
    [{ minimum: 3 }, "2", "", "must be >= 3"],
    [{ uniqueItems: true }, '[{"a":1,"b":2},{"b":2,"a":1.0}]', "", "must not hold the same item twice"],
    [{ properties: { a: false } }, '{"a":1}', "/a", "is not allowed here"],
    [{ propertyNames: { maxLength: 1 } }, '{"ab":1}', "/ab", "has a name that is not allowed"],
    [{ properties: { a: true }, unevaluatedProperties: false }, '{"b":1}', "/b", "is not allowed here"],
    [{ required: ["toString"] }, "{}", "/toString", "is required"],
    [true, "{", "", "is no JSON"],
  ])("%j does not take %s", (schema, payload, path, reason) => {
    expect(problemsOf(schema, payload)).toContainEqual({ path, reason });
  });

  test("is judged by patterns one by one, each in its own right", () => {
    const schema = {
      properties: { a: { pattern: "^a$" }, b: { pattern: "^b$" } },
      patternProperties: { "^x": false },
    };
    expect(problemsOf(schema, '{"a":"a","b":"b"}')).toEqual([]);
    expect(
      problemsOf(schema, '{"a":"b","b":"a","x1":0}')
        .map(({ path }) => path)
        .sort(),
    ).toEqual(["/a", "/b", "/x1"]);
  });

  test("in money adds up in hundredths", () => {
    expect(problemsOf({ multipleOf: 0.01 }, "19.99")).toEqual([]);
    expect(problemsOf({ multipleOf: 0.01 }, "19.999")).toHaveLength(1);
  });

  test("with a number of any length is taken for the number that it is", () => {
    expect(problemsOf({ type: "integer" }, "9007199254740993")).toEqual([]);
    expect(problemsOf({ type: "integer" }, "123456789012345678901234567890")).toEqual([]);
  });

  test("has no more problems than a person reads", () => {
    const payload = JSON.stringify(Array.from({ length: 5000 }, () => 1));
    expect(problemsOf({ items: { type: "string" } }, payload)).toHaveLength(20);
  });

  test("that is large is judged up to its first problem", () => {
    const payload = JSON.stringify(Array.from({ length: 50_000 }, () => 1));
    expect(problemsOf({ items: { type: "string" } }, payload)).toEqual([
      { path: "/0", reason: "must be string" },
    ]);
  });
});

describe("bounded time", () => {
  test.each<[string, unknown, unknown]>([
    ["a pattern", { pattern: "^(a+)+$" }, `${"a".repeat(50_000)}!`],
    ["a format", { format: "email" }, `a@${"a.".repeat(50_000)}!`],
    ["unique items", { uniqueItems: true }, Array.from({ length: 20_000 }, (_, n) => ({ n }))],
  ])("%s", (_, schema, value) => {
    const judge = compiled(schema);
    const payload = JSON.stringify(value);
    const start = performance.now();
    judge.problemsOf(payload);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test("data as deep as it likes", () => {
    const tree = compiled({ type: "array", items: { $ref: "#" } });
    expect(tree.problemsOf(`${"[".repeat(200_000)}${"]".repeat(200_000)}`)).toEqual([
      { path: "", reason: "is nested too deeply to be judged" },
    ]);
  });
});

describe("a schema that can't be used", () => {
  test.each<[string, unknown, string, string]>([
    [
      "names a type that there isn't",
      { properties: { a: { type: "strng" } } },
      "/properties/a/type",
      "must be one of",
    ],
    ["has a keyword of the wrong kind", { required: "a" }, "/required", "must be array"],
    ["refers to another document", { $ref: "https://example.com/a" }, "/$ref", "not in this schema"],
  ])("%s", (_, schema, path, reason) => {
    const result = compileSchema(JSON.stringify(schema));
    expect(result).toEqual({
      kind: "refused",
      problems: expect.arrayContaining([{ path, reason: expect.stringContaining(reason) }]),
    });
  });

  test("whatever is given for a schema, there is an answer", () => {
    const keywords = fc.constantFrom(
      "type",
      "$ref",
      "$id",
      "$anchor",
      "items",
      "properties",
      "pattern",
      "allOf",
      "enum",
      "$schema",
    );
    const { schema } = fc.letrec((tie) => ({
      schema: fc.oneof(
        { depthSize: "small" },
        fc.boolean(),
        fc.dictionary(keywords, tie("value"), { maxKeys: 3 }),
      ),
      value: fc.oneof(
        { depthSize: "small" },
        tie("schema"),
        fc.array(tie("schema"), { maxLength: 2 }),
        fc.constantFrom("#", "#/items", "a", "string", "(", "#a", "https://example.com/x", 0, null),
      ),
    }));
    fc.assert(
      fc.property(schema, fc.json(), (given, payload) => {
        const result = compileSchema(JSON.stringify(given));
        if (result.kind === "compiled") result.schema.problemsOf(payload);
        else expect(result.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

describe("a cache", () => {
  test("compiles a schema once, and again when it has been forgotten", () => {
    const cache = createSchemaCache(2);
    const first = cache('{"type":"string"}');
    expect(cache('{"type":"string"}')).toBe(first);
    cache('{"type":"number"}');
    cache('{"type":"string"}');
    cache('{"type":"null"}');
    expect(cache('{"type":"string"}')).toBe(first);
    cache('{"type":"number"}');
    cache('{"type":"boolean"}');
    expect(cache('{"type":"string"}')).not.toBe(first);
  });

  test("keeps schemas of one id apart", () => {
    const cache = createSchemaCache(2);
    const text = cache('{"$id":"https://example.com/a","type":"string"}');
    const number = cache('{"$id":"https://example.com/a","type":"number"}');
    if (text.kind === "refused" || number.kind === "refused") throw new Error("refused");
    expect(text.schema.problemsOf('"a"')).toEqual([]);
    expect(number.schema.problemsOf('"a"')).toHaveLength(1);
  });
});
