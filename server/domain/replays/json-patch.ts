import type { Node } from "jsonc-parser";
import { formatPointer, parsePointer } from "../json-pointer.ts";
import { JsonDocument } from "../schemas/json-edit.ts";
import {
  EditProblem,
  edited,
  findMember,
  findValue,
  indexOf,
  insertElement,
  isSameValue,
  removeElement,
  replaceValue,
} from "./payload-text.ts";

export type PatchResult =
  | { kind: "patched"; text: string }
  /** Nothing was changed. `operation` counts from 0; it is null where the patch or the payload as a whole is wrong. */
  | { kind: "failed"; operation: number | null; pointer: string | null; reason: string };

/** Each operation reads the payload anew. */
const MAX_OPERATIONS = 200;
const NAMES = ["add", "remove", "replace", "move", "copy", "test"] as const;
type Name = (typeof NAMES)[number];
type Operation = { op: Name; path: string; from: string; value: string | null };

/**
 * Applies a JSON Patch (RFC 6902) to the text of a payload: all of it or nothing. Patch and payload are texts, and
 * what the patch doesn't touch stays as it is written, so that a 64-bit integer or a long decimal never becomes
 * another number; `test` compares numbers by their exact value.
 */
export function applyJsonPatch(payload: string, patch: string): PatchResult {
  const document = JsonDocument.read(payload);
  if (document === null) return failed(null, null, "The payload is no JSON, or nested too deeply.");
  return inTurn(patch, document, applyOperation);
}

/** What is wrong with a patch whatever the payload; null where it can be applied to some. */
export function problemOfJsonPatch(patch: string): Extract<PatchResult, { kind: "failed" }> | null {
  const result = inTurn(patch, JsonDocument.read("null"), (document, { op, path, from }) => {
    tokensOf(path);
    if (op === "move" || op === "copy") tokensOf(from);
    return document;
  });
  return result.kind === "failed" ? result : null;
}

type Apply = (document: JsonDocument, operation: Operation) => JsonDocument;

/** Does something with each operation, up to the first one that can't be read or done. */
function inTurn(patch: string, document: JsonDocument | null, apply: Apply): PatchResult {
  const patchDocument = JsonDocument.read(patch);
  if (document === null || patchDocument?.root.type !== "array") {
    return failed(
      null,
      null,
      'The patch is no JSON Patch. Write an array, such as [{"op":"remove","path":"/a"}].',
    );
  }
  const operations = patchDocument.root.children ?? [];
  if (operations.length > MAX_OPERATIONS) {
    return failed(
      null,
      null,
      `The patch has ${operations.length} operations, and ${MAX_OPERATIONS} are allowed.`,
    );
  }
  let current = document;
  for (const [index, node] of operations.entries()) {
    try {
      current = apply(current, readOperation(patchDocument, node));
    } catch (error) {
      if (!(error instanceof EditProblem)) throw error;
      return failed(index, error.pointer, error.message);
    }
  }
  return { kind: "patched", text: current.text };
}

function readOperation(document: JsonDocument, node: Node): Operation {
  const text = (name: string): string | null => {
    const value = node.type === "object" ? findMember(node, name, "")?.value : undefined;
    return value?.type === "string" ? String(value.value) : null;
  };
  const op = NAMES.find((name) => name === text("op"));
  const path = text("path");
  if (op === undefined) throw new EditProblem(path ?? "", `"op" is none of ${NAMES.join(", ")}.`);
  if (path === null) throw new EditProblem("", `"path" is missing in "${op}".`);
  const from = text("from");
  if (from === null && (op === "move" || op === "copy")) {
    throw new EditProblem(path, `"from" is missing in "${op}".`);
  }
  const value = findMember(node, "value", path)?.value;
  if (value === undefined && (op === "add" || op === "replace" || op === "test")) {
    throw new EditProblem(path, `"value" is missing in "${op}".`);
  }
  return { op, path, from: from ?? "", value: value === undefined ? null : document.raw(value) };
}

function applyOperation(document: JsonDocument, { op, path, from, value }: Operation): JsonDocument {
  const tokens = tokensOf(path);
  switch (op) {
    case "add":
      return add(document, tokens, value ?? "null");
    case "remove":
      return remove(document, tokens);
    case "replace":
      return edited(document, replaceValue(existing(document, tokens), value ?? "null"), path);
    case "move": {
      const source = tokensOf(from);
      const raw = document.raw(existing(document, source));
      if (path === from) return document;
      if (path.startsWith(`${from}/`)) throw new EditProblem(path, `${from} can't be moved into itself.`);
      return add(source.length === 0 ? document : remove(document, source), tokens, raw);
    }
    case "copy":
      return add(document, tokens, document.raw(existing(document, tokensOf(from))));
    case "test": {
      const expected = JsonDocument.read(value ?? "null");
      const node = existing(document, tokens);
      if (
        expected === null ||
        !isSameValue({ document, node }, { document: expected, node: expected.root })
      ) {
        throw new EditProblem(path, `The value at ${name(path)} is another one than the patch expects.`);
      }
      return document;
    }
  }
}

function add(document: JsonDocument, tokens: readonly string[], raw: string): JsonDocument {
  const pointer = formatPointer(tokens);
  const last = tokens.at(-1);
  if (last === undefined) return edited(document, replaceValue(document.root, raw), pointer);
  const owner = existing(document, tokens.slice(0, -1));
  if (owner.type === "object") {
    const member = findMember(owner, last, pointer);
    const edit = member === undefined ? document.append(owner, last, raw) : replaceValue(member.value, raw);
    return edited(document, edit, pointer);
  }
  if (owner.type !== "array") {
    throw new EditProblem(pointer, `${name(formatPointer(tokens.slice(0, -1)))} is no object and no array.`);
  }
  const length = owner.children?.length ?? 0;
  const index = last === "-" ? length : indexOf(last);
  if (index === null || index > length) {
    throw new EditProblem(pointer, `"${last}" is no place in an array of ${length} elements.`);
  }
  return edited(document, insertElement(document, owner, index, raw), pointer);
}

function remove(document: JsonDocument, tokens: readonly string[]): JsonDocument {
  const pointer = formatPointer(tokens);
  existing(document, tokens);
  const last = tokens.at(-1);
  if (last === undefined) throw new EditProblem(pointer, "The whole payload can't be removed. Replace it.");
  const owner = existing(document, tokens.slice(0, -1));
  if (owner.type === "array") return edited(document, removeElement(owner, indexOf(last) ?? 0), pointer);
  const member = findMember(owner, last, pointer);
  return member === undefined ? document : edited(document, document.remove(member), pointer);
}

function existing(document: JsonDocument, tokens: readonly string[]): Node {
  const pointer = formatPointer(tokens);
  const node = findValue(document, tokens, pointer);
  if (node === undefined) throw new EditProblem(pointer, `There is nothing at ${name(pointer)}.`);
  return node;
}

function tokensOf(pointer: string): string[] {
  const tokens = parsePointer(pointer);
  if (tokens === null)
    throw new EditProblem(pointer, `"${pointer}" is no JSON Pointer, such as /lines/0/sku.`);
  return tokens;
}

function name(pointer: string): string {
  return pointer === "" ? "the whole payload" : pointer;
}

function failed(operation: number | null, pointer: string | null, reason: string): PatchResult {
  return { kind: "failed", operation, pointer, reason };
}
