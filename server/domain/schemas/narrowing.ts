import { appendToken } from "../json-pointer.ts";
import { alternativesByValue, areExclusive, describeKind, spellValue } from "./alternatives.ts";
import { type Conjunction, isSame, mapOf, SchemaDocument, schemasIn } from "./conjunction.ts";
import { isOtherKind, itemOf, memberOf, namesMember } from "./disjoint.ts";
import { isSchema, type JsonSchema, type JsonSchemaObject } from "./json-schema.ts";
import { findConditionProblems, hasSame } from "./narrowed-conditions.ts";
import { findLimitProblems } from "./narrowed-limits.ts";
import { type Facts, factsOf } from "./schema-facts.ts";

/** A place at which one schema takes values that the other doesn't. */
export type Narrowing = {
  /** JSON Pointer of the field in the data; `*` stands for any element, or any further field. */
  path: string;
  reason: string;
};

/** What the two sides are called in reasons: `old data` is read by `the new schema`. */
export type Sides = { data: string; reader: string };

/** Pairs of schemas looked at. */
const MAX_STEPS = 5000;

/**
 * Where data that is valid by `from` may be invalid by `to`: nothing when all of it is sure to be valid.
 *
 * It errs on the side of a finding: what can't be judged is one. With one exception, since schemas are commonly
 * left open: a field that `from` doesn't speak of is taken to be absent, so that adding an optional field is none.
 */
export function findNarrowings(from: JsonSchema, to: JsonSchema, sides: Sides): Narrowing[] {
  const comparison = new Comparison(from, to, sides);
  try {
    return comparison.run();
  } catch (error) {
    if (!(error instanceof TooIntricate)) throw error;
    return [
      {
        path: "",
        reason: `it can't be judged whether ${sides.reader} takes all ${sides.data}: they are too intricate`,
      },
    ];
  }
}

/** Thrown where schemas are too large to be compared with care. */
class TooIntricate extends Error {
  override readonly name = "TooIntricate";
}

class Comparison {
  readonly #from: SchemaDocument;
  readonly #to: SchemaDocument;
  readonly #sides: Sides;
  readonly #ids = new WeakMap<JsonSchemaObject, number>();
  /** Pairs that are being compared: a recursive schema meets itself again, and holds if all else does. */
  readonly #open = new Set<string>();
  readonly #without = new WeakMap<JsonSchemaObject, JsonSchemaObject>();
  readonly #spelled = new WeakSet<JsonSchemaObject>();
  #steps = 0;
  #lastId = 0;

  constructor(from: JsonSchema, to: JsonSchema, sides: Sides) {
    this.#from = new SchemaDocument(from);
    this.#to = new SchemaDocument(to);
    this.#sides = sides;
  }

  run(): Narrowing[] {
    const found = this.#compare(this.#from.conjunctionOf(this.#from.root), this.#to.root, "");
    return [...new Map(found.map((narrowing) => [JSON.stringify(narrowing), narrowing])).values()];
  }

