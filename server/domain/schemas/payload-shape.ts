import { type Node, type ParseError, parseTree } from "jsonc-parser";
import { skipValue } from "../envelope/json-slices.ts";
import { formatOf, type TextFormat } from "./text-format.ts";

/**
 * What has been seen of a place in payloads: how often, of which types, and what its texts, members and elements
 * looked like. The shapes of single payloads are merged to the shape of many, in any order and grouping, so that a
 * running shape can be kept. It is plain JSON, fit for Postgres, and bounded in size.
 */
export type Shape = {
  /** Values seen. */
  count: number;
  /** How many of them were of each of `SHAPE_TYPES`. A number without fraction and exponent is an `integer`. */
  types: Counts;
  /** Where an integer was more than a double holds exactly (`wide`), or more than 64 bits (`beyond`). */
  integers?: "wide" | "beyond";
  texts?: TextsSeen;
  /** Members of objects, by name. */
  members?: { [name: string]: Shape };
  /** In place of `members` where the names are so many that they are data: all the members in one. */
  anyMember?: Shape;
  /** Elements of arrays, all in one. */
  elements?: Shape;
  /** Members and elements are no longer looked at: they stand too deep, or there were too many. */
  isCut?: true;
};

export const SHAPE_TYPES = ["boolean", "integer", "number", "string", "object", "array", "null"] as const;
export type ShapeType = (typeof SHAPE_TYPES)[number];

export type Counts = { [name: string]: number };

export type TextsSeen = {
  /** The different texts with the times that each was seen; null when there were too many, or a long one. */
  values: Counts | null;
  /** The format of every text, where they share one. */
  format: TextFormat | null;
};

/** Names from which on an object is a map, from ids to things. */
export const MAX_MEMBERS = 100;
/** Levels looked into. */
export const MAX_LEVELS = 8;
/** Shapes within a shape. */
export const MAX_SHAPES = 1000;
const MAX_NAME_LENGTH = 200;
const MAX_VALUES = 12;
const MAX_VALUE_LENGTH = 64;
const MAX_NESTING = 200;

/** The shape of one payload, or null when the text is no JSON, or nested beyond all measure. */
export function shapeOf(payload: string): Shape | null {
  const cursor = { at: payload.search(/[^ \t\r\n]|$/), depth: 0 };
  if (!skipValue(payload, cursor) || cursor.depth > MAX_NESTING) return null;
  const errors: ParseError[] = [];
  const root = parseTree(payload, errors, { disallowComments: true });
  if (root === undefined || errors.length > 0) return null;
  return bounded(shapeOfNode(payload, root, 1));
}

/** What two shapes say together. */
export function mergeShapes(a: Shape, b: Shape): Shape {
  return bounded(merge(a, b));
}

function shapeOfNode(payload: string, node: Node, level: number): Shape {
  const children = node.children ?? [];
  switch (node.type) {
    case "number":
      return shapeOfNumber(payload.slice(node.offset, node.offset + node.length));
    case "string":
      return { ...one("string"), texts: textSeen(String(node.value)) };
    case "array":
      if (children.length === 0) return one("array");
      if (level >= MAX_LEVELS) return { ...one("array"), isCut: true };
      return {
        ...one("array"),
        elements: mergeAll(children.map((child) => shapeOfNode(payload, child, level + 1))),
      };
    case "object":
      if (level >= MAX_LEVELS) return { ...one("object"), isCut: true };
      return { ...one("object"), ...membersSeen(payload, children, level) };
    case "boolean":
      return one("boolean");
    default:
      return one("null");
  }
}

function one(type: ShapeType): Shape {
  return { count: 1, types: { [type]: 1 } };
}

function membersSeen(payload: string, properties: readonly Node[], level: number): Parts {
  const members = new Map<string, Shape>();
  for (const { children } of properties) {
    const [key, value] = children ?? [];
    // A repeated name counts once, with its last value, as parsers have it.
    if (key !== undefined && value !== undefined)
      members.set(String(key.value), shapeOfNode(payload, value, level + 1));
  }
  return foldMembers(Object.fromEntries(members));
}

function shapeOfNumber(literal: string): Shape {
  if (/[.eE]/.test(literal)) return one("number");
  if (literal.length < 16 || Number.isSafeInteger(Number(literal))) return one("integer");
  const fits = literal.length <= 20 && BigInt.asIntN(64, BigInt(literal)) === BigInt(literal);
  return { ...one("integer"), integers: fits ? "wide" : "beyond" };
}

