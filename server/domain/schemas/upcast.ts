import type { Node } from "jsonc-parser";
import { formatPointer, parsePointer } from "../json-pointer.ts";
import { applyEdits, type Edit, findMembers, JsonDocument, type Member } from "./json-edit.ts";

/**
 * Brings the payload of an older version of an event type into the shape of a newer one, when it is read. The
 * stored payload stays as it came.
 *
 * Places are JSON Pointers, in which the token `*` stands for every element of an array. What a payload doesn't
 * have is passed over, so that optional fields need no mention.
 */
export type UpcastStep =
  /** Gives a field another name, in its object. */
  | { kind: "rename"; from: string; to: string }
  /** Puts a field elsewhere; objects on the way are made. `*` stands for the same element on both sides. */
  | { kind: "move"; from: string; to: string }
  /** Sets a field where there is none; null counts as there. */
  | { kind: "default"; at: string; value: unknown }
  | { kind: "drop"; at: string };

const MAX_MOVES = 1000;
const NO_JSON = "The payload is no JSON.";

/** How payloads of version `from` become payloads of version `to`. */
export type Upcaster = { from: string; to: string; steps: readonly UpcastStep[] };

export type UpcastResult = { kind: "upcast"; text: string } | { kind: "failed"; reason: string };

/**
 * The upcasters to apply one after the other to come from one version to another.
 *
 * @returns an empty list for the same version, null when no chain leads there
 */
export function planUpcast(
  upcasters: readonly Upcaster[],
  from: string,
  to: string,
): readonly Upcaster[] | null {
  const paths = new Map<string, readonly Upcaster[]>([[from, []]]);
  // The shortest chain: a direct step is there to be preferred to a detour.
  for (const [version, path] of paths) {
    if (version === to) return path;
    for (const upcaster of upcasters) {
      if (upcaster.from === version && !paths.has(upcaster.to)) paths.set(upcaster.to, [...path, upcaster]);
    }
  }
  return null;
}

/** Applies a chain of upcasters to the JSON text of a payload, or says which step didn't work and why. */
export function upcastPayload(payload: string, chain: readonly Upcaster[]): UpcastResult {
  let text = payload;
  for (const { from, to, steps } of chain) {
    for (const [index, step] of steps.entries()) {
      const result = applyStep(text, step);
      if (result.kind === "failed") {
        return failed(`Step ${index + 1} from ${from} to ${to} (${step.kind}): ${result.reason}`);
      }
      text = result.text;
    }
  }
  return { kind: "upcast", text };
}

/** What is wrong with a step as it is declared, whatever the payload; null when nothing is. */
export function problemOfStep(step: UpcastStep): string | null {
  const places = step.kind === "move" ? [step.from, step.to] : [step.kind === "rename" ? step.from : step.at];
  for (const place of places) {
    const tokens = parsePointer(place);
    if (tokens === null || tokens.length === 0)
      return `"${place}" is no JSON Pointer to a field, such as /customer/name.`;
    if (tokens.at(-1) === "*") return `"${place}" ends in an array's elements. Name a field.`;
  }
  if (step.kind === "rename" && step.to.includes("/"))
    return `"${step.to}" is no name. Use move to go elsewhere.`;
  if (step.kind === "move" && countWildcards(step.from) !== countWildcards(step.to)) {
    return `"${step.from}" and "${step.to}" must have as many * as each other.`;
  }
  return null;
}

function applyStep(text: string, step: UpcastStep): UpcastResult {
  const problem = problemOfStep(step);
  if (problem !== null) return failed(problem);
  const document = JsonDocument.read(text);
  if (document === null) return failed(NO_JSON);
  if (step.kind === "move") return moveAll(document, step);
  const places = expand(document.root, parsePointer(step.kind === "rename" ? step.from : step.at) ?? []);
  const edits: Edit[] = [];
  for (const { tokens } of places) {
    const edit =
      step.kind === "default"
        ? editDefault(document, tokens, step.value)
        : editMember(document, tokens, step);
    if (typeof edit === "string") return failed(edit);
    if (edit !== null) edits.push(edit);
  }
  return { kind: "upcast", text: applyEdits(text, edits) };
}

/** The edit, null where there is nothing to do, or the reason why it can't be done. */
type Planned = Edit | string | null;

type MemberStep = Extract<UpcastStep, { kind: "rename" | "drop" }>;

