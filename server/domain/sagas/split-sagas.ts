import type { RecordedEvent } from "./trace.ts";

export type SagaShare = {
  /** What its first event is about; null where the flow is one saga. */
  subject: string | null;
  /** Positions of its events. */
  positions: string[];
};

export type SplitFlow = {
  sagas: SagaShare[];
  /** Events of which nobody can say to which of the sagas they belong. */
  unassigned: string[];
};

/**
 * Tells sagas apart that run under one correlation id. There are several when events without a cause begin the flow in
 * the same way, by type and source, about different subjects. What follows from such an event belongs to its saga; what
 * names no known cause belongs to the saga with its subject, or else to nobody.
 *
 * @param startedBy the type that begins a saga, where it is declared; else that of the earliest event
 */
export function splitSagas(events: readonly RecordedEvent[], startedBy?: string): SplitFlow {
  const sorted = events.toSorted((a, b) => Number(a.position) - Number(b.position));
  const starts = findStarts(sorted, startedBy);
  if (starts.size < 2)
    return { sagas: [{ subject: null, positions: sorted.map(positionOf) }], unassigned: [] };
  const rootOf = findRoots(sorted);
  const sagas = new Map([...starts].map((subject) => [subject, [] as string[]]));
  const unassigned: string[] = [];
  for (const [index, event] of sorted.entries()) {
    const root = sorted[rootOf[index] ?? index] ?? event;
    const known = [root.subject, event.subject].find((subject) => subject !== null && sagas.has(subject));
    const own = known === undefined || known === null ? undefined : sagas.get(known);
    (own ?? unassigned).push(event.position);
  }
  return { sagas: [...sagas].map(([subject, positions]) => ({ subject, positions })), unassigned };
}

function positionOf({ position }: RecordedEvent): string {
  return position;
}

/** Subjects of the events that begin sagas, in order. */
function findStarts(sorted: readonly RecordedEvent[], startedBy: string | undefined): Set<string> {
  const roots = sorted.filter(({ causationId }) => causationId === null);
  const first = roots.find(({ type }) => startedBy === undefined || type === startedBy);
  const alike = roots.filter(({ type, source }) => type === first?.type && source === first.source);
  return new Set(alike.flatMap(({ subject }) => subject ?? []));
}

/** The index of the event at the end of each one's causes. Every event is passed once; a circle is its own end. */
function findRoots(sorted: readonly RecordedEvent[]): number[] {
  const byId = new Map<string, number>();
  for (const [index, { id }] of sorted.entries()) if (!byId.has(id)) byId.set(id, index);
  const roots = new Array<number>(sorted.length).fill(-1);
  const seenFrom = new Array<number>(sorted.length).fill(-1);
  for (const start of sorted.keys()) {
    const path: number[] = [];
    let index = start;
    while (roots[index] === -1 && seenFrom[index] !== start) {
      path.push(index);
      seenFrom[index] = start;
      const cause = sorted[index]?.causationId ?? null;
      index = (cause === null ? undefined : byId.get(cause)) ?? index;
    }
    const root = roots[index] === -1 ? index : (roots[index] ?? index);
    for (const passed of path) roots[passed] = root;
  }
  return roots;
}
