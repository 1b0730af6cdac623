import { type Node, type ParseError, parseTree } from "jsonc-parser";
import { skipValue } from "../envelope/json-slices.ts";

/**
 * Changes to the text of a JSON document that leave every other character of it alone. Numbers are never parsed,
 * so a 64-bit integer or a long decimal stays what it is, also where it moves.
 */
export class JsonDocument {
  readonly text: string;
  readonly root: Node;

  private constructor(text: string, root: Node) {
    this.text = text;
    this.root = root;
  }

  /** Null when the text is no JSON, or deeper than `MAX_DEPTH`. */
  static read(text: string): JsonDocument | null {
    const cursor = { at: text.search(/[^ \t\r\n]|$/), depth: 0 };
    if (!skipValue(text, cursor) || cursor.depth > MAX_DEPTH) return null;
    const errors: ParseError[] = [];
    const root = parseTree(text, errors, { disallowComments: true });
    return root === undefined || errors.length > 0 ? null : new JsonDocument(text, root);
  }

  /** A value as it is written. */
  raw(node: Node): string {
    return this.text.slice(node.offset, node.offset + node.length);
  }

  /** Renames a member in its place. */
  rename({ key }: Member, name: string): Edit {
    return { start: key.offset, end: endOf(key), text: JSON.stringify(name) };
  }

  /** Takes a member out. */
  remove({ owner, index }: Member): Edit {
    const properties = owner.children ?? [];
    const [before, it, after] = [properties[index - 1], properties[index], properties[index + 1]];
    if (it === undefined) return { start: 0, end: 0, text: "" };
    // With the comma and the space on the side where another member stands.
    if (after !== undefined) return { start: it.offset, end: after.offset, text: "" };
    return { start: before === undefined ? it.offset : endOf(before), end: endOf(it), text: "" };
  }

  /** Adds a last member, spaced like the one before it. `raw` is JSON. */
  append(owner: Node, name: string, raw: string): Edit {
    const last = owner.children?.at(-1);
    if (last === undefined) {
      return { start: owner.offset + 1, end: endOf(owner) - 1, text: `${JSON.stringify(name)}:${raw}` };
    }
    const [key, value] = last.children ?? [];
    const colon = key === undefined || value === undefined ? ":" : this.text.slice(endOf(key), value.offset);
    const space = this.text.slice(this.#spaceBefore(last.offset), last.offset);
    return { start: endOf(last), end: endOf(last), text: `,${space}${JSON.stringify(name)}${colon}${raw}` };
  }

  #spaceBefore(offset: number): number {
    let start = offset;
    while (/\s/.test(this.text.charAt(start - 1))) start -= 1;
    return start;
  }
}

/** A stretch of a text, and what comes in its place. */
export type Edit = { start: number; end: number; text: string };

/** Applies edits that don't touch each other. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(from, edit.start), edit.text);
    from = edit.end;
  }
  return parts.join("") + text.slice(from);
}

const MAX_DEPTH = 200;

/** A member of an object: its place among the members, its name and its value. */
export type Member = { owner: Node; index: number; key: Node; value: Node };

/** Every member of the object with this name; more than one where the name is repeated. */
export function findMembers(owner: Node, name: string): Member[] {
  return (owner.children ?? []).flatMap((property, index) => {
    const [key, value] = property.children ?? [];
    return key !== undefined && value !== undefined && key.value === name
      ? [{ owner, index, key, value }]
      : [];
  });
}

function endOf(node: Node): number {
  return node.offset + node.length;
}
