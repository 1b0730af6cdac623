import type { Node } from "jsonc-parser";
import { compareNumbers, readNumber } from "../exact-number.ts";
import { applyEdits, type Edit, findMembers, JsonDocument } from "../schemas/json-edit.ts";

/** What copies copies could grow without end. How large an event may be is judged where events are taken in. */
export const MAX_EDITED_LENGTH = 4 * 1024 * 1024;

/** Why an edit can't be done. */
export class EditProblem extends Error {
  override readonly name = "EditProblem";
  readonly pointer: string;

  constructor(pointer: string, message: string) {
    super(message);
    this.pointer = pointer;
  }
}

/** The value at a place, or undefined where nothing is. Throws an `EditProblem` where a name on the way is repeated. */
export function findValue(
  document: JsonDocument,
  tokens: readonly string[],
  pointer: string,
): Node | undefined {
  let node: Node | undefined = document.root;
  for (const token of tokens) {
    if (node?.type === "array") node = node.children?.[indexOf(token) ?? -1];
    else node = node?.type === "object" ? findMember(node, token, pointer)?.value : undefined;
  }
  return node;
}

/** The member with a name; a repeated name is a problem, since readers differ in which one they take. */
export function findMember(owner: Node, name: string, pointer: string) {
  const [member, repeated] = findMembers(owner, name);
  if (repeated !== undefined) {
    throw new EditProblem(
      pointer,
      `The name ${JSON.stringify(name)} stands twice in one object of the payload.`,
    );
  }
  return member;
}

/** An index of an array as RFC 6901 writes it, or null: no sign, no leading zero. */
export function indexOf(token: string): number | null {
  return /^(?:0|[1-9]\d{0,9})$/.test(token) ? Number(token) : null;
}

/** Puts an element into an array, before the one at `index`, spaced like its neighbours. */
export function insertElement({ text }: JsonDocument, array: Node, index: number, raw: string): Edit {
  const elements = array.children ?? [];
  const [before, after] = [elements[index - 1], elements[index]];
  if (after !== undefined) {
    const previous = before ?? after;
    const gap = before === undefined ? ", " : text.slice(endOf(previous), after.offset);
    const space = gap.includes("\n") || gap === "," ? gap : ", ";
    return { start: after.offset, end: after.offset, text: `${raw}${elements.length > 1 ? space : ","}` };
  }
  if (before === undefined) return { start: array.offset + 1, end: endOf(array) - 1, text: raw };
  const previous = elements[index - 2];
  const gap = previous === undefined ? "," : text.slice(endOf(previous), before.offset);
  return { start: endOf(before), end: endOf(before), text: `${gap}${raw}` };
}

/** Takes an element out of an array. */
export function removeElement(array: Node, index: number): Edit {
  const elements = array.children ?? [];
  const [before, it, after] = [elements[index - 1], elements[index], elements[index + 1]];
  if (it === undefined) return { start: 0, end: 0, text: "" };
  if (after !== undefined) return { start: it.offset, end: after.offset, text: "" };
  return { start: before === undefined ? it.offset : endOf(before), end: endOf(it), text: "" };
}

export function replaceValue(node: Node, raw: string): Edit {
  return { start: node.offset, end: endOf(node), text: raw };
}

/** The document after one edit. */
export function edited(document: JsonDocument, edit: Edit, pointer: string): JsonDocument {
  const text = applyEdits(document.text, [edit]);
  if (text.length > MAX_EDITED_LENGTH) {
    throw new EditProblem(pointer, `The payload would be longer than ${MAX_EDITED_LENGTH} characters.`);
  }
  const next = JsonDocument.read(text);
  if (next === null) throw new EditProblem(pointer, "The payload would be nested too deeply.");
  return next;
}

/** Whether two values are the same as RFC 6902 has it: numbers by their value, members in any order. */
export function isSameValue(a: ValueAt, b: ValueAt): boolean {
  if (a.node.type !== b.node.type) return false;
  const [inA, inB] = [a.node.children ?? [], b.node.children ?? []];
  switch (a.node.type) {
    case "number": {
      const [left, right] = [readNumber(a.document.raw(a.node)), readNumber(b.document.raw(b.node))];
      return left !== null && right !== null && compareNumbers(left, right) === 0;
    }
    case "array":
      return (
        inA.length === inB.length &&
        inA.every((node, index) => {
          const other = inB[index];
          return other !== undefined && isSameValue({ ...a, node }, { ...b, node: other });
        })
      );
    case "object": {
      const [left, right] = [membersOf(a.node), membersOf(b.node)];
      if (left.size !== inA.length || right.size !== inB.length || left.size !== right.size) return false;
      return [...left].every(([name, node]) => {
        const other = right.get(name);
        return other !== undefined && isSameValue({ ...a, node }, { ...b, node: other });
      });
    }
    default:
      return a.node.value === b.node.value;
  }
}

export type ValueAt = { document: JsonDocument; node: Node };

function membersOf(object: Node): Map<string, Node> {
  const members = new Map<string, Node>();
  for (const { children } of object.children ?? []) {
    const [key, value] = children ?? [];
    if (key !== undefined && value !== undefined) members.set(String(key.value), value);
  }
  return members;
}

function endOf(node: Node): number {
  return node.offset + node.length;
}
