import { formatJson, isJson } from "#components/ui/json-format.ts";
import type { PayloadEdit } from "#server/contract/replays.ts";
import { problemOfJsonPatch } from "#server/domain/replays/json-patch.ts";

export const EDIT_KINDS = ["none", "payload", "merge-patch", "json-patch"] as const;
export type EditKind = (typeof EDIT_KINDS)[number];

/** An edit as it is typed. */
export type EditDraft = { kind: EditKind; text: string };

export type EditProblem =
  | "required"
  | "not-json"
  | "not-an-object"
  | "not-a-list"
  | "not-an-operation"
  | "unchanged"
  | "too-long";
export type ReadEdit =
  | { kind: "valid"; edit: PayloadEdit | null }
  /** `operation` counts from 1. */
  | { kind: "invalid"; problem: EditProblem; operation?: number };

/** What the contract takes. */
const MAX_CHARS: Record<PayloadEdit["kind"], number> = {
  payload: 4_000_000,
  "merge-patch": 1_000_000,
  "json-patch": 1_000_000,
};

/** What an editor begins with; of a payload, the payload itself. */
export const FIRST_TEXTS: Record<"merge-patch" | "json-patch", string> = {
  "merge-patch": "{\n  \n}",
  "json-patch": "[\n  \n]",
};

/**
 * Reads what was typed. The text is looked at, never taken apart: numbers go to the API as they stand in the editor.
 *
 * @param original the payload of the one letter that is edited; null while it is not known.
 */
export function readEdit({ kind, text }: EditDraft, original: string | null): ReadEdit {
  if (kind === "none") return { kind: "valid", edit: null };
  if (text.trim() === "") return { kind: "invalid", problem: "required" };
  if (text.length > MAX_CHARS[kind]) return { kind: "invalid", problem: "too-long" };
  if (!isJson(text)) return { kind: "invalid", problem: "not-json" };
  const first = text.trimStart()[0];
  if (kind === "merge-patch" && first !== "{") return { kind: "invalid", problem: "not-an-object" };
  if (kind === "json-patch" && first !== "[") return { kind: "invalid", problem: "not-a-list" };
  if (kind !== "payload" && isSameJson(text, kind === "json-patch" ? "[]" : "{}")) {
    return { kind: "invalid", problem: "unchanged" };
  }
  const operation = kind === "json-patch" ? problemOfJsonPatch(text)?.operation : null;
  if (typeof operation === "number") {
    return { kind: "invalid", problem: "not-an-operation", operation: operation + 1 };
  }
  if (kind === "payload" && original !== null && isSameJson(text, original)) {
    return { kind: "invalid", problem: "unchanged" };
  }
  return { kind: "valid", edit: { kind, text } };
}

/** Whether two texts differ in white space at most. */
export function isSameJson(one: string, other: string): boolean {
  return one === other || formatJson(one).text === formatJson(other).text;
}
