import type { ObservedFlow } from "../observed-flow.ts";
import { MOST_PROOFS } from "./finding.ts";

/** Correlation ids of the first flows that show it. */
export function provingFlows(
  flows: readonly ObservedFlow[],
  shows: (flow: ObservedFlow) => boolean,
): string[] {
  const found: string[] = [];
  for (const flow of flows) {
    if (found.length === MOST_PROOFS) break;
    if (shows(flow)) found.push(flow.correlationId);
  }
  return found;
}

/** Whether one service handled events of a type that another emitted. */
export function hasHandled(
  { events, deliveries }: ObservedFlow,
  { emitter, type, receiver }: { emitter: string; type: string; receiver: string },
): boolean {
  const isIt = (index: number) => events[index]?.type === type && events[index]?.service === emitter;
  return (
    deliveries.some(({ event, service, attempts }) => service === receiver && attempts > 0 && isIt(event)) ||
    events.some(({ service, cause }) => service === receiver && cause !== null && isIt(cause))
  );
}