  #compare(from: Conjunction, to: JsonSchema, path: string): Narrowing[] {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) throw new TooIntricate();
    const facts = factsOf(from);
    if (from.includes(false) || facts.kinds.size === 0 || facts.values?.length === 0) return [];
    const spelled = this.#spellOut(from, facts);
    if (spelled !== null) return spelled.flatMap((one) => this.#compare(one, to, path));
    const found = this.#to.conjunctionOf(to).flatMap((schema) => this.#compareOne(from, facts, schema, path));
    if (found.length === 0) return [];
    const alternatives = this.#alternativesOf(from);
    return alternatives === null ? found : alternatives.flatMap((one) => this.#compare(one, to, path));
  }

  #compareOne(from: Conjunction, facts: Facts, to: JsonSchemaObject | false, path: string): Narrowing[] {
    const { data, reader } = this.#sides;
    if (to === false) return [{ path, reason: `${reader} doesn't allow this field, which ${data} may have` }];
    const pair = `${from.map((schema) => this.#idOf(schema)).join()}>${this.#idOf(to)}`;
    if (this.#open.has(pair) || from.some((schema) => isSame(schema, this.#from, to, this.#to))) return [];
    this.#open.add(pair);
    const found = [
      ...findLimitProblems(facts, to, this.#sides).map(({ field, reason }) => ({
        path: field === null ? path : appendToken(path, field),
        reason,
      })),
      ...(facts.kinds.has("object") ? this.#compareMembers(from, to, path) : []),
      ...(facts.kinds.has("array") ? this.#compareElements(from, facts, to, path) : []),
      ...this.#compareUnion(from, facts, to, "anyOf", path),
      ...this.#compareUnion(from, facts, to, "oneOf", path),
      ...findConditionProblems(from, facts, to, this.#from, this.#to, this.#sides).map((reason) => ({
        path,
        reason,
      })),
    ];
    this.#open.delete(pair);
    return found;
  }

  #compareMembers(from: Conjunction, to: JsonSchemaObject, path: string): Narrowing[] {
    const schemas = from.filter((schema) => schema !== false);
    const names = new Set([...schemas, to].flatMap((schema) => Object.keys(mapOf(schema.properties))));
    const found = [...names].flatMap((name) => {
      const known = schemas
        .flatMap((schema) => memberOf(schema, name))
        .flatMap((sub) => this.#from.conjunctionOf(sub));
      if (known.length === 0 && !schemas.some((schema) => namesMember(schema, name))) return [];
      return memberOf(to, name).flatMap((sub) => this.#compare(known, sub, appendToken(path, name)));
    });
    const patterns = schemas.flatMap((schema) => Object.entries(mapOf(schema.patternProperties)));
    const further = schemas.map(({ additionalProperties }) => additionalProperties).filter(isSchema);
    const others = further.flatMap((sub) => this.#from.conjunctionOf(sub));
    const toPatterns = mapOf(to.patternProperties);
    const anyPath = appendToken(path, "*");
    for (const [pattern, sub] of patterns) {
      // Which names match two patterns at once is not known, so all that may apply has to be passed.
      const readers = Object.hasOwn(toPatterns, pattern)
        ? Object.values(toPatterns)
        : [...Object.values(toPatterns), to.additionalProperties];
      for (const reader of readers.filter(isSchema)) {
        found.push(...this.#compare(this.#from.conjunctionOf(sub), reader, anyPath));
      }
    }
    for (const [pattern, reader] of Object.entries(toPatterns)) {
      // Names that match one of the same patterns are no further ones.
      const isOwn = patterns.some(([own]) => own === pattern);
      if (!isOwn && others.length > 0) found.push(...this.#compare(others, reader, anyPath));
    }
    if (isSchema(to.additionalProperties))
      found.push(...this.#compareFurther(others, to.additionalProperties, anyPath));
    return found;
  }

  #compareFurther(from: Conjunction, to: JsonSchema, path: string): Narrowing[] {
    const { data, reader } = this.#sides;
    if (to === false && !from.includes(false)) {
      return [
        { path, reason: `${reader} allows no fields but those that it names, and ${data} may have others` },
      ];
    }
    return this.#compare(from, to, path);
  }

  #compareElements(from: Conjunction, facts: Facts, to: JsonSchemaObject, path: string): Narrowing[] {
    const schemas = from.filter((schema) => schema !== false);
    const longest = Math.max(...[...schemas, to].map((schema) => schemasIn(schema.prefixItems).length));
    const most = facts.limits.maxItems ?? Number.POSITIVE_INFINITY;
    const found: Narrowing[] = [];
    for (let index = 0; index <= longest && index < most; index += 1) {
      // Behind the longest prefix all elements are alike.
      const at = appendToken(path, index === longest ? "*" : index);
      const known = schemas
        .flatMap((schema) => itemOf(schema, index))
        .flatMap((sub) => this.#from.conjunctionOf(sub));
      for (const sub of itemOf(to, index)) found.push(...this.#compare(known, sub, at));
    }
    return found;
  }

  #compareUnion(
    from: Conjunction,
    facts: Facts,
    to: JsonSchemaObject,
    keyword: "anyOf" | "oneOf",
    path: string,
  ): Narrowing[] {
    const branches = schemasIn(to[keyword]);
    if (branches.length === 0 || hasSame(from, to, [keyword], this.#from, this.#to)) return [];
    const { data, reader } = this.#sides;
    const conjunctions = branches.map((branch) => this.#to.conjunctionOf(branch));
    if (keyword === "oneOf" && !areExclusive(conjunctions, this.#to)) {
      return [
        {
          path,
          reason: `${reader} has another "oneOf" here, and ${data} may fit more than one of its schemas`,
        },
      ];
    }
    const alternatives = this.#alternativesOf(from) ?? alternativesByValue(from, facts);
    return alternatives.flatMap((alternative) => {
      const attempts = branches.map((branch) => this.#compare(alternative, branch, path));
      if (attempts.some((found) => found.length === 0)) return [];
      // Where one schema alone may be meant, it names the field.
      const [meant, ...more] = attempts.filter(
        (_, index) => !isOtherKind(alternative, this.#from, conjunctions[index] ?? [], this.#to),
      );
      if (meant !== undefined && more.length === 0) return meant;
      const reason = `${data}${describeKind(alternative)} may fit none of the schemas that "${keyword}" of ${reader} offers here`;
      return [{ path, reason }];
    });
  }

  /** The conjunctions of which a value of this one fits at least one, where there is a union in it. */
  #alternativesOf(from: Conjunction): Conjunction[] | null {
    for (const [index, schema] of from.entries()) {
      if (schema === false) continue;
      const keyword = ["anyOf", "oneOf"].find((union) => schemasIn(schema[union]).length > 0);
      if (keyword === undefined) continue;
      const others = from.with(index, this.#omit(schema, keyword));
      return schemasIn(schema[keyword]).map((branch) => [...others, ...this.#from.conjunctionOf(branch)]);
    }
    return null;
  }

  #omit(schema: JsonSchemaObject, keyword: string): JsonSchemaObject {
    const known = this.#without.get(schema);
    if (known !== undefined) return known;
    const { [keyword]: _, ...rest } = schema;
    this.#without.set(schema, rest);
    return rest;
  }

  /** Enumerated objects and arrays as schemas, which say what their members are; null where there are none. */
  #spellOut(from: Conjunction, { values }: Facts): Conjunction[] | null {
    if (values === null || from.some((schema) => schema !== false && this.#spelled.has(schema))) return null;
    if (!values.some((value) => typeof value === "object" && value !== null)) return null;
    return values.map((value) => {
      const schema = spellValue(value);
      this.#spelled.add(schema);
      return [...from, schema];
    });
  }

  #idOf(schema: JsonSchemaObject | false): number {
    if (schema === false) return 0;
    const known = this.#ids.get(schema);
    if (known !== undefined) return known;
    this.#lastId += 1;
    this.#ids.set(schema, this.#lastId);
    return this.#lastId;
  }
}
