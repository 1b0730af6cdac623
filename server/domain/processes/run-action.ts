import { type ProcessDefinition, stepsOf } from "./definition.ts";
import { listOwed } from "./go-on.ts";
import type { Phase } from "./run.ts";
import { isEnded, type ProcessState, type StepState, type StepStatus } from "./state.ts";

/** What a person can do about a run that does not go on as it should. */
export const RUN_ACTIONS = ["retry", "skip", "compensate", "cancel"] as const;
export type RunActionName = (typeof RUN_ACTIONS)[number];

/** An action as it is asked for. The step may be left out where only one can be meant. */
export type RunActionRequest = { reason: string | null } & (
  | { action: "retry"; step: string | null; isKeyNew: boolean }
  /** `reply` is what the step counts as answered with; null for nothing. */
  | { action: "skip"; step: string | null; reply: unknown }
  | { action: "compensate" | "cancel" }
);

export const ACTION_REFUSALS = [
  /** The run has ended. */
  "ended",
  /** The program that was asked does not know the process. */
  "undeclared",
  /** No step waits or has failed that the process still declares. */
  "nothing-open",
  "already-compensating",
  /** No step that was or may have been done has a compensation. */
  "nothing-to-take-back",
  /** Several steps could be meant. */
  "step-needed",
  /** The step neither waits nor has failed. */
  "step-not-open",
  /** The reply is not what the step's message declares. */
  "reply-invalid",
  /** What comes later is made from the reply. */
  "reply-needed",
  /** The reply of a compensation is read by nobody. */
  "reply-unread",
  /** The declaration could not make a command that would be sent. */
  "command-unmakeable",
] as const;
export type ActionRefusal = (typeof ACTION_REFUSALS)[number];

/** A step that waits or has failed, and what of it: its command, or the one that takes it back. */
export type OpenStep = { step: string; phase: Phase };

export type RunActionOffer = {
  action: RunActionName;
  /** Those that it can be about; empty where it is about the whole run. */
  steps: OpenStep[];
  /** Why it is not possible; null where it is. */
  refusal: ActionRefusal | null;
};

/** What can be done about a run as it stands. A process that is not declared here can't be acted on. */
export function offerRunActions(definition: ProcessDefinition | null, state: ProcessState): RunActionOffer[] {
  const steps = definition === null ? [] : listOpenSteps(definition, state);
  return RUN_ACTIONS.map((action) => {
    const isAboutStep = action === "retry" || action === "skip";
    const refusal = refusalOf(definition, state, { action, steps });
    return { action, steps: isAboutStep && refusal === null ? steps : [], refusal };
  });
}

function refusalOf(
  definition: ProcessDefinition | null,
  state: ProcessState,
  { action, steps }: { action: RunActionName; steps: readonly OpenStep[] },
): ActionRefusal | null {
  if (isEnded(state.status)) return "ended";
  if (definition === null) return "undeclared";
  if (action === "retry" || action === "skip") return steps.length === 0 ? "nothing-open" : null;
  if (action === "cancel") return null;
  if (state.status === "compensating") return "already-compensating";
  const calledOff = { ...state, steps: giveUpUnanswered(state.steps) };
  return listOwed(definition, calledOff).length === 0 ? "nothing-to-take-back" : null;
}

const OPEN: Partial<Record<StepStatus, Phase>> = {
  waiting: "do",
  retrying: "do",
  failed: "do",
  compensating: "undo",
  "compensation-retrying": "undo",
  stuck: "undo",
};

function listOpenSteps({ elements }: ProcessDefinition, { status, steps }: ProcessState): OpenStep[] {
  const current = status === "compensating" ? "undo" : "do";
  return stepsOf(elements).flatMap(({ name, compensation }) => {
    const step = steps[name];
    const phase = step === undefined ? undefined : OPEN[step.status];
    if (phase !== current || (phase === "undo" && compensation === null)) return [];
    return [{ step: name, phase }];
  });
}

/** Whether a command was sent that nobody has answered. */
export function isUnanswered({ status }: StepState): boolean {
  return status === "waiting" || status === "retrying";
}

/** Counts steps as failed that were not answered; they may have been done. */
function giveUpUnanswered(steps: ProcessState["steps"]): ProcessState["steps"] {
  const all = Object.entries(steps).map(([name, step]) => [
    name,
    isUnanswered(step) ? { ...step, status: "failed" as const, isDoubtful: true } : step,
  ]);
  return Object.fromEntries(all);
}
