import { skipValue } from "../envelope/json-slices.ts";
import { isObject, isSchema, type JsonSchema, listSubschemas, resolveReference } from "./json-schema.ts";
import { compilePattern } from "./pattern.ts";

/** Something wrong at a place in a schema or in a payload. */
export type SchemaProblem = {
  /** JSON Pointer of the place. */
  path: string;
  reason: string;
};

export type ReadSchemaResult =
  | { kind: "read"; schema: JsonSchema }
  | { kind: "refused"; problems: readonly SchemaProblem[] };

export const MAX_SCHEMA_LENGTH = 256 * 1024;
const MAX_DEPTH = 64;
/** Schemas that one value may have to pass, references followed. Real ones need a few dozen. */
const MAX_WORK = 10_000;
const MAX_CHAIN = 500;
const MAX_SCHEMAS = 5000;

export const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/**
 * Reads the text of a JSON Schema 2020-12, and refuses what can't be used here: other dialects, references to
 * other documents (nothing is ever fetched), patterns and references that take unbounded time.
 */
export function readSchema(text: string): ReadSchemaResult {
  if (text.length > MAX_SCHEMA_LENGTH) return refuse("", `is longer than ${MAX_SCHEMA_LENGTH} characters`);
  const cursor = { at: text.search(/\S|$/), depth: 0 };
  if (skipValue(text, cursor) && cursor.depth > MAX_DEPTH)
    return refuse("", `is nested deeper than ${MAX_DEPTH} levels`);
  const schema = parse(text);
  if (!isSchema(schema)) return refuse("", "is no JSON Schema, which is an object, true or false");
  const problems = problemsIn(schema);
  return problems.length === 0 ? { kind: "read", schema } : { kind: "refused", problems };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemsIn(root: JsonSchema): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const queue = [{ pointer: "", schema: root }];
  for (const { pointer, schema } of queue) {
    problems.push(...problemsOf(schema, pointer, root));
    queue.push(...listSubschemas(schema, pointer));
    if (queue.length > MAX_SCHEMAS)
      return [{ path: "", reason: `holds more than ${MAX_SCHEMAS} schemas. Split it` }];
  }
  if (problems.length > 0) return problems;
  const work = new WorkMeter(root);
  for (const { pointer, schema } of queue) {
    const reason = work.reasonAgainst(schema);
    if (reason !== null) return [{ path: pointer, reason }];
  }
  return [];
}

function problemsOf(schema: JsonSchema, pointer: string, root: JsonSchema): SchemaProblem[] {
  if (!isObject(schema)) return [];
  const problems: SchemaProblem[] = [];
  const add = (keyword: string, reason: string) => problems.push({ path: `${pointer}/${keyword}`, reason });
  if (schema.$schema !== undefined && schema.$schema !== DIALECT) {
    add("$schema", `must be "${DIALECT}", or left out`);
  }
  for (const keyword of ["$async", "$recursiveRef"]) {
    if (keyword in schema) add(keyword, "is not part of JSON Schema 2020-12");
  }
  if ("dependencies" in schema) {
    add("dependencies", "is not part of JSON Schema 2020-12. Write dependentRequired or dependentSchemas");
  }
  if ("nullable" in schema) {
    add(
      "nullable",
      'is not part of JSON Schema 2020-12. Write "null" among the types, as in ["string", "null"]',
    );
  }
  if (pointer !== "" && schema.$id !== undefined)
    add("$id", "may stand at the root only. Name this schema by $anchor");
  const { $ref } = schema;
  if (typeof $ref === "string" && resolveReference(root, $ref) === undefined) {
    add(
      "$ref",
      `refers to "${$ref}", which is not in this schema. Put it under $defs and refer to it by #/$defs/…`,
    );
  }
  if ("$dynamicRef" in schema) add("$dynamicRef", "is not taken here. Refer by $ref");
  const patterns = isObject(schema.patternProperties) ? Object.keys(schema.patternProperties) : [];
  if (typeof schema.pattern === "string") patterns.push(schema.pattern);
  for (const pattern of patterns) {
    const result = compilePattern(pattern);
    const keyword = pattern === schema.pattern ? "pattern" : "patternProperties";
    if (result.kind === "refused") add(keyword, `"${pattern.slice(0, 100)}" ${result.reason}`);
  }
  return problems;
}

/**
 * Counts the schemas that a single value has to pass: `allOf` of references to `allOf` of references doubles with
 * every level, and a reference round in a circle without a step into the value never ends.
 */
class WorkMeter {
  readonly #root: JsonSchema;
  readonly #known = new Map<JsonSchema, number>();
  readonly #open = new Set<JsonSchema>();

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  reasonAgainst(schema: JsonSchema): string | null {
    const work = this.#workOf(schema);
    if (work === Number.POSITIVE_INFINITY) return "refers in a circle for the same value, or on and on";
    return work > MAX_WORK ? `makes each value pass more than ${MAX_WORK} schemas. Simplify it` : null;
  }

  #workOf(schema: JsonSchema): number {
    if (!isObject(schema)) return 1;
    const known = this.#known.get(schema);
    if (known !== undefined) return known;
    if (this.#open.has(schema) || this.#open.size > MAX_CHAIN) return Number.POSITIVE_INFINITY;
    this.#open.add(schema);
    const inPlace = listSubschemas(schema).filter(({ isInPlace }) => isInPlace);
    const { $ref } = schema;
    const referred = typeof $ref === "string" ? resolveReference(this.#root, $ref) : undefined;
    const work = inPlace.reduce(
      (sum, sub) => sum + this.#workOf(sub.schema),
      1 + this.#workOf(referred ?? true),
    );
    this.#open.delete(schema);
    this.#known.set(schema, work);
    return work;
  }
}

function refuse(path: string, reason: string): ReadSchemaResult {
  return { kind: "refused", problems: [{ path, reason }] };
}
