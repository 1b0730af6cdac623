import {
  type FoundStep,
  isOver,
  keyReader,
  pick,
  type StepContext,
  stateOfMessages,
} from "./step-context.ts";
import type { TraceMessage } from "./trace.ts";

/**
 * What services did because of what they heard: a step for each message that no other step holds. What a mediator
 * hears is its own business, so it is a step only while it is not handled, which holds the flow up.
 */
export function findHandledSteps(
  context: StepContext,
  { taken, mediators }: { taken: ReadonlySet<number>; mediators: ReadonlySet<string> },
): FoundStep[] {
  const keyOf = keyReader();
  const steps: FoundStep[] = [];
  for (const [index, message] of context.messages.entries()) {
    const { to } = message;
    if (to === null || taken.has(index) || (mediators.has(to) && isOver(message))) continue;
    steps.push(stepOf(context, message, { index, to, keyOf }));
  }
  return steps;
}

function stepOf(
  { events, readType }: StepContext,
  message: TraceMessage,
  { index, to, keyOf }: { index: number; to: string; keyOf: ReturnType<typeof keyReader> },
): FoundStep {
  const { event, effects, sentUs, endedUs } = message;
  const type = events[event]?.type ?? "";
  const handled = stateOfMessages([message]);
  const isRefused =
    handled === "completed" && pick(events, effects).some((one) => readType(one.type).isFailure);
  const isOpen = handled === "waiting" || handled === "working" || handled === "retrying";
  return {
    key: keyOf(to, type),
    name: type,
    service: to,
    state: isRefused ? "failed" : handled,
    isTold: false,
    startedUs: sentUs,
    endedUs: isOpen ? null : endedUs,
    asked: [event],
    answers: effects,
    messages: [index],
    undoes: null,
  };
}
