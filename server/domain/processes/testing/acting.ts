import type { ActionOutcome } from "../act-on-run.ts";
import type { ActionPreview } from "../preview-action.ts";
import { offerRunActions, type RunActionRequest } from "../run-action.ts";
import { REPLIES, Trial } from "./trial.ts";

export const WHY = "Asked for by the customer";
export const retry = (step: string | null = null, isKeyNew = false): RunActionRequest => ({
  action: "retry",
  step,
  isKeyNew,
  reason: WHY,
});
export const skip = (step: string | null = null, reply: unknown = null): RunActionRequest => ({
  action: "skip",
  step,
  reply,
  reason: WHY,
});
export const compensate: RunActionRequest = { action: "compensate", reason: WHY };
export const cancel: RunActionRequest = { action: "cancel", reason: WHY };

/** A trial that stands at a moment: what was answered so far, in order. */
export function at(
  replies: Record<string, string>,
  options: ConstructorParameters<typeof Trial>[1] = {},
): Trial {
  const trial = new Trial({}, options);
  for (const [command, type] of Object.entries(replies)) {
    const sent = trial.sent.findLast((one) => one.type === command) ?? null;
    trial.reply(sent, type, REPLIES[command]?.data ?? {});
  }
  return trial;
}
export const RESERVED = { "inventory.reserve": "inventory.reserved" };
export const BESIDE = { ...RESERVED, "mail.send": "mail.sent", "points.add": "points.added" };
export const REFUSED = { ...BESIDE, "shipping.ship": "shipping.refused" };

export function possible({ definition, state }: Trial): Record<string, string> {
  return Object.fromEntries(
    offerRunActions(definition, state).map(({ action, steps, refusal }) => [
      action,
      refusal ?? steps.map(({ step, phase }) => `${step}/${phase}`).join(" "),
    ]),
  );
}

export function previewOf(outcome: ActionOutcome): ActionPreview {
  if (outcome.kind === "refused") throw new Error(`It was refused: ${outcome.refusal}.`);
  return outcome.preview;
}
