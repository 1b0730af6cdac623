import { type DeclaredSaga, orderTransitions, type SagaTransition } from "./declared-saga.ts";
import { wordReader } from "./saga-words.ts";
import { earliest, pick } from "./step-context.ts";
import type { Trace } from "./trace.ts";

export type SagaEnding = {
  state: "completed" | "compensated" | "failed";
  atUs: number;
  /** The event that says so; null where the history does. */
  event: number | null;
  /** It failed because somebody cancelled it. */
  isCancelled: boolean;
};

/** How a declared saga ended, by its history or by the events that it declares for that; null while it has not. */
export function findEnding(
  trace: Trace,
  { declared, transitions }: { declared: DeclaredSaga | undefined; transitions: readonly SagaTransition[] },
): SagaEnding | null {
  if (declared === undefined) return null;
  for (const { kind, atUs } of orderTransitions(transitions).toReversed()) {
    const isCancelled = kind === "process.cancelled";
    const ending = { atUs, event: null, isCancelled };
    if (kind === "process.completed") return { state: "completed", ...ending };
    if (kind === "process.compensated") return { state: "compensated", ...ending };
    // Nothing was taken back, and it did not get to its end.
    if (kind === "process.failed" || isCancelled) return { state: "failed", ...ending };
  }
  const { completed, compensated, failed } = declared.endings;
  const ended = (type: string | undefined) =>
    type === undefined ? -1 : trace.events.findIndex((event) => event.type === type);
  const good = ended(completed);
  if (good !== -1) return endingAt(trace, "completed", good);
  const [undone, bad] = [ended(compensated), ended(failed)];
  const event = undone === -1 ? bad : undone;
  if (event === -1) return null;
  // Both may be told by one type: then what was done decides.
  const isUndone = undone !== -1 && (undone !== bad || wasUndone(trace));
  return endingAt(trace, isUndone ? "compensated" : "failed", event);
}

/**
 * A mediator's last word, where nobody declared it: an event by which it asks for nothing, with a name for taking back
 * or for failure. Null where there is none.
 */
export function findLastWord(trace: Trace): SagaEnding | null {
  const { basis, events, mediators, steps } = trace;
  if (basis !== "mediated") return null;
  const asked = new Set(steps.filter(({ isTold }) => isTold).flatMap((step) => step.asked));
  const readType = wordReader();
  const event = events.findIndex(({ service, type }, index) => {
    if (!mediators.includes(service) || asked.has(index)) return false;
    const { isFailure, isUndoing } = readType(type);
    return isFailure || isUndoing;
  });
  return event === -1 ? null : endingAt(trace, wasUndone(trace) ? "compensated" : "failed", event);
}

function wasUndone({ compensations, steps }: Trace): boolean {
  return compensations.some(({ step }) => steps[step]?.state === "completed");
}

function endingAt({ events }: Trace, state: SagaEnding["state"], event: number): SagaEnding {
  return {
    state,
    atUs: earliest(pick(events, [event]).map(({ atUs }) => atUs)) ?? 0,
    event,
    isCancelled: false,
  };
}
