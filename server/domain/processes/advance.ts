import type { ProcessElement } from "./definition.ts";
import { stepsOf } from "./definition.ts";
import { type Phase, type ProcessContext, ProcessRun, type SentCommand, type Transition } from "./run.ts";
import type { ProcessState, StepState } from "./state.ts";

/** What follows from one input; a process that was not touched by it has no transitions. */
export type Advance = { state: ProcessState; commands: SentCommand[]; transitions: Transition[] };

/** Begins a process with the payload of its starting event. Throws what the message's schema throws. */
export function startProcess(context: ProcessContext, input: unknown): Advance {
  const key = context.definition.key(input);
  const run = new ProcessRun(context, {
    status: "running",
    key,
    input,
    steps: {},
    completed: [],
    choices: {},
    failure: null,
  });
  run.note("process.started", null, key);
  return goOn(run);
}

/** A reply as it came in: which command it answers, where it says so, its type and its payload. */
export type Reply = { commandId: string | null; type: string; data: unknown };

/**
 * Takes a reply. One that nobody waits for any more, because it came twice or too late, changes nothing. A reply to
 * an earlier attempt of the same step counts as well: the command was the same.
 */
export function takeReply(context: ProcessContext, state: ProcessState, reply: Reply): Advance {
  const run = new ProcessRun(context, state);
  const asked = findAsked(run, reply);
  if (asked === null) return resultOf(run);
  const { name, phase } = asked;
  const exchange = run.exchangeOf(name, phase);
  const step = run.stateOf(name);
  if (reply.type === exchange.reply.type) {
    if (phase === "do") {
      exchange.reply.read(reply.data);
      end(run, step, "completed");
      step.result = reply.data;
      step.isDoubtful = false;
      run.state.completed.push(name);
      run.note("step.completed", name);
    } else {
      end(run, step, "compensated");
      run.note("step.compensated", name);
    }
  } else if (phase === "do") {
    fail(run, name, `It was answered with ${reply.type}.`, false);
  } else {
    failCompensation(run, name, `It was answered with ${reply.type}.`);
  }
  return goOn(run);
}

/** Does what is due: gives up on replies that did not come in time, and sends commands again. */
export function passTime(context: ProcessContext, state: ProcessState): Advance {
  const run = new ProcessRun(context, state);
  for (const [name, step] of Object.entries(run.state.steps)) {
    if (step.deadline === null || step.deadline > context.now) continue;
    if (step.status === "retrying") run.send(name, "do", step.attempt + 1);
    else if (step.status === "compensation-retrying") run.send(name, "undo", step.attempt + 1);
    else timeOut(run, name, step.status === "waiting" ? "do" : "undo");
  }
  return goOn(run);
}

/** A person has a stuck or failing compensation tried again, or says that it was done by hand. */
export function resolveCompensation(
  context: ProcessContext,
  state: ProcessState,
  { step: name, decision }: { step: string; decision: "retry" | "done" },
): Advance {
  const run = new ProcessRun(context, state);
  const step = run.state.steps[name];
  const isOpen = step?.status === "stuck" || step?.status === "compensation-retrying";
  if (!isOpen) return resultOf(run);
  if (decision === "retry") run.send(name, "undo", step.attempt + 1);
  else {
    end(run, step, "compensated");
    run.note("step.compensated", name, "A person said that it was taken back by hand.");
  }
  return goOn(run);
}

function timeOut(run: ProcessRun, name: string, phase: Phase): void {
  const { timeoutMs, retry } = run.exchangeOf(name, phase);
  const reason = `No reply came within ${timeoutMs} ms.`;
  run.stateOf(name).error = reason;
  run.note("step.timed-out", name, reason);
  if (run.retryLater(name, phase, retry)) return;
  if (phase === "do") fail(run, name, reason, true);
  else failCompensation(run, name, reason);
}

function fail(run: ProcessRun, name: string, reason: string, isDoubtful: boolean): void {
  const step = run.stateOf(name);
  end(run, step, "failed");
  step.error = reason;
  step.isDoubtful = isDoubtful;
  run.state.failure ??= { step: name, reason };
  run.note("step.failed", name, reason);
}

function failCompensation(run: ProcessRun, name: string, reason: string): void {
  const step = run.stateOf(name);
  step.error = reason;
  if (run.context.definition.onCompensationFailure === "keep-trying") run.keepTrying(name);
  else {
    step.status = "stuck";
    step.deadline = null;
  }
  run.note("step.compensation-failed", name, reason);
}

