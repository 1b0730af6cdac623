import { type ProcessDefinition, stepsOf } from "./definition.ts";
import { type Advance, listBegun, listOwed } from "./go-on.ts";
import { findReplyReaders, type ReplyReader } from "./reply-readers.ts";
import { attemptsOf, type ProcessContext, type SentCommand, type Transition } from "./run.ts";
import { isUnanswered, type OpenStep, type RunActionRequest } from "./run-action.ts";
import { isEnded, type ProcessState, type ProcessStatus, type StepState, type StepStatus } from "./state.ts";

export const ACTION_WARNINGS = [
  /** The command was sent before and may have been carried out; the same idempotency key tells the service. */
  "may-be-done",
  /** A service that carried the command out under the old key does it once more. */
  "new-key",
  /** A reply that still comes changes nothing any more. */
  "reply-ignored",
  /** What comes later reads the reply and gets nothing. */
  "nothing-to-read",
  /** It may have been done, and is taken back when a later step fails. */
  "taken-back-later",
  /** It may reach the service before the command that it takes back. */
  "may-overtake",
  /** What was begun to be taken back may be half done. */
  "half-taken-back",
] as const;
export type ActionWarning = { code: (typeof ACTION_WARNINGS)[number]; step: string };

export type PreviewedCommand = SentCommand & {
  /** How long its reply is waited for. */
  timeoutMs: number;
  /** How often it is sent again by itself when none comes. */
  retriesLeft: number;
};

/** What an action does, before it is done. */
export type ActionPreview = {
  from: ProcessStatus;
  to: ProcessStatus;
  /** Steps that stand otherwise afterwards; `from` is null for those that begin. */
  changes: { step: string; from: StepStatus | null; to: StepStatus }[];
  /** Sent at once. */
  commands: PreviewedCommand[];
  /** All that is taken back from now on, in this order. */
  compensations: { step: string; command: string }[];
  /** Steps that were done, or may have been, and are not taken back. */
  staysDone: { step: string; isCertain: boolean }[];
  /** What will read the reply of the step that is skipped. */
  replyReaders: ReplyReader[];
  warnings: ActionWarning[];
  /** Type of the event that tells of the end. */
  says: string | null;
};

/** How a process tells of its end; null where it does not, or has not ended. */
export function lastWordOf({ endings }: ProcessDefinition, status: ProcessStatus): string | null {
  if (status === "running" || status === "compensating") return null;
  const type = endings[status] ?? (status === "cancelled" ? endings.failed : undefined);
  return type ?? null;
}

type Done = { request: RunActionRequest; about: OpenStep | null; advance: Advance };

export function previewAction(
  { definition }: ProcessContext,
  before: ProcessState,
  { request, about, advance: { state, commands, transitions } }: Done,
): ActionPreview {
  const isEndOfWork = request.action === "compensate" || request.action === "cancel";
  const compensations = state.status === "compensating" ? listCompensations(definition, state) : [];
  const replyReaders =
    request.action === "skip" && about?.phase === "do"
      ? findReplyReaders(definition, before, about.step)
      : [];
  return {
    from: before.status,
    to: state.status,
    changes: listChanges(definition, before, state),
    commands: commands.map((command) => withPatience(definition, state, command)),
    compensations,
    staysDone: isEndOfWork ? listStaysDone(definition, state, compensations) : [],
    replyReaders,
    warnings:
      about === null
        ? listWarnings(definition, before, { action: request.action, transitions })
        : listStepWarnings(definition, before, { request, about, replyReaders }),
    says: isEnded(state.status) ? lastWordOf(definition, state.status) : null,
  };
}

function listChanges(
  definition: ProcessDefinition,
  before: ProcessState,
  after: ProcessState,
): ActionPreview["changes"] {
  return listBegun(definition, after).flatMap(({ name, step: { status, attempt } }) => {
    const known = before.steps[name];
    const isSame = known?.status === status && known.attempt === attempt;
    return isSame ? [] : [{ step: name, from: known?.status ?? null, to: status }];
  });
}