function editMember(document: JsonDocument, tokens: readonly string[], step: MemberStep): Planned {
  const member = findOnly(document.root, tokens);
  if (member === null || typeof member === "string") return member;
  if (step.kind === "drop") return document.remove(member);
  if (step.to === tokens.at(-1)) return null;
  if (findMembers(member.owner, step.to).length > 0) {
    return `${formatPointer([...tokens.slice(0, -1), step.to])} is there already.`;
  }
  return document.rename(member, step.to);
}

function editDefault(document: JsonDocument, tokens: readonly string[], value: unknown): Planned {
  const edit = insert(document, tokens, JSON.stringify(value ?? null));
  return typeof edit === "string" ? null : edit;
}

/** One place after the other, since taking out and putting in may meet in one object. */
function moveAll(document: JsonDocument, step: Extract<UpcastStep, { kind: "move" }>): UpcastResult {
  const places = expand(document.root, parsePointer(step.from) ?? []);
  if (places.length > MAX_MOVES) return failed(`More than ${MAX_MOVES} fields would move.`);
  let current = document;
  for (const { tokens, indices } of places) {
    const member = findOnly(current.root, tokens);
    if (member === null) continue;
    if (typeof member === "string") return failed(member);
    const raw = current.raw(member.value);
    const rest = JsonDocument.read(applyEdits(current.text, [current.remove(member)]));
    const edit = rest === null ? NO_JSON : insert(rest, fill(parsePointer(step.to) ?? [], indices), raw);
    if (rest === null || typeof edit === "string") return failed(String(edit));
    const moved = JsonDocument.read(applyEdits(rest.text, [edit]));
    if (moved === null) return failed(NO_JSON);
    current = moved;
  }
  return { kind: "upcast", text: current.text };
}

/** The member at a place; null where there is none, a reason where its name is repeated. */
function findOnly(root: Node, tokens: readonly string[]): Member | string | null {
  const owner = locate(root, tokens.slice(0, -1));
  if (owner?.type !== "object") return null;
  const [member, repeated] = findMembers(owner, tokens.at(-1) ?? "");
  return repeated === undefined ? (member ?? null) : `${formatPointer(tokens)} is there twice.`;
}

/** Puts a value at a place where nothing is, with the objects on the way; a reason where that can't be. */
function insert(document: JsonDocument, tokens: readonly string[], raw: string): Edit | string {
  for (let depth = 0; depth < tokens.length; depth += 1) {
    const owner = locate(document.root, tokens.slice(0, depth));
    const name = tokens[depth] ?? "";
    if (owner?.type === "array" && depth < tokens.length - 1) continue;
    if (owner?.type !== "object")
      return `${formatPointer(tokens.slice(0, depth)) || "The payload"} is no object.`;
    if (findMembers(owner, name).length > 0) continue;
    const nested = tokens
      .slice(depth + 1)
      .reduceRight((inner, token) => `{${JSON.stringify(token)}:${inner}}`, raw);
    return document.append(owner, name, nested);
  }
  return `${formatPointer(tokens)} is there already.`;
}

/** A place without wildcards, and the indices that they stood for. */
type Place = { tokens: readonly string[]; indices: readonly string[] };

/** The places that a pointer with wildcards means in this payload. */
function expand(root: Node, tokens: readonly string[]): Place[] {
  const wildcard = tokens.indexOf("*");
  if (wildcard === -1) return [{ tokens, indices: [] }];
  const array = locate(root, tokens.slice(0, wildcard));
  if (array?.type !== "array") return [];
  return (array.children ?? []).flatMap((element, index) =>
    expand(element, tokens.slice(wildcard + 1)).map((inner) => ({
      tokens: [...tokens.slice(0, wildcard), String(index), ...inner.tokens],
      indices: [String(index), ...inner.indices],
    })),
  );
}

function fill(tokens: readonly string[], indices: readonly string[]): string[] {
  const left = [...indices];
  return tokens.map((token) => (token === "*" ? (left.shift() ?? token) : token));
}

function locate(root: Node, tokens: readonly string[]): Node | undefined {
  let node: Node | undefined = root;
  for (const token of tokens) {
    if (node?.type === "array")
      node = /^(?:0|[1-9]\d*)$/.test(token) ? node.children?.[Number(token)] : undefined;
    else node = node === undefined ? undefined : findMembers(node, token)[0]?.value;
  }
  return node;
}

function countWildcards(pointer: string): number {
  return (parsePointer(pointer) ?? []).filter((token) => token === "*").length;
}

function failed(reason: string): UpcastResult {
  return { kind: "failed", reason };
}
