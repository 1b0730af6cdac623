import type { Awaited } from "./saga.ts";
import { GOES_ON_SHARE, LEAST_FLOWS_GOING_ON, type SagaNorms, usualLimit } from "./saga-norms.ts";
import { earliest, isOver, latest, pick } from "./step-context.ts";
import type { StepState, Trace, TraceStep } from "./trace.ts";

const OPEN: ReadonlySet<StepState> = new Set(["waiting", "working", "retrying", "dead"]);

/** Steps that were begun and have no end, dead letters among them. */
export function isOpen({ state }: TraceStep): boolean {
  return OPEN.has(state);
}

/** What the steps of a trace wait for, but for those that were given up. */
export function findAwaited(
  trace: Trace,
  { abandoned, norms }: { abandoned: ReadonlySet<number>; norms: SagaNorms },
): Awaited[] {
  return trace.steps
    .flatMap((step, index): Awaited[] => {
      if (!isOpen(step) || abandoned.has(index)) return [];
      const sinceUs = sinceOf(trace, step);
      const limit = usualLimit(norms[step.key]?.took ?? {});
      const dueUs = limit === null || step.startedUs === null ? null : step.startedUs + limit;
      return [{ what: whatOf(trace, step), step: index, key: step.key, sinceUs, dueUs }];
    })
    .toSorted((a, b) => a.sinceUs - b.sinceUs);
}

function whatOf({ messages }: Trace, { state, messages: own }: TraceStep): Awaited["what"] {
  if (state === "working") return "work";
  if (state === "retrying") return "retry";
  if (state === "dead") return "replay";
  const sent = pick(messages, own);
  return sent.some((message) => message.to !== null && isOver(message)) ? "reply" : "delivery";
}

function sinceOf({ messages, startUs }: Trace, { state, startedUs, messages: own }: TraceStep): number {
  const died = pick(messages, own).flatMap(({ endedUs }) => endedUs ?? []);
  return (state === "dead" ? latest(died) : null) ?? startedUs ?? startUs;
}

/** Steps that are done and that another one nearly always follows, which did not come. */
export function findMissingFollowers({ steps, compensations, events }: Trace, norms: SagaNorms): Awaited[] {
  const followed = new Set(steps.map(({ after }) => after));
  const undoing = new Set(compensations.flatMap(({ step, undoes }) => [step, undoes]));
  return steps.flatMap((step, index): Awaited[] => {
    const norm = norms[step.key];
    if (step.state !== "completed" || followed.has(index) || undoing.has(index) || norm === undefined)
      return [];
    if (norm.flows < LEAST_FLOWS_GOING_ON || norm.last > (1 - GOES_ON_SHARE) * norm.flows) return [];
    const sinceUs = step.endedUs ?? latest(pick(events, step.answers).map(({ atUs }) => atUs)) ?? 0;
    const limit = usualLimit(norm.wentOnAfter);
    return [
      {
        what: step.isTold ? "mediator" : "follower",
        step: index,
        key: step.key,
        sinceUs,
        dueUs: limit === null ? null : sinceUs + limit,
      },
    ];
  });
}

/** When the last of the steps ended, or the last event was recorded where none did. */
export function endOfSteps({ steps, endUs }: Trace): number {
  return latest(steps.flatMap(({ endedUs }) => endedUs ?? [])) ?? endUs;
}

/** When the first step of some began. */
export function beginningOf(steps: readonly TraceStep[]): number | null {
  return earliest(steps.flatMap(({ startedUs }) => startedUs ?? []));
}
