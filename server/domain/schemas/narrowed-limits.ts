import { isAssertedFormat, isFormatOfNumbers } from "./formats.ts";
import type { JsonSchemaObject } from "./json-schema.ts";
import { valueText } from "./json-value.ts";
import type { Sides } from "./narrowing.ts";
import { compilePattern } from "./pattern.ts";
import {
  enumerated,
  type Facts,
  isLower,
  isNumeric,
  kindsOfType,
  LIMIT_KEYWORDS,
  type LimitKeyword,
  type ValueKind,
} from "./schema-facts.ts";

/** A limit that is passed by one side only; `field` is the required member that may be missing, if it is one. */
export type LimitProblem = { field: string | null; reason: string };

/** Where the limits of a schema are narrower than what is known of the data. */
export function findLimitProblems(
  facts: Facts,
  to: JsonSchemaObject,
  { data, reader }: Sides,
): LimitProblem[] {
  const takesOnly = (what: string): LimitProblem => ({
    field: null,
    reason: `${reader} takes only ${what} here, and ${data} may hold others`,
  });
  const found = [...findKinds(facts, to, { data, reader }), ...findValues(facts, to, { data, reader })];
  for (const keyword of LIMIT_KEYWORDS) {
    const limit = to[keyword];
    if (typeof limit === "number" && concerns(keyword, facts.kinds) && !isWithin(facts, keyword, limit)) {
      found.push(takesOnly(`${WORDS[keyword]} ${limit}`));
    }
  }
  if (typeof to.multipleOf === "number" && hasNumbers(facts.kinds) && !areMultiples(facts, to.multipleOf)) {
    found.push(takesOnly(`multiples of ${to.multipleOf}`));
  }
  if (typeof to.pattern === "string" && facts.kinds.has("string") && !matchesAll(facts, to.pattern)) {
    found.push(takesOnly(`texts that match "${to.pattern}"`));
  }
  if (
    typeof to.format === "string" &&
    concernsFormat(facts.kinds, to.format) &&
    !facts.formats.has(to.format)
  ) {
    found.push(takesOnly(`values in the format "${to.format}"`));
  }
  const areFew = (facts.limits.maxItems ?? 2) < 2;
  if (to.uniqueItems === true && facts.kinds.has("array") && !facts.hasUniqueItems && !areFew) {
    found.push(takesOnly("arrays without repetitions"));
  }
  const required = facts.kinds.has("object") && Array.isArray(to.required) ? to.required.map(String) : [];
  const missing = required.filter((name) => !facts.required.has(name));
  return [
    ...found,
    ...missing.map((name) => ({
      field: name,
      reason: `${reader} requires this field, which ${data} may lack`,
    })),
  ];
}

function findKinds(facts: Facts, to: JsonSchemaObject, { data, reader }: Sides): LimitProblem[] {
  if (!("type" in to)) return [];
  const taken = kindsOfType(to.type);
  const others = [...facts.kinds].filter((kind) => !taken.includes(kind));
  if (others.length === 0) return [];
  const reason = `${reader} takes ${inWords(taken)} here, and ${data} may hold ${inWords(others)}`;
  return [{ field: null, reason }];
}

function findValues(facts: Facts, to: JsonSchemaObject, { data, reader }: Sides): LimitProblem[] {
  const values = enumerated(to);
  if (values === null) return [];
  const taken = new Set(values.map(valueText));
  const possible = facts.values ?? finiteValues(facts.kinds);
  const others = possible?.map(valueText).filter((value) => !taken.has(value));
  if (others?.length === 0) return [];
  const held = others === undefined ? "others" : listed(others);
  return [
    { field: null, reason: `${reader} takes only ${listed([...taken])} here, and ${data} may hold ${held}` },
  ];
}

function finiteValues(kinds: ReadonlySet<ValueKind>): readonly unknown[] | null {
  const values = [...kinds].map((kind) => FINITE.get(kind));
  return values.every((list) => list !== undefined) ? values.flat() : null;
}