function end(run: ProcessRun, step: StepState, status: StepState["status"]): void {
  step.status = status;
  step.deadline = null;
  step.endedAt = run.context.now;
}

function findAsked(run: ProcessRun, { commandId, type }: Reply): { name: string; phase: Phase } | null {
  for (const { name, exchange, compensation } of stepsOf(run.context.definition.elements)) {
    const status = run.state.steps[name]?.status;
    for (const phase of ["do", "undo"] as const) {
      const isOpen =
        phase === "do"
          ? status === "waiting" || status === "retrying"
          : status === "compensating" || status === "compensation-retrying" || status === "stuck";
      const asked = phase === "do" ? exchange : compensation;
      if (!isOpen || asked === null) continue;
      if (type !== asked.reply.type && !asked.refusals.includes(type)) continue;
      const isAnswer = commandId === null || commandId.startsWith(`${run.context.id}/${name}/${phase}/`);
      if (isAnswer) return { name, phase };
    }
  }
  return null;
}

type Progress = "done" | "waiting" | "stopped";

function goOn(run: ProcessRun): Advance {
  const { state } = run;
  if (state.status === "running") {
    const progress = walk(run, run.context.definition.elements);
    if (state.failure !== null) {
      // What runs beside the failure is waited for: only then is it known what has to be taken back.
      const isBusy = Object.values(state.steps).some(({ deadline }) => deadline !== null);
      if (!isBusy) beginCompensation(run);
    } else if (progress === "done") {
      state.status = "completed";
      run.note("process.completed");
    }
  }
  if (state.status === "compensating") compensate(run);
  return resultOf(run);
}

/** Starts every step whose turn it is. After a failure, none is begun any more. */
function walk(run: ProcessRun, elements: readonly ProcessElement[]): Progress {
  for (const element of elements) {
    const progress = walkOne(run, element);
    if (progress !== "done") return progress;
  }
  return "done";
}

function walkOne(run: ProcessRun, element: ProcessElement): Progress {
  const { state } = run;
  if (element.kind === "parallel") {
    const all = element.branches.map((branch) => walk(run, branch));
    if (all.includes("waiting")) return "waiting";
    return all.includes("stopped") ? "stopped" : "done";
  }
  if (element.kind === "choice") {
    if (state.choices[element.name] === undefined) {
      if (state.failure !== null) return "stopped";
      state.choices[element.name] = element.when(run.view());
    }
    return walk(run, state.choices[element.name] ? element.yes : element.no);
  }
  const status = state.steps[element.name]?.status;
  if (status === "completed" || status === "skipped") return "done";
  if (status === "waiting" || status === "retrying") return "waiting";
  if (status !== undefined || state.failure !== null) return "stopped";
  run.send(element.name, "do", 1);
  return "waiting";
}

function beginCompensation(run: ProcessRun): void {
  const { state } = run;
  if (listOwed(run).length === 0) {
    state.status = "failed";
    run.note("process.failed", null, state.failure?.reason ?? null);
    return;
  }
  state.status = "compensating";
  run.note("process.compensating", null, state.failure?.reason ?? null);
}

/** Takes back one step after the other, the last one done first. */
function compensate(run: ProcessRun): void {
  const { state } = run;
  const isBusy = Object.values(state.steps).some(({ status }) =>
    ["compensating", "compensation-retrying", "stuck"].includes(status),
  );
  if (isBusy) return;
  const [next] = listOwed(run);
  if (next !== undefined) {
    run.send(next, "undo", 1);
    return;
  }
  state.status = "compensated";
  run.note("process.compensated");
}

/** Steps that have to be taken back: first those that may have been done without a reply, then what was done, last first. */
function listOwed(run: ProcessRun): string[] {
  const { steps, completed } = run.state;
  const doubtful = Object.keys(steps).filter(
    (name) => steps[name]?.isDoubtful && steps[name].status === "failed",
  );
  const done = completed.toReversed().filter((name) => steps[name]?.status === "completed");
  return [...doubtful, ...done].filter((name) => run.definitionOf(name).compensation !== null);
}

function resultOf({ state, commands, transitions }: ProcessRun): Advance {
  return { state, commands, transitions };
}
