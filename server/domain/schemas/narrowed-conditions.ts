import { type Conjunction, isSame, type SchemaDocument } from "./conjunction.ts";
import { isDisjoint } from "./disjoint.ts";
import { isObject, isSchema, type JsonSchemaObject } from "./json-schema.ts";
import type { Sides } from "./narrowing.ts";
import type { Facts } from "./schema-facts.ts";

/** Keywords that are compared as a whole, with those that belong to them, and the values that they are about. */
const CONDITIONS: readonly { keywords: readonly [string, ...string[]]; kind: "object" | "array" | null }[] = [
  { keywords: ["not"], kind: null },
  { keywords: ["if", "then", "else"], kind: null },
  { keywords: ["dependentSchemas"], kind: "object" },
  { keywords: ["dependentRequired"], kind: "object" },
  { keywords: ["propertyNames"], kind: "object" },
  { keywords: ["unevaluatedProperties"], kind: "object" },
  { keywords: ["contains", "minContains", "maxContains"], kind: "array" },
  { keywords: ["unevaluatedItems"], kind: "array" },
];

/** Reasons against the conditions of a schema that are not known to hold for the data. */
export function findConditionProblems(
  from: Conjunction,
  facts: Facts,
  to: JsonSchemaObject,
  documentOfFrom: SchemaDocument,
  documentOfTo: SchemaDocument,
  { data, reader }: Sides,
): string[] {
  return CONDITIONS.filter(
    ({ keywords: [keyword], kind }) => keyword in to && (kind === null || facts.kinds.has(kind)),
  )
    .filter(({ keywords }) => !hasSame(from, to, keywords, documentOfFrom, documentOfTo))
    .filter(({ keywords: [keyword] }) => !isHarmless(keyword, from, facts, to, documentOfFrom, documentOfTo))
    .map(
      ({ keywords: [keyword] }) =>
        `${reader} has another "${keyword}" here, and it can't be judged whether all ${data} passes it`,
    );
}

/** Whether one of the schemas has the same under these keywords, so that the data has passed it already. */
export function hasSame(
  from: Conjunction,
  to: JsonSchemaObject,
  keywords: readonly string[],
  documentOfFrom: SchemaDocument,
  documentOfTo: SchemaDocument,
): boolean {
  // What is evaluated depends on the keywords beside it.
  if (keywords.some((keyword) => keyword.startsWith("unevaluated"))) return false;
  const wanted = pick(to, keywords);
  return from.some(
    (schema) => schema !== false && isSame(pick(schema, keywords), documentOfFrom, wanted, documentOfTo),
  );
}

function isHarmless(
  keyword: string,
  from: Conjunction,
  facts: Facts,
  to: JsonSchemaObject,
  documentOfFrom: SchemaDocument,
  documentOfTo: SchemaDocument,
): boolean {
  const value = to[keyword];
  switch (keyword) {
    case "not":
      return (
        isSchema(value) && isDisjoint(from, documentOfFrom, documentOfTo.conjunctionOf(value), documentOfTo)
      );
    case "if":
      return !("then" in to || "else" in to);
    case "dependentRequired":
      return (
        isObject(value) &&
        Object.values(value)
          .flat()
          .every((name) => facts.required.has(String(name)))
      );
    case "contains":
      return to.minContains === 0 && !("maxContains" in to);
    case "unevaluatedProperties":
      return value === true || documentOfTo.isClosedByNames(to);
    default:
      return value === true;
  }
}

function pick(schema: JsonSchemaObject, keywords: readonly string[]): JsonSchemaObject {
  const held = keywords.filter((keyword) => keyword in schema);
  return Object.fromEntries(held.map((keyword) => [keyword, schema[keyword]]));
}
