import type { PayloadEdit } from "#server/contract/replays.ts";
import type { EventData } from "#server/domain/event.ts";
import { applyJsonPatch, type PatchResult, problemOfJsonPatch } from "#server/domain/replays/json-patch.ts";
import { applyMergePatch } from "#server/domain/replays/merge-patch.ts";
import { JsonDocument } from "#server/domain/schemas/json-edit.ts";

export type EditedPayload = { kind: "edited"; text: string } | { kind: "failed"; reason: string };

/** What an edit makes of a payload, as text: what it does not touch stays as it is written. */
export function editPayload(edit: PayloadEdit, data: EventData): EditedPayload {
  if (data.encoding === "binary") return { kind: "failed", reason: "The payload is binary." };
  if (edit.kind === "payload") {
    return data.encoding !== "text" && JsonDocument.read(edit.text) === null
      ? { kind: "failed", reason: "The edited payload is no JSON, or nested too deeply." }
      : { kind: "edited", text: edit.text };
  }
  if (data.encoding === "none") return { kind: "failed", reason: "The event has no payload." };
  const result =
    edit.kind === "json-patch" ? applyJsonPatch(data.text, edit.text) : applyMergePatch(data.text, edit.text);
  if (result.kind === "patched") return { kind: "edited", text: result.text };
  return { kind: "failed", reason: wordsFor(result) };
}

/** What is wrong with an edit whatever it is applied to, or null. */
export function problemOfEdit({ kind, text }: PayloadEdit): string | null {
  if (kind === "merge-patch" && JsonDocument.read(text) === null) {
    return "The merge patch is no JSON, or nested too deeply.";
  }
  const problem = kind === "json-patch" ? problemOfJsonPatch(text) : null;
  return problem === null ? null : `The JSON Patch can't be used. ${wordsFor(problem)}`;
}

function wordsFor({ operation, pointer, reason }: Extract<PatchResult, { kind: "failed" }>): string {
  const place = pointer === null ? "" : ` (at ${pointer === "" ? "the root" : pointer})`;
  return operation === null ? reason : `Operation ${operation + 1}${place}: ${reason}`;
}
