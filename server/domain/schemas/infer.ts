import { appendToken } from "../json-pointer.ts";
import type { JsonSchemaObject } from "./json-schema.ts";
import { SHAPE_TYPES, type Shape, type ShapeType } from "./payload-shape.ts";
import { DIALECT } from "./read-schema.ts";
import type { TextFormat } from "./text-format.ts";

/** Texts seen, and times that each of them must have come, before they are taken for a closed set. */
const MIN_TEXTS = 30;
const MIN_TIMES_EACH = 3;

/**
 * A schema that every payload of the shape is valid by: types as seen, fields required that no payload lacked,
 * formats that all texts of a field have, and closed sets of words that came again and again. Other fields stay
 * allowed, since a sample is no promise.
 */
export function inferSchema(shape: Shape): JsonSchemaObject {
  return { $schema: DIALECT, ...schemaOf(shape) };
}

/** A place in payloads and what was seen there. */
export type FieldSeen = {
  /** JSON Pointer, in which `*` stands for every element of an array, or every member of a map. */
  path: string;
  /** How often, counted in values. */
  count: number;
  /** The part of the objects around it that had it; null for elements and for the payload itself. */
  share: number | null;
  /** Commonest first. */
  types: readonly ShapeType[];
  format: TextFormat | null;
};

/** The places seen, outer before inner, at most `limit` of them. */
export function listFields(shape: Shape, limit: number): FieldSeen[] {
  const queue: { path: string; shape: Shape; share: number | null }[] = [{ path: "", shape, share: null }];
  for (const { path, shape: outer } of queue) {
    if (queue.length >= limit) break;
    const objects = outer.types.object ?? 0;
    for (const [name, inner] of Object.entries(outer.members ?? {})) {
      queue.push({ path: appendToken(path, name), shape: inner, share: inner.count / objects });
    }
    for (const inner of [outer.anyMember, outer.elements]) {
      if (inner !== undefined) queue.push({ path: appendToken(path, "*"), shape: inner, share: null });
    }
  }
  return queue.slice(0, limit).map(({ path, shape: { count, types, texts }, share }) => ({
    path,
    count,
    share,
    types: SHAPE_TYPES.filter((type) => types[type]).sort((a, b) => (types[b] ?? 0) - (types[a] ?? 0)),
    format: texts?.format ?? null,
  }));
}

function schemaOf(shape: Shape): JsonSchemaObject {
  const types = typesOf(shape);
  if (types.length === 0) return {};
  const words = closedSetOf(shape, types);
  if (words !== null) return { enum: words };
  return {
    type: types.length === 1 ? types[0] : types,
    ...formatOf(shape, types),
    ...membersOf(shape),
    ...(shape.elements === undefined ? {} : { items: schemaOf(shape.elements) }),
  };
}

/** Whole numbers among others are numbers. */
function typesOf({ types }: Shape): ShapeType[] {
  return SHAPE_TYPES.filter((type) => types[type] && !(type === "integer" && types.number));
}

function closedSetOf({ texts, types }: Shape, seen: readonly ShapeType[]): (string | null)[] | null {
  const isText = seen.every((type) => type === "string" || type === "null");
  if (!isText || !texts?.values || texts.format !== null || (types.string ?? 0) < MIN_TEXTS) return null;
  const words = Object.entries(texts.values);
  if (words.some(([, times]) => times < MIN_TIMES_EACH)) return null;
  return [...words.map(([word]) => word).sort(), ...(types.null ? [null] : [])];
}

function formatOf({ texts, integers }: Shape, types: readonly ShapeType[]): JsonSchemaObject {
  // A format of texts doesn't concern values of other types, and neither does one of integers.
  if (texts?.format) return { format: texts.format };
  return integers === "wide" && types.includes("integer") ? { format: "int64" } : {};
}

function membersOf({ types, members, anyMember }: Shape): JsonSchemaObject {
  if (anyMember !== undefined) return { additionalProperties: schemaOf(anyMember) };
  if (members === undefined) return {};
  const required = Object.keys(members).filter((name) => members[name]?.count === types.object);
  return {
    ...(required.length === 0 ? {} : { required: required.sort() }),
    properties: Object.fromEntries(Object.entries(members).map(([name, shape]) => [name, schemaOf(shape)])),
  };
}