/** The one that is being taken back first. */
function listCompensations(
  definition: ProcessDefinition,
  state: ProcessState,
): ActionPreview["compensations"] {
  const begun = listBegun(definition, state).flatMap(({ name, step }) =>
    ["compensating", "compensation-retrying", "stuck"].includes(step.status) ? [name] : [],
  );
  const commands = new Map(
    stepsOf(definition.elements).map(({ name, compensation }) => [name, compensation?.command ?? ""]),
  );
  return [...begun, ...listOwed(definition, state)].map((step) => ({
    step,
    command: commands.get(step) ?? "",
  }));
}

function withPatience(
  { elements }: ProcessDefinition,
  { steps }: ProcessState,
  command: SentCommand,
): PreviewedCommand {
  const definition = stepsOf(elements).find(({ name }) => name === command.step);
  const exchange = command.phase === "do" ? definition?.exchange : definition?.compensation;
  const step = steps[command.step];
  const used = step === undefined ? 1 : attemptsOf(step);
  return {
    ...command,
    timeoutMs: exchange?.timeoutMs ?? 0,
    retriesLeft: Math.max(0, (exchange?.retry.retries ?? 0) - used + 1),
  };
}

function listStaysDone(
  definition: ProcessDefinition,
  state: ProcessState,
  compensations: ActionPreview["compensations"],
): ActionPreview["staysDone"] {
  const isTakenBack = new Set(compensations.map(({ step }) => step));
  return listBegun(definition, state).flatMap(({ name, step }) => {
    const certainty = isTakenBack.has(name) ? "not" : certaintyOf(step, state.completed.includes(name));
    return certainty === "not" ? [] : [{ step: name, isCertain: certainty === "done" }];
  });
}

function certaintyOf({ status, isDoubtful }: StepState, isCounted: boolean): "done" | "maybe" | "not" {
  if (status === "completed") return "done";
  if (status === "given-up" || (status === "failed" && isDoubtful)) return "maybe";
  if (status === "skipped" && isCounted) return isDoubtful ? "maybe" : "done";
  return "not";
}

function listWarnings(
  { elements }: ProcessDefinition,
  before: ProcessState,
  { action, transitions }: { action: RunActionRequest["action"]; transitions: readonly Transition[] },
): ActionWarning[] {
  const canBeUndone = new Set(
    stepsOf(elements).flatMap(({ name, compensation }) => (compensation === null ? [] : [name])),
  );
  return transitions.flatMap(({ kind, step }): ActionWarning[] => {
    const stood = step === null ? undefined : before.steps[step];
    if (kind !== "step.given-up" || step === null || stood === undefined) return [];
    if (!isUnanswered(stood)) return [{ code: "half-taken-back", step }];
    const overtakes = action === "compensate" && canBeUndone.has(step);
    return [{ code: "reply-ignored", step }, ...(overtakes ? [{ code: "may-overtake" as const, step }] : [])];
  });
}

function listStepWarnings(
  definition: ProcessDefinition,
  before: ProcessState,
  {
    request,
    about: { step, phase },
    replyReaders,
  }: { request: RunActionRequest; about: OpenStep; replyReaders: readonly ReplyReader[] },
): ActionWarning[] {
  const stood = before.steps[step];
  if (stood === undefined) return [];
  const mayBeDone = phase === "undo" || isUnanswered(stood) || stood.isDoubtful;
  const canBeUndone = stepsOf(definition.elements).some(
    (one) => one.name === step && one.compensation !== null,
  );
  const codes: Record<ActionWarning["code"], boolean> = {
    "may-be-done": request.action === "retry" && mayBeDone,
    "new-key": request.action === "retry" && mayBeDone && request.isKeyNew,
    "reply-ignored": request.action === "skip" && (phase === "undo" || isUnanswered(stood)),
    "nothing-to-read":
      request.action === "skip" && replyReaders.length > 0 && (request.reply ?? null) === null,
    "taken-back-later": request.action === "skip" && phase === "do" && mayBeDone && canBeUndone,
    "may-overtake": false,
    "half-taken-back": false,
  };
  // The record has the codes for keys.
  const all = Object.entries(codes) as [ActionWarning["code"], boolean][];
  return all.flatMap(([code, isMeant]) => (isMeant ? [{ code, step }] : []));
}
