import type { ProcessDefinition } from "./definition.ts";
import { type Advance, beginCompensation, endStep, goOn, listBegun } from "./go-on.ts";
import { type ActionPreview, previewAction } from "./preview-action.ts";
import { findReplyReaders } from "./reply-readers.ts";
import { type ProcessContext, ProcessRun, UnmakeableCommand } from "./run.ts";
import {
  type ActionRefusal,
  isUnanswered,
  type OpenStep,
  offerRunActions,
  type RunActionRequest,
} from "./run-action.ts";
import type { ProcessState } from "./state.ts";

export type ActionOutcome =
  | { kind: "acted"; advance: Advance; preview: ActionPreview; about: OpenStep | null }
  | {
      kind: "refused";
      refusal: ActionRefusal;
      /** Steps that it is about, or that could be meant. */
      steps: string[];
      /** What the declaration has against it. */
      detail: string | null;
    };

/** Does to a copy of a run what a person asks for. Its first transition is the action, with the reason for its detail. */
export function actOnRun(
  context: ProcessContext,
  state: ProcessState,
  request: RunActionRequest,
): ActionOutcome {
  const { definition } = context;
  const { action } = request;
  const offer = offerRunActions(definition, state).find((one) => one.action === action);
  if (offer === undefined) throw new Error(`There is no action ${action}.`);
  if (offer.refusal !== null) return refuse(offer.refusal);
  const run = new ProcessRun(context, state);
  let about: OpenStep | null = null;
  if (request.action === "retry" || request.action === "skip") {
    const named = request.step;
    const meant = offer.steps.filter(({ step }) => named === null || step === named);
    const [only, another] = meant;
    if (only === undefined) return refuse("step-not-open", named === null ? [] : [named]);
    if (another !== undefined) return refuse("step-needed", listNames(meant));
    about = only;
    if (request.action === "skip") {
      const objection = objectToReply(definition, state, { about: only, reply: request.reply });
      if (objection !== null) return objection;
    }
  }
  try {
    follow(run, request, about);
    const advance = goOn(run);
    return {
      kind: "acted",
      advance,
      preview: previewAction(context, state, { request, about, advance }),
      about,
    };
  } catch (error) {
    if (error instanceof UnmakeableCommand) return refuse("command-unmakeable", [], error.message);
    throw error;
  }
}

function refuse(refusal: ActionRefusal, steps: string[] = [], detail: string | null = null): ActionOutcome {
  return { kind: "refused", refusal, steps, detail };
}

function listNames(steps: readonly OpenStep[]): string[] {
  return steps.map(({ step }) => step);
}

function objectToReply(
  definition: ProcessDefinition,
  state: ProcessState,
  { about: { step, phase }, reply }: { about: OpenStep; reply: unknown },
): ActionOutcome | null {
  const hasReply = reply !== null && reply !== undefined;
  if (phase === "undo") return hasReply ? refuse("reply-unread", [step]) : null;
  if (!hasReply) {
    const readers = findReplyReaders(definition, state, step).filter(({ isNeeded }) => isNeeded);
    return readers.length === 0
      ? null
      : refuse("reply-needed", [step], readers.map(({ name }) => name).join(", "));
  }
  const exchange = new ProcessRun({ id: "", definition, now: 0, random: () => 0 }, state).exchangeOf(
    step,
    phase,
  );
  try {
    exchange.reply.read(reply);
    return null;
  } catch (error) {
    return refuse("reply-invalid", [step], error instanceof Error ? error.message : String(error));
  }
}

function follow(run: ProcessRun, request: RunActionRequest, about: OpenStep | null): void {
  const { reason } = request;
  if (request.action === "retry" && about !== null) {
    run.note("step.retried", about.step, reason);
    run.sendAfresh(about.step, about.phase, request);
    forgetFailure(run, about.step);
  } else if (request.action === "skip" && about !== null) skip(run, about, request);
  else if (request.action === "compensate") {
    run.note("process.called-off", null, reason);
    giveUp(run, "failed", reason);
    beginCompensation(run);
  } else if (request.action === "cancel") {
    run.state.status = "cancelled";
    run.note("process.cancelled", null, reason);
    giveUp(run, "given-up", reason);
  }
}

function skip(
  run: ProcessRun,
  { step: name, phase }: OpenStep,
  { reason, reply }: { reason: string | null; reply: unknown },
): void {
  const step = run.stateOf(name);
  if (phase === "undo") {
    run.note("step.compensated", name, reason);
    endStep(run, step, "compensated");
    return;
  }
  const mayBeDone = isUnanswered(step) || step.isDoubtful;
  const hasReply = reply !== null && reply !== undefined;
  run.note("step.skipped", name, reason);
  endStep(run, step, "skipped");
  step.result = hasReply ? reply : null;
  step.isDoubtful = mayBeDone && !hasReply;
  // What a service did, or is said to have done, is taken back when a later step fails.
  if (mayBeDone || hasReply) run.state.completed.push(name);
  forgetFailure(run, name);
}

/** Waits no longer for anything that was asked for. */
function giveUp(run: ProcessRun, status: "failed" | "given-up", reason: string | null): void {
  for (const { name, step } of listBegun(run.context.definition, run.state)) {
    const isUndone = ["compensating", "compensation-retrying", "stuck"].includes(step.status);
    if (!isUnanswered(step) && !isUndone) continue;
    endStep(run, step, status);
    step.isDoubtful = true;
    run.note("step.given-up", name, reason);
    run.state.failure ??= { step: name, reason: reason ?? "" };
  }
}

/** Without the step's failure, the process stands as its other steps do. */
function forgetFailure({ context, state }: ProcessRun, name: string): void {
  if (state.failure?.step !== name) return;
  const next = listBegun(context.definition, state).find(({ step }) => step.status === "failed");
  state.failure = next === undefined ? null : { step: next.name, reason: next.step.error ?? "" };
}
