/** What placing an event in its flow takes. */
type FlowEvent = { position: string; id: string; causationId: string | null };

type Placed<T> = T & { parent: string | null; depth: number; missingCause: boolean };

/**
 * Arranges the events of one flow as a forest by causation: depth first, causes before their effects, siblings in
 * the order given. A causation id that names no event of the flow, or only events in a circle, makes a root that
 * says so: a gap is shown as a gap.
 *
 * An id can occur once for each source; the earliest event with the id counts as the cause.
 */
export function arrangeFlow<T extends FlowEvent>(events: readonly T[]): Placed<T>[] {
  const byId = new Map<string, T>();
  for (const event of events) if (!byId.has(event.id)) byId.set(event.id, event);
  const effects = new Map<T, T[]>();
  const roots: T[] = [];
  for (const event of events) {
    const cause = event.causationId === null ? undefined : byId.get(event.causationId);
    if (cause === undefined || cause === event) roots.push(event);
    else effects.set(cause, [...(effects.get(cause) ?? []), event]);
  }
  const placed = new Map<T, Placed<T>>();
  for (const root of roots) placeFrom(root, effects, placed);
  // What is left hangs in circles: each is opened at its first event.
  for (const event of events) if (!placed.has(event)) placeFrom(event, effects, placed);
  return [...placed.values()];
}

function placeFrom<T extends FlowEvent>(root: T, effects: Map<T, T[]>, placed: Map<T, Placed<T>>): void {
  const stack: { event: T; parent: T | null; depth: number }[] = [{ event: root, parent: null, depth: 0 }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { event, parent, depth } = next;
    if (placed.has(event)) continue;
    placed.set(event, {
      ...event,
      parent: parent?.position ?? null,
      depth,
      missingCause: parent === null && event.causationId !== null,
    });
    for (const effect of effects.get(event)?.toReversed() ?? []) {
      stack.push({ event: effect, parent: event, depth: depth + 1 });
    }
  }
}
