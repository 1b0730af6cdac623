import type { Node } from "jsonc-parser";
import { compareNumbers, type ExactNumber, numberKey, readNumber } from "../exact-number.ts";
import { appendToken } from "../json-pointer.ts";
import { JsonDocument } from "../schemas/json-edit.ts";
import { formatOf, type TextFormat } from "../schemas/text-format.ts";

type FieldType = "string" | "number" | "boolean" | "object" | "array" | "null";

/** Something that is true of a place in one payload and false in another. */
export type Fact =
  | { kind: "missing" }
  | { kind: "present" }
  | { kind: "type"; type: FieldType }
  /** A string, array or object with nothing in it. */
  | { kind: "empty" }
  /** Exactly this value, as it is written in JSON. */
  | { kind: "value"; json: string }
  | { kind: "format"; format: TextFormat }
  /** What the text looks like: `A` and `a` for runs of letters, `9` for runs of digits, other signs for themselves. */
  | { kind: "shape"; shape: string }
  /**
   * Bounds that all failing payloads keep to: of a number, of a text's length, or of the count of elements. Where an
   * array is on the way, all elements keep to it.
   */
  | { kind: "at-least" | "at-most"; measure: Measure; bound: string };
export type Measure = "value" | "length" | "elements";

/** What is measured of a place, with the bounds that a payload's values lie between. */
export type Range = { min: Measured; max: Measured };
type Measured = { number: ExactNumber; literal: string };

/** What one payload says: facts by `factKey`, and ranges by place and measure. */
export type PayloadFacts = {
  facts: Map<string, { pointer: string; fact: Fact }>;
  ranges: Map<string, { pointer: string; measure: Measure; range: Range }>;
  /** There were more places than are looked at. */
  isCut: boolean;
};

const MAX_PLACES = 500;
const MAX_LEVELS = 8;
const MAX_NODES = 20_000;
const MAX_VALUE_LENGTH = 64;
const MAX_SHAPE_LENGTH = 32;

/**
 * The facts of one payload, or null when it is no JSON. In pointers, `*` stands for every element of an array: a fact
 * about it holds if it holds for one of them.
 */
export function factsOf(payload: string): PayloadFacts | null {
  const document = JsonDocument.read(payload);
  if (document === null) return null;
  const found: PayloadFacts = { facts: new Map(), ranges: new Map(), isCut: false };
  const places = new Set<string>();
  // Breadth first, so that what is cut off is what stands deepest.
  const queue: { node: Node; pointer: string; level: number }[] = [
    { node: document.root, pointer: "", level: 0 },
  ];
  for (const { node, pointer, level } of queue) {
    if (!places.has(pointer) && places.size >= MAX_PLACES) {
      found.isCut = true;
      continue;
    }
    places.add(pointer);
    addFacts(found, document, node, pointer);
    const inner = childrenOf(node);
    if (inner.length > 0 && (level >= MAX_LEVELS || queue.length + inner.length > MAX_NODES)) {
      found.isCut = true;
      continue;
    }
    for (const { token, child } of inner) {
      queue.push({ node: child, pointer: appendToken(pointer, token), level: level + 1 });
    }
  }
  return found;
}

export function factKey(pointer: string, fact: Fact): string {
  const value = fact.kind === "value" ? keyOfValue(fact.json) : Object.values(fact).join(" ");
  return `${pointer} ${fact.kind} ${value}`;
}

/** The range of two ranges together. */
export function joinRanges(a: Range, b: Range): Range {
  return { min: isBelow(b.min, a.min) ? b.min : a.min, max: isBelow(a.max, b.max) ? b.max : a.max };
}

function isBelow(a: Measured, b: Measured): boolean {
  const order = compareNumbers(a.number, b.number);
  // One number may be written in several ways; the same one is taken in any order of payloads.
  return order === 0 ? a.literal < b.literal : order < 0;
}

function measured(literal: string): Measured | null {
  const number = readNumber(literal);
  return number === null ? null : { number, literal };
}

function childrenOf(node: Node): { token: string; child: Node }[] {
  const children = node.children ?? [];
  if (node.type === "array") return children.map((child) => ({ token: "*", child }));
  if (node.type !== "object") return [];
  const members = new Map<string, Node>();
  for (const { children: [key, value] = [] } of children) {
    // Of a repeated name the last one counts, as parsers have it.
    if (key !== undefined && value !== undefined) members.set(String(key.value), value);
  }
  return [...members].map(([token, child]) => ({ token, child }));
}

function addFacts(found: PayloadFacts, document: JsonDocument, node: Node, pointer: string): void {
  const raw = document.raw(node);
  const type = typeOf(node);
  addFact(found, pointer, { kind: "present" });
  addFact(found, pointer, { kind: "type", type });
  if (type === "null") return;
  if (type === "object" || type === "array") {
    const count = node.children?.length ?? 0;
    if (count === 0) addFact(found, pointer, { kind: "empty" });
    if (type === "array") addRange(found, pointer, "elements", String(count));
    return;
  }
  if (raw.length <= MAX_VALUE_LENGTH) addFact(found, pointer, { kind: "value", json: raw });
  if (type === "number") addRange(found, pointer, "value", raw);
  if (type === "string") addText(found, pointer, String(node.value));
}

function addText(found: PayloadFacts, pointer: string, text: string): void {
  addRange(found, pointer, "length", String([...text].length));
  const fact = text === "" ? ({ kind: "empty" } as const) : looksOf(text);
  if (fact !== null) addFact(found, pointer, fact);
}

function looksOf(text: string): Fact | null {
  const format = formatOf(text);
  if (format !== null) return { kind: "format", format };
  const shape = text.length > MAX_VALUE_LENGTH ? null : shapeOfText(text);
  return shape === null ? null : { kind: "shape", shape };
}

/** Null where the text looks like nothing in particular. */
function shapeOfText(text: string): string | null {
  const shape = text
    .replace(/\p{Lu}+/gu, "A")
    .replace(/[\p{Ll}\p{Lo}]+/gu, "a")
    .replace(/\p{Nd}+/gu, "9");
  return shape.length > MAX_SHAPE_LENGTH ? null : shape;
}

function typeOf({ type }: Node): FieldType {
  return type === "property" ? "object" : type;
}

function addFact(found: PayloadFacts, pointer: string, fact: Fact): void {
  found.facts.set(factKey(pointer, fact), { pointer, fact });
}

function addRange(found: PayloadFacts, pointer: string, measure: Measure, literal: string): void {
  const at = measured(literal);
  if (at === null) return;
  const key = `${pointer} ${measure}`;
  const known = found.ranges.get(key)?.range;
  const range = { min: at, max: at };
  found.ranges.set(key, { pointer, measure, range: known === undefined ? range : joinRanges(known, range) });
}

/** The same for one number or one text, however it is written. */
function keyOfValue(json: string): string {
  const number = readNumber(json);
  return number === null ? JSON.stringify(JSON.parse(json)) : numberKey(number);
}
