import type { ProcessDefinition, ProcessElement } from "./definition.ts";
import { stepsOf } from "./definition.ts";
import type { ProcessRun, SentCommand, Transition } from "./run.ts";
import type { ProcessState, StepState } from "./state.ts";

/** What follows from one input; a process that was not touched by it has no transitions. */
export type Advance = { state: ProcessState; commands: SentCommand[]; transitions: Transition[] };

type Progress = "done" | "waiting" | "stopped";

/** Does what follows from where a process stands: begins steps, takes them back, ends. */
export function goOn(run: ProcessRun): Advance {
  const { state } = run;
  if (state.status === "running") {
    const progress = walk(run, run.context.definition.elements);
    if (state.failure !== null) {
      // What runs beside the failure is waited for: only then is it known what has to be taken back.
      const isBusy = Object.values(state.steps).some(({ deadline }) => deadline !== null);
      if (!isBusy && run.context.definition.onStepFailure === "compensate") beginCompensation(run);
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

/** Begins to take back what was done, or fails where nothing can be. */
export function beginCompensation(run: ProcessRun): void {
  const { state } = run;
  if (listOwed(run.context.definition, state).length === 0) {
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
  const [next] = listOwed(run.context.definition, state);
  if (next !== undefined) {
    run.send(next, "undo", 1);
    return;
  }
  state.status = "compensated";
  run.note("process.compensated");
}

/** Steps that have to be taken back: first those that may have been done without a reply, then what was done, last first. */
export function listOwed(definition: ProcessDefinition, state: ProcessState): string[] {
  const { steps, completed } = state;
  const doubtful = listBegun(definition, state).flatMap(({ name, step }) =>
    step.isDoubtful && step.status === "failed" ? [name] : [],
  );
  const done = completed.toReversed().filter((name) => {
    const status = steps[name]?.status;
    return status === "completed" || status === "skipped";
  });
  const all = stepsOf(definition.elements);
  const canBe = new Set(all.flatMap(({ name, compensation }) => (compensation === null ? [] : [name])));
  return [...doubtful, ...done].filter((name) => canBe.has(name));
}

/** Ends a step, or its compensation. */
export function endStep(run: ProcessRun, step: StepState, status: StepState["status"]): void {
  step.status = status;
  step.deadline = null;
  step.endedAt = run.context.now;
}

/** The steps that have begun, as they are declared: stored states keep no order. Those no longer declared come last. */
export function listBegun(
  { elements }: ProcessDefinition,
  { steps }: ProcessState,
): { name: string; step: StepState }[] {
  const names = new Set([...stepsOf(elements).map(({ name }) => name), ...Object.keys(steps)]);
  return [...names].flatMap((name) => {
    const step = steps[name];
    return step === undefined ? [] : [{ name, step }];
  });
}

export function resultOf({ state, commands, transitions }: ProcessRun): Advance {
  return { state, commands, transitions };
}
