import type { Node } from "jsonc-parser";
import { compareNumbers, readNumber } from "../exact-number.ts";
import { appendToken } from "../json-pointer.ts";
import { JsonDocument } from "../schemas/json-edit.ts";

/** A place at which two payloads differ, with both values as they are written; null where there is none. */
export type FieldDifference = { pointer: string; left: string | null; right: string | null };

export type PayloadDifference =
  | { kind: "json"; fields: FieldDifference[]; isCut: boolean }
  /** One of them is no JSON: all that can be said is whether they are the same text. */
  | { kind: "text"; isSame: boolean };

const MOST_FIELDS = 200;
const MOST_PLACES = 20_000;

/**
 * The fields in which two payloads differ. The order of members doesn't matter, elements of arrays are compared by
 * their place, and numbers by their text, so that 9007199254740993 and 9007199254740992 differ and 1.0 and 1 don't. Of
 * a member that stands twice the last one counts, as parsers have it.
 */
export function diffPayloads(left: string, right: string): PayloadDifference {
  const [a, b] = [JsonDocument.read(left), JsonDocument.read(right)];
  if (a === null || b === null) return { kind: "text", isSame: left === right };
  const fields: FieldDifference[] = [];
  const queue: { pointer: string; left: Node | undefined; right: Node | undefined }[] = [
    { pointer: "", left: a.root, right: b.root },
  ];
  for (const one of queue) {
    if (fields.length >= MOST_FIELDS || queue.length > MOST_PLACES)
      return { kind: "json", fields, isCut: true };
    const inner = childrenOf(one.left, one.right);
    if (inner === null) {
      if (isSameValue(a, one.left, b, one.right)) continue;
      const raw = (document: JsonDocument, node: Node | undefined) =>
        node === undefined ? null : document.raw(node);
      fields.push({ pointer: one.pointer, left: raw(a, one.left), right: raw(b, one.right) });
      continue;
    }
    for (const [token, pair] of inner) queue.push({ pointer: appendToken(one.pointer, token), ...pair });
  }
  return { kind: "json", fields, isCut: false };
}

type Pair = { left: Node | undefined; right: Node | undefined };

/** What two objects or two arrays hold, side by side; null where there is nothing to go into. */
function childrenOf(left: Node | undefined, right: Node | undefined): Map<string, Pair> | null {
  if (left === undefined || right === undefined || left.type !== right.type) return null;
  if (left.type !== "object" && left.type !== "array") return null;
  const pairs = new Map<string, Pair>();
  for (const [token, node] of membersOf(left)) pairs.set(token, { left: node, right: undefined });
  for (const [token, node] of membersOf(right)) {
    pairs.set(token, { left: pairs.get(token)?.left, right: node });
  }
  return pairs;
}

function membersOf({ type, children = [] }: Node): Map<string, Node> {
  if (type === "array") return new Map(children.map((child, index) => [String(index), child]));
  return new Map(
    children.flatMap(({ children: [key, value] = [] }): [string, Node][] =>
      key === undefined || value === undefined ? [] : [[String(key.value), value]],
    ),
  );
}

function isSameValue(
  a: JsonDocument,
  left: Node | undefined,
  b: JsonDocument,
  right: Node | undefined,
): boolean {
  if (left === undefined || right === undefined || left.type !== right.type) return false;
  if (left.type !== "number") return left.value === right.value;
  const [one, other] = [readNumber(a.raw(left)), readNumber(b.raw(right))];
  return one !== null && other !== null && compareNumbers(one, other) === 0;
}
