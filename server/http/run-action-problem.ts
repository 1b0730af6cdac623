import type { ActionRefusal, RunActionName } from "#server/domain/processes/run-action.ts";
import type { RunActionOutcome } from "../mediator/act-on-run.ts";
import type { ProblemDetails } from "./problem.ts";

type Refused = Exclude<RunActionOutcome, { kind: "answered" }>;

/** Wrong in what was asked for; all else is about how the run stands. */
const IN_THE_REQUEST: ReadonlySet<ActionRefusal> = new Set([
  "step-needed",
  "reply-invalid",
  "reply-needed",
  "reply-unread",
]);

/** Why an action was not done, and what to do instead. */
export function refuseRunAction(outcome: Refused, action: RunActionName): ProblemDetails {
  if (outcome.kind === "moved-on") {
    const { actualVersion } = outcome;
    return {
      status: 409,
      code: "version-conflict",
      detail:
        `The run has moved on to version ${actualVersion} since this was decided. Nothing was done. ` +
        "Look at where it stands now, and decide again.",
      actualVersion,
    };
  }
  const { refusal, steps, detail } = outcome;
  const status = IN_THE_REQUEST.has(refusal) ? 400 : 409;
  return {
    status,
    code: refusal,
    detail: `${sayWhy(refusal, { action, steps, detail })} Nothing was done.`,
  };
}

function sayWhy(
  refusal: ActionRefusal,
  { action, steps, detail }: { action: RunActionName; steps: readonly string[]; detail: string | null },
): string {
  const [step = ""] = steps;
  switch (refusal) {
    case "ended":
      return "The run has ended, and others were told so.";
    case "undeclared":
      return "This server does not know the process. Ask the program that declares it.";
    case "nothing-open":
      return "No step of the run waits or has failed that its process still declares.";
    case "already-compensating":
      return "The run is being taken back already.";
    case "nothing-to-take-back":
      return "Nothing that was done has a compensation. Cancel the run to end it.";
    case "step-needed":
      return `Several steps could be meant. Name one with "step": ${steps.join(", ")}.`;
    case "step-not-open":
      return `The step ${step} neither waits nor has failed, so there is nothing to ${action}.`;
    case "reply-invalid":
      return `The reply is not what the step ${step} is answered with: ${detail}`;
    case "reply-needed":
      return `${detail} can't be made without the reply of ${step}. Give one with "reply".`;
    case "reply-unread":
      return `Nobody reads what a compensation is answered with. Leave out "reply".`;
    case "command-unmakeable":
      return detail ?? "A command that would be sent can't be made.";
  }
}
