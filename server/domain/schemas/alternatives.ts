import type { Conjunction, SchemaDocument } from "./conjunction.ts";
import { isDisjoint, memberOf } from "./disjoint.ts";
import { isObject, type JsonSchemaObject } from "./json-schema.ts";
import { valueText } from "./json-value.ts";
import { type Facts, factsOf, type ValueKind } from "./schema-facts.ts";

/** Values of an enumeration that are looked at one by one. */
const MAX_VALUES = 50;

/** One schema for each kind, so that they are known again. */
const ONLY: Readonly<Record<ValueKind, JsonSchemaObject>> = {
  null: { type: "null" },
  boolean: { type: "boolean" },
  integer: { type: "integer" },
  fraction: { type: "number", not: { type: "integer" } },
  string: { type: "string" },
  object: { type: "object" },
  array: { type: "array" },
};

/** The same as a conjunction, one for each of its values, or kinds of values. */
export function alternativesByValue(from: Conjunction, { values, kinds }: Facts): Conjunction[] {
  if (values !== null && values.length <= MAX_VALUES)
    return values.map((value) => [...from, { const: value }]);
  return [...kinds].map((kind) => [...from, ONLY[kind]]);
}

/** What tells data of this kind from other data, as `kind: "refunded"`; nothing where nothing does. */
export function describeKind(conjunction: Conjunction): string {
  const { required } = factsOf(conjunction);
  const schemas = conjunction.filter((schema) => schema !== false);
  for (const name of required) {
    const { values } = factsOf(schemas.flatMap((schema) => memberOf(schema, name)).filter(isObject));
    if (values?.length === 1) return ` with ${name} ${valueText(values[0])}`;
  }
  return "";
}

/** The schema of one value. */
export function spellValue(value: unknown): JsonSchemaObject {
  if (Array.isArray(value)) {
    return {
      const: value,
      prefixItems: value.map(spellValue),
      items: false,
      minItems: value.length,
      maxItems: value.length,
    };
  }
  if (typeof value !== "object" || value === null) return { const: value };
  const properties = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, spellValue(member)]),
  );
  return { const: value, properties, required: Object.keys(value), additionalProperties: false };
}

/** Whether no value can fit two of them. */
export function areExclusive(conjunctions: readonly Conjunction[], document: SchemaDocument): boolean {
  return conjunctions.every((one, index) =>
    conjunctions.slice(index + 1).every((other) => isDisjoint(one, document, other, document)),
  );
}