const FINITE: ReadonlyMap<ValueKind, readonly unknown[]> = new Map<ValueKind, readonly unknown[]>([
  ["null", [null]],
  ["boolean", [true, false]],
]);

const WORDS: Record<LimitKeyword, string> = {
  minimum: "numbers from",
  exclusiveMinimum: "numbers above",
  minLength: "texts of a length from",
  minItems: "arrays of a length from",
  minProperties: "objects with a number of fields from",
  maximum: "numbers up to",
  exclusiveMaximum: "numbers below",
  maxLength: "texts of a length up to",
  maxItems: "arrays of a length up to",
  maxProperties: "objects with a number of fields up to",
};

const KIND_WORDS: Record<ValueKind, string> = {
  null: "null",
  boolean: "true and false",
  integer: "whole numbers",
  fraction: "numbers with a fraction",
  string: "texts",
  object: "objects",
  array: "arrays",
};

function concerns(keyword: LimitKeyword, kinds: ReadonlySet<ValueKind>): boolean {
  if (keyword.endsWith("Length")) return kinds.has("string");
  if (keyword.endsWith("Items")) return kinds.has("array");
  return keyword.endsWith("Properties") ? kinds.has("object") : hasNumbers(kinds);
}

function isWithin({ limits, kinds }: Facts, keyword: LimitKeyword, limit: number): boolean {
  const known = limits[keyword];
  if (known !== undefined && (isLower(keyword) ? known >= limit : known <= limit)) return true;
  const {
    minimum = -Infinity,
    maximum = Infinity,
    exclusiveMinimum = -Infinity,
    exclusiveMaximum = Infinity,
  } = limits;
  const isWhole = !kinds.has("fraction");
  switch (keyword) {
    case "minimum":
      return exclusiveMinimum >= limit || (isWhole && Math.floor(exclusiveMinimum) + 1 >= limit);
    case "maximum":
      return exclusiveMaximum <= limit || (isWhole && Math.ceil(exclusiveMaximum) - 1 <= limit);
    case "exclusiveMinimum":
      return minimum > limit || (isWhole && Math.ceil(minimum) > limit);
    case "exclusiveMaximum":
      return maximum < limit || (isWhole && Math.floor(maximum) < limit);
    default:
      // No length is below nothing.
      return isLower(keyword) && limit <= 0;
  }
}

function areMultiples({ values, multiples, kinds }: Facts, divisor: number): boolean {
  const isMultiple = (number: number) => Math.abs(number / divisor - Math.round(number / divisor)) < 1e-9;
  if (multiples.some(isMultiple)) return true;
  if (values !== null) return values.every((value) => typeof value !== "number" || isMultiple(value));
  return !kinds.has("fraction") && isMultiple(1);
}

function matchesAll({ values, patterns }: Facts, pattern: string): boolean {
  if (patterns.has(pattern)) return true;
  const compiled = compilePattern(pattern);
  if (values === null || compiled.kind === "refused") return false;
  return values.every((value) => typeof value !== "string" || compiled.pattern.test(value));
}

function concernsFormat(kinds: ReadonlySet<ValueKind>, format: string): boolean {
  if (!isAssertedFormat(format)) return false;
  return isFormatOfNumbers(format) ? hasNumbers(kinds) : kinds.has("string");
}

function hasNumbers(kinds: ReadonlySet<ValueKind>): boolean {
  return [...kinds].some(isNumeric);
}

function inWords(kinds: readonly ValueKind[]): string {
  const isWhole = kinds.includes("integer") && kinds.includes("fraction");
  const words = kinds
    .filter((kind) => !(isWhole && kind === "fraction"))
    .map((kind) => (isWhole && kind === "integer" ? "numbers" : KIND_WORDS[kind]));
  return words.length === 0 ? "nothing" : words.join(", ");
}

function listed(values: readonly string[]): string {
  const shown = values.slice(0, 10).map((value) => (value.length > 60 ? `${value.slice(0, 60)}…` : value));
  return values.length > shown.length ? `${shown.join(", ")} and more` : shown.join(", ");
}
