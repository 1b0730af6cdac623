import type { Conjunction } from "./conjunction.ts";
import type { JsonSchemaObject } from "./json-schema.ts";
import { valueText } from "./json-value.ts";

/** The kinds of values there are. Every number is either whole or has a fraction. */
export const VALUE_KINDS = ["null", "boolean", "integer", "fraction", "string", "object", "array"] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/** What all schemas of a conjunction say together, of the keywords that name a limit. */
export type Facts = {
  kinds: ReadonlySet<ValueKind>;
  /** The only values, where they are enumerated. */
  values: readonly unknown[] | null;
  /** Each at its strictest. */
  limits: Readonly<Partial<Record<LimitKeyword, number>>>;
  multiples: readonly number[];
  patterns: ReadonlySet<string>;
  formats: ReadonlySet<string>;
  required: ReadonlySet<string>;
  hasUniqueItems: boolean;
};

const LOWER = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"] as const;
const UPPER = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"] as const;
export type LimitKeyword = (typeof LOWER)[number] | (typeof UPPER)[number];
export const LIMIT_KEYWORDS: readonly LimitKeyword[] = [...LOWER, ...UPPER];

export function factsOf(conjunction: Conjunction): Facts {
  const schemas = conjunction.filter((schema) => schema !== false);
  const values = valuesOf(schemas);
  const every = (keyword: string) => schemas.map((schema) => schema[keyword]);
  const texts = (keyword: string) => new Set(every(keyword).filter((value) => typeof value === "string"));
  const required = new Set(
    every("required")
      .flatMap((names) => (Array.isArray(names) ? names : []))
      .map(String),
  );
  const limits: Partial<Record<LimitKeyword, number>> = { ...limitsOfValues(values) };
  for (const keyword of LIMIT_KEYWORDS) {
    const given = every(keyword).filter((value) => typeof value === "number");
    const known = limits[keyword];
    if (known !== undefined) given.push(known);
    if (given.length > 0) limits[keyword] = isLower(keyword) ? Math.max(...given) : Math.min(...given);
  }
  // Required members are there.
  if (required.size > 0) limits.minProperties = Math.max(limits.minProperties ?? 0, required.size);
  return {
    kinds: kindsOf(schemas, values),
    values,
    limits,
    multiples: every("multipleOf").filter((value) => typeof value === "number"),
    patterns: texts("pattern"),
    formats: texts("format"),
    required,
    hasUniqueItems: every("uniqueItems").includes(true),
  };
}

export function isLower(keyword: LimitKeyword): boolean {
  return LOWER.some((lower) => lower === keyword);
}

export function kindOf(value: unknown): ValueKind {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  switch (typeof value) {
    case "boolean":
      return "boolean";
    case "number":
      return Number.isInteger(value) ? "integer" : "fraction";
    case "string":
      return "string";
    default:
      return "object";
  }
}

/** The kinds that a `type` keyword names. */
export function kindsOfType(type: unknown): readonly ValueKind[] {
  const names: readonly unknown[] = Array.isArray(type) ? type : [type];
  return VALUE_KINDS.filter((kind) => names.includes(kind) || (isNumeric(kind) && names.includes("number")));
}

/** The values that a schema enumerates, or null. */
export function enumerated(schema: JsonSchemaObject): readonly unknown[] | null {
  if ("const" in schema) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : null;
}

export function isNumeric(kind: ValueKind): boolean {
  return kind === "integer" || kind === "fraction";
}

function kindsOf(
  schemas: readonly JsonSchemaObject[],
  values: readonly unknown[] | null,
): ReadonlySet<ValueKind> {
  const types = schemas.filter((schema) => "type" in schema).map((schema) => kindsOfType(schema.type));
  const kinds = VALUE_KINDS.filter((kind) => types.every((type) => type.includes(kind)));
  return new Set(
    values === null ? kinds : kinds.filter((kind) => values.some((value) => kindOf(value) === kind)),
  );
}

function valuesOf(schemas: readonly JsonSchemaObject[]): readonly unknown[] | null {
  const lists = schemas.map(enumerated).filter((list) => list !== null);
  const [first, ...rest] = lists;
  if (first === undefined) return null;
  const types = schemas.filter((schema) => "type" in schema).map((schema) => kindsOfType(schema.type));
  const others = rest.map((list) => new Set(list.map(valueText)));
  return first.filter(
    (value) =>
      others.every((other) => other.has(valueText(value))) &&
      types.every((type) => type.includes(kindOf(value))),
  );
}

function limitsOfValues(values: readonly unknown[] | null): Partial<Record<LimitKeyword, number>> {
  const numbers = (values ?? []).filter((value) => typeof value === "number");
  const lengths = (values ?? []).filter((value) => typeof value === "string").map((text) => [...text].length);
  return {
    ...(numbers.length === 0 ? {} : { minimum: Math.min(...numbers), maximum: Math.max(...numbers) }),
    ...(lengths.length === 0 ? {} : { minLength: Math.min(...lengths), maxLength: Math.max(...lengths) }),
  };
}
