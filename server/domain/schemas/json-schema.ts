import { appendToken, parsePointer } from "../json-pointer.ts";

/** A JSON Schema of the dialect 2020-12, as it was parsed. What its keywords hold is checked where it is read. */
export type JsonSchema = boolean | JsonSchemaObject;
export type JsonSchemaObject = { readonly [keyword: string]: unknown };

export type Subschema = {
  /** Where it stands in the schema, as a JSON Pointer. */
  pointer: string;
  schema: JsonSchema;
  /** Whether it judges the same value as the schema around it, and not a part of that value. */
  isInPlace: boolean;
};

/** What a keyword holds: a schema, a list of them, or schemas by name. */
export type KeywordShape = "schema" | "list" | "map";

const IN_PLACE: ReadonlyMap<string, KeywordShape> = new Map<string, KeywordShape>([
  ["not", "schema"],
  ["if", "schema"],
  ["then", "schema"],
  ["else", "schema"],
  ["allOf", "list"],
  ["anyOf", "list"],
  ["oneOf", "list"],
  ["dependentSchemas", "map"],
]);
const OF_PARTS: ReadonlyMap<string, KeywordShape> = new Map<string, KeywordShape>([
  ["additionalProperties", "schema"],
  ["items", "schema"],
  ["contains", "schema"],
  ["propertyNames", "schema"],
  ["unevaluatedItems", "schema"],
  ["unevaluatedProperties", "schema"],
  ["contentSchema", "schema"],
  ["prefixItems", "list"],
  ["properties", "map"],
  ["patternProperties", "map"],
  ["$defs", "map"],
  ["definitions", "map"],
]);

/** Undefined for a keyword that holds no schema. */
export function shapeOfKeyword(keyword: string): KeywordShape | undefined {
  return IN_PLACE.get(keyword) ?? OF_PARTS.get(keyword);
}

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "boolean" || isObject(value);
}

export function isObject(value: unknown): value is JsonSchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The schemas that a schema holds directly, those behind references not among them. */
export function listSubschemas(schema: JsonSchema, pointer = ""): Subschema[] {
  if (typeof schema === "boolean") return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const isInPlace = IN_PLACE.has(keyword);
    const at = appendToken(pointer, keyword);
    return membersOf(value, shapeOfKeyword(keyword))
      .filter((member): member is [string | null, JsonSchema] => isSchema(member[1]))
      .map(([token, schema]) => ({
        pointer: token === null ? at : appendToken(at, token),
        schema,
        isInPlace,
      }));
  });
}

function membersOf(value: unknown, shape: KeywordShape | undefined): [string | null, unknown][] {
  if (shape === "schema") return [[null, value]];
  if (shape === "list" && Array.isArray(value)) return value.map((item, index) => [String(index), item]);
  return shape === "map" && isObject(value) ? Object.entries(value) : [];
}

/**
 * The schema that a reference within the same document names, by pointer (`#/$defs/line`) or anchor (`#line`).
 *
 * @returns undefined when it names none, or another document
 */
export function resolveReference(root: JsonSchema, reference: string): JsonSchema | undefined {
  if (!reference.startsWith("#")) return undefined;
  const fragment = decodeFragment(reference.slice(1));
  const tokens = parsePointer(fragment);
  if (tokens === null) return findAnchor(root, fragment);
  let found: unknown = root;
  for (const token of tokens) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, token)) return undefined;
    found = Reflect.get(found, token);
  }
  return isSchema(found) ? found : undefined;
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function findAnchor(root: JsonSchema, anchor: string): JsonSchema | undefined {
  const queue: JsonSchema[] = [root];
  for (const schema of queue) {
    if (isObject(schema) && schema.$anchor === anchor) return schema;
    queue.push(...listSubschemas(schema).map((sub) => sub.schema));
  }
  return undefined;
}
