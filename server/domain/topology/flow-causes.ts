import type { ObservedDelivery, ObservedFlow } from "./observed-flow.ts";

/** What led to each event of a flow, as far as it is known. */
export type FlowCauses = {
  /** Index of its cause by index of the event; null at a root and where nothing is known. */
  causes: readonly (number | null)[];
  /** Events whose cause was found by the time at which their service was at work. */
  inferred: number;
  /** Events whose cause is not known: they name one that is not there, or name none although the flow was under way. */
  missing: number;
};

/**
 * Fills gaps in the causation of a flow: an event without a known cause was emitted because of the event that its
 * service was handling just then, if there was exactly one. Nothing else is guessed.
 */
export function findCauses({ events, deliveries }: ObservedFlow): FlowCauses {
  const byService = Map.groupBy(deliveries, ({ service }) => service);
  const services = new Set<string>();
  let inferred = 0;
  let missing = 0;
  const causes = events.map(({ cause, isCauseMissing, service, at }, index) => {
    const isFirst = index === 0;
    // A service that is part of the flow may go on by itself: a timer ran out, or somebody sent a second message.
    const mayBeginAnew = services.has(service) && !isCauseMissing;
    services.add(service);
    if (cause !== null && cause !== index) return cause;
    const handled = isFirst ? null : handledAt(byService.get(service) ?? [], at, index);
    if (handled !== null) inferred += 1;
    else if (isCauseMissing || !(isFirst || mayBeginAnew)) missing += 1;
    return handled;
  });
  return { causes, inferred, missing };
}

function handledAt(deliveries: readonly ObservedDelivery[], at: number, index: number): number | null {
  const open = deliveries.filter(
    ({ event, startedAt, endedAt }) =>
      event < index && startedAt !== null && startedAt <= at && (endedAt === null || at <= endedAt),
  );
  const [only] = open;
  return open.length === 1 && only !== undefined ? only.event : null;
}
