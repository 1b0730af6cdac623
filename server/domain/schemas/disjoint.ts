import { type Conjunction, mapOf, type SchemaDocument, schemasIn } from "./conjunction.ts";
import { isSchema, type JsonSchema, type JsonSchemaObject } from "./json-schema.ts";
import { valueText } from "./json-value.ts";
import { compilePattern } from "./pattern.ts";
import { factsOf } from "./schema-facts.ts";

const MAX_DEPTH = 4;

/**
 * Whether it is sure that no value fits both: they take different kinds of values, or different values of an
 * enumeration, or ask for a field that can't be in both, as a `kind` that tells them apart.
 */
export function isDisjoint(
  a: Conjunction,
  documentOfA: SchemaDocument,
  b: Conjunction,
  documentOfB: SchemaDocument,
  depth = 0,
): boolean {
  if (a.includes(false) || b.includes(false)) return true;
  const [ours, theirs] = [factsOf(a), factsOf(b)];
  const shared = [...ours.kinds].filter((kind) => theirs.kinds.has(kind));
  if (shared.length === 0) return true;
  if (ours.values !== null && theirs.values !== null) {
    const known = new Set(ours.values.map(valueText));
    return !theirs.values.some((value) => known.has(valueText(value)));
  }
  if (depth >= MAX_DEPTH || shared.some((kind) => kind !== "object")) return false;
  return [...ours.required.union(theirs.required)].some((name) =>
    isDisjoint(
      membersOf(a, documentOfA, name),
      documentOfA,
      membersOf(b, documentOfB, name),
      documentOfB,
      depth + 1,
    ),
  );
}

/**
 * Whether the two are told apart by their kinds of values, or by the enumerated values of a required field, such as
 * `kind`: then the one was never meant to take what the other takes.
 */
export function isOtherKind(
  a: Conjunction,
  documentOfA: SchemaDocument,
  b: Conjunction,
  documentOfB: SchemaDocument,
): boolean {
  const [ours, theirs] = [factsOf(a), factsOf(b)];
  if (ours.kinds.isDisjointFrom(theirs.kinds)) return true;
  return [...ours.required.union(theirs.required)].some((name) => {
    const [mine, yours] = [membersOf(a, documentOfA, name), membersOf(b, documentOfB, name)];
    const areEnumerated = factsOf(mine).values !== null && factsOf(yours).values !== null;
    return areEnumerated && isDisjoint(mine, documentOfA, yours, documentOfB);
  });
}

function membersOf(conjunction: Conjunction, document: SchemaDocument, name: string): Conjunction {
  return conjunction
    .flatMap((schema) => (schema === false ? [] : memberOf(schema, name)))
    .flatMap((sub) => document.conjunctionOf(sub));
}

/** The schemas that a schema has for the member of this name, other than by reference or combination. */
export function memberOf(schema: JsonSchemaObject, name: string): JsonSchema[] {
  if (namesMember(schema, name)) return namedSchemas(schema, name);
  return isSchema(schema.additionalProperties) ? [schema.additionalProperties] : [];
}

/** Whether a schema speaks of the member of this name, and not only of further ones. */
export function namesMember(schema: JsonSchemaObject, name: string): boolean {
  return namedSchemas(schema, name).length > 0;
}

function namedSchemas(schema: JsonSchemaObject, name: string): JsonSchema[] {
  const named = Object.entries(mapOf(schema.properties)).filter(([property]) => property === name);
  const matching = Object.entries(mapOf(schema.patternProperties)).filter(([pattern]) =>
    matches(pattern, name),
  );
  return [...named, ...matching].map(([, sub]) => sub);
}

/** The schemas that a schema has for the element at this place. */
export function itemOf(schema: JsonSchemaObject, index: number): JsonSchema[] {
  const own = schemasIn(schema.prefixItems)[index] ?? schema.items;
  return isSchema(own) ? [own] : [];
}

function matches(pattern: string, name: string): boolean {
  const result = compilePattern(pattern);
  return result.kind === "compiled" && result.pattern.test(name);
}