function textSeen(text: string): TextsSeen {
  return { values: isKeepable(text, MAX_VALUE_LENGTH) ? { [text]: 1 } : null, format: formatOf(text) };
}

/** Whether the text is short, and without the characters that Postgres refuses. */
function isKeepable(text: string, limit: number): boolean {
  return text.length <= limit && text.isWellFormed() && !text.includes("\u0000");
}

function merge(a: Shape, b: Shape): Shape {
  const integers = a.integers === "beyond" || b.integers === "beyond" ? "beyond" : (a.integers ?? b.integers);
  const texts = mergeOptional(a.texts, b.texts, mergeTexts);
  return {
    count: a.count + b.count,
    types: addCounts(a.types, b.types),
    ...(integers === undefined ? {} : { integers }),
    ...(texts === undefined ? {} : { texts }),
    // What was left out once can't be made up for by what comes later.
    ...(a.isCut || b.isCut ? { isCut: true } : mergeParts(a, b)),
  };
}

function mergeTexts(a: TextsSeen, b: TextsSeen): TextsSeen {
  const values = a.values === null || b.values === null ? null : addCounts(a.values, b.values);
  const isMany = values !== null && Object.keys(values).length > MAX_VALUES;
  return { values: isMany ? null : values, format: a.format === b.format ? a.format : null };
}

type Parts = Pick<Shape, "members" | "anyMember" | "elements">;

function mergeParts(a: Parts, b: Parts): Parts {
  const elements = mergeOptional(a.elements, b.elements, merge);
  return { ...mergeMembers(a, b), ...(elements === undefined ? {} : { elements }) };
}

function mergeMembers(a: Parts, b: Parts): Parts {
  if (a.anyMember !== undefined || b.anyMember !== undefined) {
    const shapes = [a, b].flatMap(({ members = {}, anyMember }) => [...Object.values(members), anyMember]);
    return { anyMember: mergeAll(shapes.filter((shape) => shape !== undefined)) };
  }
  const members = mergeOptional(a.members, b.members, (left, right) => {
    const merged = new Map(Object.entries(left));
    for (const [name, shape] of Object.entries(right)) {
      const known = merged.get(name);
      merged.set(name, known === undefined ? shape : merge(known, shape));
    }
    return Object.fromEntries(merged);
  });
  return members === undefined ? {} : foldMembers(members);
}

/** Takes an object with very many names, or such that are no names, for a map. */
function foldMembers(members: { [name: string]: Shape }): Parts {
  const names = Object.keys(members);
  const isMap = names.length > MAX_MEMBERS || !names.every((name) => isKeepable(name, MAX_NAME_LENGTH));
  return isMap ? { anyMember: mergeAll(Object.values(members)) } : { members };
}

function mergeAll(shapes: readonly Shape[]): Shape {
  return shapes.reduce(merge, { count: 0, types: {} });
}

/** Cuts off what stands deepest until no more than `MAX_SHAPES` are left. */
function bounded(shape: Shape): Shape {
  let cut = shape;
  for (let levels = MAX_LEVELS; levels > 0 && countShapes(cut) > MAX_SHAPES; levels -= 1) {
    cut = cutBelow(cut, levels);
  }
  return cut;
}

function cutBelow(shape: Shape, levels: number): Shape {
  const { members, anyMember, elements, ...flat } = shape;
  const hasParts = members !== undefined || anyMember !== undefined || elements !== undefined;
  if (levels <= 1) return hasParts ? { ...flat, isCut: true } : flat;
  const entries = Object.entries(members ?? {}).map(
    ([name, inner]) => [name, cutBelow(inner, levels - 1)] as const,
  );
  return {
    ...flat,
    ...(members === undefined ? {} : { members: Object.fromEntries(entries) }),
    ...(anyMember === undefined ? {} : { anyMember: cutBelow(anyMember, levels - 1) }),
    ...(elements === undefined ? {} : { elements: cutBelow(elements, levels - 1) }),
  };
}

function countShapes({ members = {}, anyMember, elements }: Shape): number {
  const inner = [...Object.values(members), anyMember, elements].filter((shape) => shape !== undefined);
  return inner.reduce((sum, shape) => sum + countShapes(shape), 1);
}

function addCounts(a: Counts, b: Counts): Counts {
  const sums = new Map(Object.entries(a));
  for (const [name, count] of Object.entries(b)) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(sums);
}

function mergeOptional<T>(a: T | undefined, b: T | undefined, merge: (a: T, b: T) => T): T | undefined {
  return a === undefined || b === undefined ? (a ?? b) : merge(a, b);
}
