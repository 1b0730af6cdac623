import type { Node } from "jsonc-parser";
import { formatPointer } from "../json-pointer.ts";
import { JsonDocument } from "../schemas/json-edit.ts";
import type { PatchResult } from "./json-patch.ts";
import { EditProblem, edited, findMember, findValue, replaceValue } from "./payload-text.ts";

/** Each of them reads the payload anew. */
const MAX_MEMBERS = 200;

/**
 * Applies a JSON Merge Patch (RFC 7386, later RFC 7396) to the text of a payload: members of the patch replace those of the
 * payload, null takes one out, objects are merged. As with a JSON Patch, what isn't touched stays as it is written.
 * A member of the patch is an operation, counted from 0 in the order of the patch, objects before what is in them.
 */
export function applyMergePatch(payload: string, patch: string): PatchResult {
  const document = JsonDocument.read(payload);
  if (document === null) return failed(null, null, "The payload is no JSON, or nested too deeply.");
  const patchDocument = JsonDocument.read(patch);
  if (patchDocument === null) return failed(null, null, "The patch is no JSON, or nested too deeply.");
  const changes = listChanges(patchDocument, patchDocument.root, []);
  if (changes.length > MAX_MEMBERS) {
    return failed(null, null, `The patch has more than ${MAX_MEMBERS} members.`);
  }
  let current = document;
  for (const [index, change] of changes.entries()) {
    try {
      current = apply(current, change);
    } catch (error) {
      if (!(error instanceof EditProblem)) throw error;
      return failed(Math.max(0, index - 1), error.pointer, error.message);
    }
  }
  return { kind: "patched", text: current.text };
}

/** What comes to a place: a value, nothing, or an object where none is yet. */
type Change = { tokens: readonly string[] } & ({ kind: "set"; raw: string } | { kind: "remove" | "object" });

function listChanges(document: JsonDocument, node: Node, tokens: readonly string[]): Change[] {
  if (node.type === "null" && tokens.length > 0) return [{ tokens, kind: "remove" }];
  if (node.type !== "object") return [{ tokens, kind: "set", raw: document.raw(node) }];
  const inner = (node.children ?? []).flatMap(({ children }) => {
    const [key, value] = children ?? [];
    if (key === undefined || value === undefined) return [];
    return listChanges(document, value, [...tokens, String(key.value)]);
  });
  return [{ tokens, kind: "object" }, ...inner];
}

function apply(document: JsonDocument, change: Change): JsonDocument {
  const { tokens } = change;
  const pointer = formatPointer(tokens);
  const node = findValue(document, tokens, pointer);
  if (change.kind === "object" && node?.type === "object") return document;
  const raw = change.kind === "set" ? change.raw : "{}";
  const last = tokens.at(-1);
  if (last === undefined) return edited(document, replaceValue(document.root, raw), pointer);
  // An object stands there: the change that comes before this one has seen to it.
  const owner = findValue(document, tokens.slice(0, -1), pointer);
  const member = owner === undefined ? undefined : findMember(owner, last, pointer);
  if (change.kind === "remove") {
    return member === undefined ? document : edited(document, document.remove(member), pointer);
  }
  if (member !== undefined) return edited(document, replaceValue(member.value, raw), pointer);
  return owner === undefined ? document : edited(document, document.append(owner, last, raw), pointer);
}

function failed(operation: number | null, pointer: string | null, reason: string): PatchResult {
  return { kind: "failed", operation, pointer, reason };
}
