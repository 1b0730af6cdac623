import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inferSchema, listFields } from "./infer.ts";
import { mergeShapes, type Shape, shapeOf } from "./payload-shape.ts";
import { compileSchema } from "./validate.ts";

function shape(payloads: readonly string[]): Shape {
  return payloads.map((payload) => shapeOf(payload) ?? { count: 0, types: {} }).reduce(mergeShapes);
}
const infer = (...payloads: string[]) => {
  const { $schema, ...schema } = inferSchema(shape(payloads));
  expect($schema).toBe("https://json-schema.org/draft/2020-12/schema");
  return schema;
};

describe("a schema from samples", () => {
  test("has the types, the fields that none lacks, and the formats", () => {
    expect(
      infer(
        '{"id":9007199254740993,"at":"2026-01-31T10:00:00Z","total":12,"note":null,"lines":[{"sku":"a"}]}',
        '{"id":7,"at":"2026-01-31T10:00:01Z","total":12.5,"lines":[{"sku":"b","n":2},{"sku":"c"}]}',
      ),
    ).toEqual({
      type: "object",
      required: ["at", "id", "lines", "total"],
      properties: {
        id: { type: "integer", format: "int64" },
        at: { type: "string", format: "date-time" },
        total: { type: "number" },
        note: { type: "null" },
        lines: {
          type: "array",
          items: {
            type: "object",
            required: ["sku"],
            properties: { sku: { type: "string" }, n: { type: "integer" } },
          },
        },
      },
    });
  });

  test("allows null where null was seen, and every type that was", () => {
    expect(infer('"a"', "null")).toEqual({ type: ["string", "null"] });
    expect(infer("1", '"a"', "[]", "true")).toEqual({ type: ["boolean", "integer", "string", "array"] });
  });

  test("takes words that come again and again for all there are", () => {
    const plans = Array.from({ length: 40 }, (_, n) => (n % 4 === 0 ? '"pro"' : '"free"'));
    expect(infer(...plans)).toEqual({ enum: ["free", "pro"] });
    expect(infer(...plans, "null")).toEqual({ enum: ["free", "pro", null] });
    expect(infer(...plans, '"rare"')).toEqual({ type: "string" });
    expect(infer(...plans.slice(0, 20))).toEqual({ type: "string" });
  });

  test("takes objects with ever new names for maps", () => {
    const byUser = Array.from({ length: 200 }, (_, n) => `{"u${n}":{"points":${n}}}`);
    expect(infer(...byUser)).toEqual({
      type: "object",
      additionalProperties: {
        type: "object",
        required: ["points"],
        properties: { points: { type: "integer" } },
      },
    });
  });

  test("of nothing says nothing", () => {
    expect(infer("[]")).toEqual({ type: "array" });
    expect(inferSchema({ count: 0, types: {} })).not.toHaveProperty("type");
  });
});

describe("the fields seen", () => {
  test("are listed with how often, of what type, and how surely", () => {
    const seen = shape(['{"a":{"b":1},"l":[{"x":"2026-01-31"}]}', '{"a":{"b":null}}', '{"a":{}}']);
    expect(listFields(seen, 100)).toEqual([
      { path: "", count: 3, share: null, types: ["object"], format: null },
      { path: "/a", count: 3, share: 1, types: ["object"], format: null },
      { path: "/l", count: 1, share: 1 / 3, types: ["array"], format: null },
      { path: "/a/b", count: 2, share: 2 / 3, types: ["integer", "null"], format: null },
      { path: "/l/*", count: 1, share: null, types: ["object"], format: null },
      { path: "/l/*/x", count: 1, share: 1, types: ["string"], format: "date" },
    ]);
  });

  test("are no more than asked for", () => {
    expect(listFields(shape(['{"a":1,"b":2,"c":{"d":1}}']), 3).map(({ path }) => path)).toEqual([
      "",
      "/a",
      "/b",
    ]);
  });
});

test("every sample is valid by the schema that was inferred from it", () => {
  const numbers = fc.constantFrom(
    "0",
    "-1.50",
    "1e3",
    "9007199254740993",
    "123456789012345678901234567890",
    "0.1",
  );
  const texts = fc.oneof(
    fc.constantFrom(
      "a",
      "b",
      "2026-01-31",
      "2026-01-31T10:00:00Z",
      "a@example.com",
      "https://example.com/x",
      "\u0000",
    ),
    fc.string({ unit: "binary" }),
    fc.emailAddress(),
    fc.webUrl(),
    fc.uuid(),
  );
  const names = fc.oneof(fc.constantFrom("a", "b", "c", "__proto__", "toString", ""), fc.string());
  const { value: values } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      numbers,
      texts.map((text) => JSON.stringify(text)),
      fc.constantFrom("null", "true"),
      fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
      fc
        .uniqueArray(fc.tuple(names, tie("value")), { maxLength: 4, selector: ([name]) => name })
        .map(
          (members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`,
        ),
    ),
  }));
  fc.assert(
    fc.property(
      fc.array(values, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(1, 20),
      (samples, times) => {
        const seen = Array.from({ length: times }, () => samples).flat();
        const result = compileSchema(JSON.stringify(inferSchema(shape(seen))));
        if (result.kind === "refused") throw new Error(JSON.stringify(result.problems));
        for (const sample of samples) expect(result.schema.problemsOf(sample)).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);
