import {
  isObject,
  isSchema,
  type JsonSchema,
  type JsonSchemaObject,
  resolveReference,
  shapeOfKeyword,
} from "./json-schema.ts";
import { valueText } from "./json-value.ts";

/**
 * The schemas that all apply to one value: a schema with its references and its `allOf` followed. In each of them
 * those two keywords are to be passed over. `false` among them takes no value at all.
 */
export type Conjunction = readonly (JsonSchemaObject | false)[];

/** A document of schemas, in which references are followed. */
export class SchemaDocument {
  readonly root: JsonSchema;
  readonly #closed = new WeakMap<JsonSchemaObject, JsonSchemaObject>();
  readonly #canonicals = new WeakMap<JsonSchemaObject, string | null>();

  constructor(root: JsonSchema) {
    this.root = root;
  }

  conjunctionOf(schema: JsonSchema): Conjunction {
    if (schema === true) return [];
    if (schema === false) return [false];
    const parts = this.#partsOf(schema);
    const closing = this.#closing(schema, parts);
    // A schema that only refers to others says nothing itself, so that it is the same as what it refers to.
    const own = Object.keys(schema).some((keyword) => !ANNOTATIONS.has(keyword) && !FOLLOWED.has(keyword));
    return [...(own ? [schema] : []), ...parts, ...(closing === null ? [] : [closing])];
  }

  /**
   * A text that is the same for schemas that say the same: references inlined, annotations left out. Null where it
   * would be very long.
   */
  canonical(schema: JsonSchemaObject): string | null {
    const known = this.#canonicals.get(schema);
    if (known !== undefined) return known;
    const text = this.#write(schema, [], { left: MAX_CANONICAL });
    this.#canonicals.set(schema, text);
    return text;
  }

  #write(schema: JsonSchema, open: readonly JsonSchema[], budget: { left: number }): string | null {
    budget.left -= 1;
    if (budget.left < 0) return null;
    if (typeof schema === "boolean") return String(schema);
    const inner = (sub: JsonSchema) => this.#write(sub, open, budget) ?? "";
    const members = Object.entries(schema)
      .filter(([keyword]) => !ANNOTATIONS.has(keyword) && keyword !== "$ref")
      .map(([keyword, value]) => `${keyword}:${writeValue(keyword, value, inner)}`);
    const referred = this.#referred(schema);
    if (referred !== undefined) {
      // A schema within itself is told by how far out it stands.
      const place = open.indexOf(referred);
      const target = place === -1 ? this.#write(referred, [...open, referred], budget) : open.length - place;
      members.push(`$ref:${target}`);
    }
    return budget.left < 0 ? null : `{${members.sort().join()}}`;
  }

  /** Whether `unevaluatedProperties` of a schema is put otherwise in its conjunction. */
  isClosedByNames(schema: JsonSchemaObject): boolean {
    return this.#closing(schema, this.#partsOf(schema)) !== null;
  }

  #partsOf(schema: JsonSchemaObject): Conjunction {
    const referred = this.#referred(schema);
    return [...schemasIn(schema.allOf), ...(referred === undefined ? [] : [referred])].flatMap((part) =>
      this.conjunctionOf(part),
    );
  }

  #referred({ $ref }: JsonSchemaObject): JsonSchema | undefined {
    return typeof $ref === "string" ? resolveReference(this.root, $ref) : undefined;
  }

  /**
   * What `unevaluatedProperties` says, put as `additionalProperties` beside every name that is spoken of: the same
   * where all that speaks of names applies to every value.
   */
  #closing(schema: JsonSchemaObject, parts: Conjunction): JsonSchemaObject | null {
    if (!canBeClosed(schema, parts)) return null;
    const known = this.#closed.get(schema);
    if (known !== undefined) return known;
    const all = [schema, ...parts].filter((part) => part !== false);
    const named = (keyword: "properties" | "patternProperties") =>
      Object.fromEntries(
        all.flatMap((part) => Object.keys(mapOf(part[keyword])).map((name) => [name, true])),
      );
    const closed = {
      properties: named("properties"),
      patternProperties: named("patternProperties"),
      additionalProperties: schema.unevaluatedProperties,
    };
    this.#closed.set(schema, closed);
    return closed;
  }
}

const FOLLOWED: ReadonlySet<string> = new Set(["$ref", "allOf"]);

/** Whether two schemas say the same, as far as can be seen with bounded effort. */
export function isSame(
  a: JsonSchemaObject | false,
  documentOfA: SchemaDocument,
  b: JsonSchemaObject,
  documentOfB: SchemaDocument,
): boolean {
  if (a === false) return false;
  const text = documentOfA.canonical(a);
  return text !== null && text === documentOfB.canonical(b);
}

/** Schemas in a canonical text. */
const MAX_CANONICAL = 20_000;

const SETS: ReadonlySet<string> = new Set(["type", "enum", "required"]);

function writeValue(keyword: string, value: unknown, canonical: (schema: JsonSchema) => string): string {
  switch (shapeOfKeyword(keyword)) {
    case "schema":
      return isSchema(value) ? canonical(value) : "";
    case "list":
      return `[${schemasIn(value).map(canonical).join()}]`;
    case "map":
      return `{${Object.entries(mapOf(value))
        .map(([name, schema]) => `${JSON.stringify(name)}:${canonical(schema)}`)
        .sort()
        .join()}}`;
    default:
      return SETS.has(keyword) ? [value].flat().map(valueText).sort().join() : valueText(value);
  }
}

const ANNOTATIONS: ReadonlySet<string> = new Set([
  "$schema",
  "$id",
  "$comment",
  "$defs",
  "$anchor",
  "definitions",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
]);

/** Keywords that speak of members under a condition. */
const CONDITIONAL = ["anyOf", "oneOf", "not", "if", "dependentSchemas"];

function canBeClosed(schema: JsonSchemaObject, parts: Conjunction): boolean {
  if (!isSchema(schema.unevaluatedProperties)) return false;
  const isPlain = (part: JsonSchemaObject | false) =>
    part === false || !CONDITIONAL.some((keyword) => keyword in part);
  const isOpen = parts.every(
    (part) => part === false || !("additionalProperties" in part || "unevaluatedProperties" in part),
  );
  return isOpen && !("additionalProperties" in schema) && [schema, ...parts].every(isPlain);
}

/** The schemas of a list; nothing where there is none. */
export function schemasIn(value: unknown): readonly JsonSchema[] {
  return Array.isArray(value) ? value.filter(isSchema) : [];
}

/** The schemas of a map by name; nothing where there is none. */
export function mapOf(value: unknown): { readonly [name: string]: JsonSchema } {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, JsonSchema] => isSchema(entry[1])),
  );
}
