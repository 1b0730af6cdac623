import fc from "fast-check";
import { expect, test } from "vitest";
import { checkCompatibility } from "./compatibility.ts";
import { mapOf, schemasIn } from "./conjunction.ts";
import { isObject, isSchema, type JsonSchema, type JsonSchemaObject, shapeOfKeyword } from "./json-schema.ts";
import { compileSchema } from "./validate.ts";

const NAMES = ["a", "b"] as const;
/** Levels of data: objects and arrays stand above the lowest. */
const LEVELS = 3;

const names = fc.constantFrom(...NAMES);
const scalars = fc.constantFrom<unknown>(null, true, 0, 1, 2, 2.5, -1, 4, "", "a", "ab", "abc", "b");
const small = fc.integer({ min: 0, max: 3 });

const { schema: schemas } = fc.letrec<{
  schema: JsonSchema;
  value: unknown;
  union: JsonSchema[];
}>((tie) => ({
  schema: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<JsonSchema>(true, false, { $ref: "#/$defs/d" }),
    fc
      .record(
        {
          type: fc.oneof(
            fc.constantFrom("null", "boolean", "integer", "number", "string", "object", "array"),
            fc.constantFrom(["string", "null"], ["object", "array"], ["integer", "object"]),
          ),
          enum: fc.uniqueArray(scalars, { minLength: 1, maxLength: 3 }),
          minimum: small,
          exclusiveMaximum: small,
          multipleOf: fc.constantFrom(0.5, 1, 2),
          minLength: small,
          maxLength: small,
          pattern: fc.constantFrom("a", "^a", "b$"),
          minItems: small,
          maxItems: small,
          uniqueItems: fc.boolean(),
        },
        { requiredKeys: [] },
      )
      .map((record) => Object.fromEntries(Object.entries(record).slice(0, 3))),
    fc.record(
      {
        type: fc.constantFrom("object", "array"),
        properties: fc.dictionary(names, tie("schema"), { maxKeys: 2 }),
        required: fc.uniqueArray(names),
        additionalProperties: tie("schema"),
        patternProperties: fc.dictionary(fc.constantFrom("^a", "b"), tie("schema"), { maxKeys: 1 }),
        items: tie("schema"),
        prefixItems: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
    fc.oneof(
      fc.record({ anyOf: tie("union") }),
      fc.record({ oneOf: tie("union") }),
      fc.record({ allOf: tie("union"), unevaluatedProperties: fc.boolean() }, { requiredKeys: ["allOf"] }),
      fc.record({ not: tie("schema") }),
      fc.record({ if: tie("schema"), else: tie("schema") }),
      fc.record({ dependentRequired: fc.constant({ a: ["b"] }) }),
      fc.record({ contains: tie("schema") }),
      fc.record({ enum: fc.array(tie("value"), { minLength: 1, maxLength: 2 }) }),
    ),
  ),
  union: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
  value: fc.oneof(
    { maxDepth: LEVELS - 1, depthIdentifier: "value" },
    scalars,
    fc.array(tie("value"), { maxLength: 3, depthIdentifier: "value" }),
    fc.dictionary(names, tie("value"), { maxKeys: 2, depthIdentifier: "value" }),
  ),
}));

/** A document with a definition that others refer to. */
const documents = fc.tuple(schemas, schemas).map(([schema, d]): JsonSchemaObject => {
  // A definition that refers to itself in the same place would be refused.
  const safe = JSON.stringify(d).includes("$ref") ? true : d;
  return { ...(isObject(schema) ? schema : { allOf: [schema] }), $defs: { d: safe } };
});

/** The same schema with some keyword somewhere left out, something added to it, or put in its place. */
const changed = ({ $defs, ...schema }: JsonSchemaObject): fc.Arbitrary<JsonSchema> =>
  fc
    .tuple(fc.nat(8), schemas, fc.constantFrom("omit", "replace", "add", "add"))
    .map(([place, other, how]) => {
      let left = place;
      const change = (value: JsonSchema): JsonSchema => {
        left -= 1;
        if (left === 0 && how === "replace") return other;
        if (!isObject(value)) return value;
        if (left === 0 && how === "add")
          return { ...value, ...oneOf(other, place + Object.keys(value).length) };
        const entries = Object.entries(value).flatMap(([keyword, inner]): [string, unknown][] => {
          left -= 1;
          return left === 0 && how === "omit" ? [] : [[keyword, changeKeyword(keyword, inner, change)]];
        });
        return Object.fromEntries(entries);
      };
      const made = change(schema);
      return { ...(isObject(made) ? made : { allOf: [made] }), $defs };
    });

/** A single keyword of a schema. */
function oneOf(schema: JsonSchema, place: number): JsonSchemaObject {
  const entries = isObject(schema) ? Object.entries(schema) : [];
  const entry = entries[place % Math.max(entries.length, 1)];
  return entry === undefined ? {} : Object.fromEntries([entry]);
}

function changeKeyword(keyword: string, value: unknown, change: (schema: JsonSchema) => JsonSchema): unknown {
  const shape = shapeOfKeyword(keyword);
  if (shape === "schema" && isSchema(value)) return change(value);
  if (shape === "list") return schemasIn(value).map(change);
  if (shape !== "map") return value;
  return Object.fromEntries(Object.entries(mapOf(value)).map(([name, sub]) => [name, change(sub)]));
}

const pairs = documents.chain((older) =>
  fc.tuple(fc.constant(older), fc.oneof(documents, changed(older), changed(older), changed(older))),
);

/**
 * The schema made to speak of every field there may be, since fields that a schema doesn't speak of count as absent.
 */
function speakingOfAll(schema: JsonSchema): JsonSchema {
  const anything = (level: number): JsonSchema =>
    level >= LEVELS
      ? true
      : {
          properties: Object.fromEntries(NAMES.map((name) => [name, anything(level + 1)])),
          items: anything(level + 1),
        };
  const { $defs, ...rest }: JsonSchemaObject = isObject(schema) ? schema : { allOf: [schema] };
  return { allOf: [rest, anything(0)], ...($defs === undefined ? {} : { $defs }) };
}

function judge(schema: JsonSchema): (value: unknown) => boolean {
  const result = compileSchema(JSON.stringify(schema));
  if (result.kind === "refused") throw new Error(JSON.stringify(result.problems));
  return (value) => result.schema.problemsOf(JSON.stringify(value)).length === 0;
}

/** Every small value, and some that hold small values. */
const samples: readonly unknown[] = (() => {
  const leaves = [null, true, -1, 0, 1, 2, 2.5, 4, "", "a", "ab", "b", "abc"];
  const some = [null, 1, 2.5, "a", "abc", "b"];
  const pairsOfSome = some.flatMap((x) => some.map((y) => [x, y] as const));
  const containers = [
    [],
    {},
    ...leaves.flatMap((x) => [[x], { a: x }, { b: x }]),
    ...pairsOfSome.flatMap(([a, b]) => [[a, b], [a, b, a], { a, b }]),
  ];
  const outer = containers.filter((_, index) => index % 4 === 0);
  return [...leaves, ...containers, ...outer.flatMap((x) => [[x], { a: x }, { a: 1, b: x }, [x, x]])];
})();

test("where no break is found, whatever is valid by the old schema is valid by the new one", () => {
  let compatible = 0;
  fc.assert(
    fc.property(pairs, ([older, newer]) => {
      const from = speakingOfAll(older);
      if (checkCompatibility("backward", from, newer).length > 0) return;
      const [isOld, isNew] = [judge(from), judge(newer)];
      const valid = samples.filter(isOld);
      if (valid.length > 0) compatible += 1;
      expect(valid.filter((sample) => !isNew(sample))).toEqual([]);
    }),
    { numRuns: 120 },
  );
  // Otherwise this would say nothing.
  expect(compatible).toBeGreaterThan(10);
}, 60_000);

test("a schema is compatible with itself", () => {
  fc.assert(
    fc.property(documents, (schema) => {
      expect(checkCompatibility("full", schema, structuredClone(schema))).toEqual([]);
    }),
    { numRuns: 300 },
  );
}, 60_000);

test("a limit at the top may always be left out", () => {
  fc.assert(
    fc.property(documents, fc.nat(), (schema, place) => {
      const limits = Object.keys(schema).filter(
        (keyword) =>
          !["$defs", "if", "else", "properties", "patternProperties", "prefixItems", "allOf"].includes(
            keyword,
          ),
      );
      const { [limits[place % limits.length] ?? ""]: _, ...wider } = schema;
      expect(checkCompatibility("backward", schema, wider)).toEqual([]);
    }),
    { numRuns: 300 },
  );
}, 60_000);

test("whatever two schemas are given, there is an answer soon", () => {
  fc.assert(
    fc.property(documents, documents, (older, newer) => {
      for (const { path, reason } of checkCompatibility("full", older, newer)) {
        expect(path === "" || path.startsWith("/")).toBe(true);
        expect(reason).not.toBe("");
      }
    }),
    { numRuns: 300 },
  );
}, 60_000);
