import { stepsOf } from "./definition.ts";
import { type Advance, endStep, goOn, resultOf } from "./go-on.ts";
import { type Phase, type ProcessContext, ProcessRun } from "./run.ts";
import { isEnded, type ProcessState } from "./state.ts";

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
  const asked = isEnded(state.status) ? null : findAsked(run, reply);
  if (asked === null) return resultOf(run);
  const { name, phase } = asked;
  const exchange = run.exchangeOf(name, phase);
  const step = run.stateOf(name);
  if (reply.type === exchange.reply.type) {
    if (phase === "do") {
      exchange.reply.read(reply.data);
      endStep(run, step, "completed");
      step.result = reply.data;
      step.isDoubtful = false;
      run.state.completed.push(name);
      run.note("step.completed", name);
    } else {
      endStep(run, step, "compensated");
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
  if (!isOpen || isEnded(state.status)) return resultOf(run);
  if (decision === "retry") run.sendAfresh(name, "undo", { isKeyNew: false });
  else {
    endStep(run, step, "compensated");
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
  endStep(run, step, "failed");
  step.error = reason;
  // What is refused under a new key may have been done under the old one.
  step.isDoubtful = isDoubtful || (step.isDoubtful && (step.keyNumber ?? 1) > 1);
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
      if (commandId === null) return { name, phase };
      const prefix = `${run.context.id}/${name}/${phase}/`;
      if (!commandId.startsWith(prefix)) continue;
      const { refusedBefore = 0 } = run.stateOf(name);
      const isOverruled =
        type !== asked.reply.type && Number(commandId.slice(prefix.length)) <= refusedBefore;
      return isOverruled ? null : { name, phase };
    }
  }
  return null;
}
