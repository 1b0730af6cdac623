import { longestDelayMs, nextDelayMs, type RetryPolicy } from "../retry-policy.ts";
import type { Exchange, ProcessDefinition, ProcessView, StepDefinition } from "./definition.ts";
import { stepsOf } from "./definition.ts";
import type { ProcessState, StepState } from "./state.ts";

/** What a step does: its command, or the one that takes it back. */
export type Phase = "do" | "undo";

/** A command that has to be sent with the transition. */
export type SentCommand = {
  /** The same for the same attempt of the same step, so that sending it twice stores it once. */
  id: string;
  step: string;
  phase: Phase;
  attempt: number;
  /** The same for every attempt, until a person asks for another one. */
  idempotencyKey: string;
  type: string;
  channel: string | null;
  data: unknown;
};

export type TransitionKind =
  | "process.started"
  | "process.completed"
  | "process.compensating"
  | "process.compensated"
  | "process.failed"
  | "process.called-off"
  | "process.cancelled"
  | "step.commanded"
  | "step.completed"
  | "step.failed"
  | "step.timed-out"
  | "step.skipped"
  | "step.retried"
  | "step.given-up"
  | "step.compensating"
  | "step.compensated"
  | "step.compensation-failed";

/** One entry of the history of a process. */
export type Transition = {
  kind: TransitionKind;
  step: string | null;
  attempt: number | null;
  detail: string | null;
};

export type ProcessContext = {
  /** Of this one process: commands are named after it. */
  id: string;
  definition: ProcessDefinition;
  /** Milliseconds since 1970. */
  now: number;
  /** From 0 up to, not including, 1. */
  random: () => number;
};

/** The declaration could not make the payload of a command from what the process knows. */
export class UnmakeableCommand extends Error {
  override readonly name = "UnmakeableCommand";
}

/** Works on a copy of a state and gathers what follows from it. */
export class ProcessRun {
  readonly context: ProcessContext;
  readonly state: ProcessState;
  readonly commands: SentCommand[] = [];
  readonly transitions: Transition[] = [];

  constructor(context: ProcessContext, state: ProcessState) {
    this.context = context;
    this.state = structuredClone(state);
  }

  definitionOf(name: string): StepDefinition {
    const found = stepsOf(this.context.definition.elements).find((step) => step.name === name);
    if (found === undefined) throw new Error(`${this.context.definition.name} has no step ${name}.`);
    return found;
  }

  stateOf(name: string): StepState {
    const found = this.state.steps[name];
    if (found === undefined) throw new Error(`The step ${name} has not begun.`);
    return found;
  }

  exchangeOf(name: string, phase: Phase): Exchange {
    const { exchange, compensation } = this.definitionOf(name);
    if (phase === "do") return exchange;
    if (compensation === null) throw new Error(`The step ${name} has no compensation.`);
    return compensation;
  }

  view(): ProcessView<unknown, object> {
    const { key, input, steps } = this.state;
    const results = Object.fromEntries(
      Object.entries(steps).map(([name, { result }]) => [
        name,
        result === null ? undefined : this.definitionOf(name).exchange.reply.read(result),
      ]),
    );
    return { key, input: this.context.definition.startedBy.read(input), results };
  }

  note(kind: TransitionKind, step: string | null = null, detail: string | null = null): void {
    const attempt = step === null ? null : this.stateOf(step).attempt;
    this.transitions.push({ kind, step, attempt, detail });
  }

  /** Sends the command of one attempt and begins to wait for its reply. */
  send(name: string, phase: Phase, attempt: number): void {
    const { id, now } = this.context;
    const { command, channel, data, timeoutMs } = this.exchangeOf(name, phase);
    const known = this.state.steps[name];
    this.state.steps[name] = {
      status: phase === "do" ? "waiting" : "compensating",
      attempt,
      deadline: now + timeoutMs,
      startedAt: known?.startedAt ?? now,
      endedAt: null,
      result: known?.result ?? null,
      error: known?.error ?? null,
      isDoubtful: known?.isDoubtful ?? false,
      ...(attempt === 1 ? {} : madeBefore(known)),
    };
    this.commands.push({
      id: commandId(id, { step: name, phase, attempt }),
      step: name,
      phase,
      attempt,
      idempotencyKey: this.idempotencyKeyOf(name, phase),
      type: command,
      channel,
      data: this.#payloadOf(name, command, data),
    });
    this.note(phase === "do" ? "step.commanded" : "step.compensating", name);
  }

  #payloadOf(step: string, command: string, data: Exchange["data"]): unknown {
    try {
      return data(this.view());
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new UnmakeableCommand(`The command ${command} of the step ${step} can't be made: ${reason}`, {
        cause,
      });
    }
  }

  /** Sends a command again because a person asked for it; the policy counts its attempts anew. */
  sendAfresh(name: string, phase: Phase, { isKeyNew }: { isKeyNew: boolean }): void {
    const step = this.stateOf(name);
    step.attemptsBefore = step.attempt;
    const isUnanswered = ["waiting", "retrying", "compensating"].includes(step.status);
    if (!isUnanswered) step.refusedBefore = step.attempt;
    if (isKeyNew) {
      step.keyNumber = (step.keyNumber ?? 1) + 1;
      step.isDoubtful ||= isUnanswered;
    }
    this.send(name, phase, step.attempt + 1);
  }

  idempotencyKeyOf(name: string, phase: Phase): string {
    const { keyNumber = 1 } = this.stateOf(name);
    return `${this.context.id}/${name}/${phase}${keyNumber === 1 ? "" : `#${keyNumber}`}`;
  }

  /** Plans another attempt. Gives false when the policy allows none. */
  retryLater(name: string, phase: Phase, policy: RetryPolicy): boolean {
    const step = this.stateOf(name);
    const delayMs = nextDelayMs(policy, attemptsOf(step), this.context.random);
    if (delayMs === null) return false;
    step.status = phase === "do" ? "retrying" : "compensation-retrying";
    step.deadline = this.context.now + delayMs;
    return true;
  }

  /** Goes on trying although the policy's attempts are used up, at its slowest pace. */
  keepTrying(name: string): void {
    const step = this.stateOf(name);
    const { retry } = this.exchangeOf(name, "undo");
    step.status = "compensation-retrying";
    step.deadline = this.context.now + Math.max(1_000, longestDelayMs(retry, attemptsOf(step)));
  }
}

function madeBefore(known: StepState | undefined): Partial<StepState> {
  if (known === undefined) return {};
  const { attemptsBefore, refusedBefore, keyNumber } = known;
  return { attemptsBefore, refusedBefore, keyNumber };
}

/** The id of the event by which a process sends a command: who gets it twice sees it once. */
export function commandId(
  id: string,
  { step, phase, attempt }: { step: string; phase: Phase; attempt: number },
): string {
  return `${id}/${step}/${phase}/${attempt}`;
}

/** How many attempts the policy has seen. */
export function attemptsOf({ attempt, attemptsBefore = 0 }: StepState): number {
  return attempt - attemptsBefore;
}
