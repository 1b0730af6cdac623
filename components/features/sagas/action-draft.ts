import type { RunActionInput } from "#server/contract/processes.ts";
import type { RunActionName } from "#server/domain/processes/run-action.ts";

/** What stands in the dialog. */
export type ActionDraft = {
  /** Null where the action is about the whole run. */
  step: string | null;
  reason: string;
  /** JSON, or nothing. */
  replyText: string;
  isKeyNew: boolean;
};

/** What is sent for a draft; null while its reply is not JSON. */
export function readDraft(
  action: RunActionName,
  { step, reason, replyText, isKeyNew }: ActionDraft,
): RunActionInput | null {
  const why = reason.trim() === "" ? {} : { reason: reason.trim() };
  const about = step === null ? {} : { step };
  if (action === "retry") return { action, ...about, ...(isKeyNew ? { newKey: true } : {}), ...why };
  if (action !== "skip") return { action, ...why };
  const reply = readReply(replyText);
  return reply === null ? null : { action, ...about, ...reply, ...why };
}

function readReply(text: string): { reply?: unknown } | null {
  if (text.trim() === "") return {};
  try {
    return { reply: JSON.parse(text) };
  } catch {
    return null;
  }
}
