import type { PayloadEdit } from "#server/contract/replays.ts";
import type { EventData } from "#server/domain/event.ts";
import { applyJsonPatch } from "#server/domain/replays/json-patch.ts";
import { applyMergePatch } from "#server/domain/replays/merge-patch.ts";

export type EditedPayload = { kind: "edited"; text: string } | { kind: "failed"; reason: string };

/** What an edit makes of a payload, as text: what it does not touch stays as it is written. */
export function editPayload(edit: PayloadEdit, data: EventData): EditedPayload {
  if (data.encoding === "binary") return { kind: "failed", reason: "The payload is binary." };
  if (edit.kind === "payload") return { kind: "edited", text: edit.text };
  if (data.encoding === "none") return { kind: "failed", reason: "The event has no payload." };
  const result =
    edit.kind === "json-patch" ? applyJsonPatch(data.text, edit.text) : applyMergePatch(data.text, edit.text);
  if (result.kind === "patched") return { kind: "edited", text: result.text };
  const place = result.pointer === null ? "" : ` (at ${result.pointer === "" ? "the root" : result.pointer})`;
  const operation = result.operation === null ? "" : `Operation ${result.operation + 1}${place}: `;
  return { kind: "failed", reason: `${operation}${result.reason}` };
}
