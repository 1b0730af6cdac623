import type { Services } from "../topology/services.ts";
import type { Gap, RecordedEvent, TraceEvent } from "./trace.ts";

/** Clocks of one network agree better than that; what is below is no news. */
const LEAST_SKEW_US = 10_000;

type Linked = { event: RecordedEvent; atUs: number; cause: number | null; isCircle: boolean };
type Ranked = { index: number; depth: number; rankUs: number; descendants: number };

/**
 * Arranges the events of a flow by causation, each once: causes before their effects, and otherwise as they were
 * recorded. An event that was recorded before its cause stands behind it all the same.
 *
 * Linear but for the sorting.
 */
export function placeEvents(
  recorded: readonly RecordedEvent[],
  services: Services,
): { events: TraceEvent[]; gaps: Gap[] } {
  const linked = linkCauses(dropDuplicates(recorded));
  openCircles(linked);
  const ranks = rankEvents(linked);
  const begins = findBeginning(linked, ranks);
  const order = ranks.toSorted((a, b) => a.rankUs - b.rankUs || a.depth - b.depth || a.index - b.index);
  const places = new Array<number>(order.length).fill(0);
  for (const [place, { index }] of order.entries()) places[index] = place;
  const events: TraceEvent[] = [];
  const gaps: Gap[] = [];
  for (const { index, depth } of order) {
    const one = linked[index];
    if (one === undefined) continue;
    const cause = one.cause === null ? null : (places[one.cause] ?? null);
    const service = services.ofSource(one.event.source).id;
    events.push({ ...one.event, service, atUs: one.atUs, cause, depth });
    addGaps(gaps, events, { isCircle: one.isCircle, isBeginning: index === begins });
  }
  return { events, gaps };
}

/** An event is known by its source and id: of several records the earliest stays. */
function dropDuplicates(recorded: readonly RecordedEvent[]): RecordedEvent[] {
  const sorted = recorded.toSorted((a, b) => Number(a.position) - Number(b.position));
  // Nearly always every event has an id of its own.
  if (new Set(sorted.map(({ id }) => id)).size === sorted.length) return sorted;
  const first = new Map<string, RecordedEvent>();
  for (const event of sorted) {
    const key = `${event.source}\n${event.id}`;
    if (!first.has(key)) first.set(key, event);
  }
  return [...first.values()];
}

function linkCauses(events: readonly RecordedEvent[]): Linked[] {
  const byId = new Map<string, number>();
  for (const [index, { id }] of events.entries()) if (!byId.has(id)) byId.set(id, index);
  return events.map((event, index) => {
    const named = event.causationId === null ? undefined : byId.get(event.causationId);
    const isCircle = named === index;
    const cause = named === undefined || isCircle ? null : named;
    return { event, atUs: Number(event.position), cause, isCircle };
  });
}

/** Follows every event to its root once, and cuts each circle before the first of its events. */
function openCircles(linked: Linked[]): void {
  const seenFrom = new Array<number>(linked.length).fill(-1);
  for (const start of linked.keys()) {
    let index: number | null = start;
    while (index !== null && seenFrom[index] === -1) {
      seenFrom[index] = start;
      index = linked[index]?.cause ?? null;
    }
    if (index === null || seenFrom[index] !== start) continue;
    let first: number = index;
    for (let next = linked[index]?.cause ?? index; next !== index; next = linked[next]?.cause ?? index) {
      first = Math.min(first, next);
    }
    const opened = linked[first];
    if (opened) Object.assign(opened, { cause: null, isCircle: true });
  }
}

function rankEvents(linked: readonly Linked[]): Ranked[] {
  const ranks: (Ranked | undefined)[] = new Array(linked.length);
  const settled: number[] = [];
  const settle = (index: number) => {
    const { cause, atUs } = linked[index] ?? { cause: null, atUs: 0 };
    const above = cause === null ? undefined : ranks[cause];
    ranks[index] = {
      index,
      depth: above === undefined ? 0 : above.depth + 1,
      rankUs: Math.max(atUs, above?.rankUs ?? 0),
      descendants: 0,
    };
    settled.push(index);
  };
  const path: number[] = [];
  for (const start of linked.keys()) {
    for (
      let index: number | null = start;
      index !== null && !ranks[index];
      index = linked[index]?.cause ?? null
    )
      path.push(index);
    for (let index = path.pop(); index !== undefined; index = path.pop()) settle(index);
  }
  // Causes were settled before their effects: backwards, every count is complete when it is handed up.
  for (const index of settled.reverse()) {
    const cause = linked[index]?.cause ?? null;
    const [own, above] = [ranks[index], cause === null ? undefined : ranks[cause]];
    if (own && above) above.descendants += own.descendants + 1;
  }
  return ranks.flatMap((rank) => rank ?? []);
}

/** The root without a causation id from which most follows: where the flow begins, which is no gap. */
function findBeginning(linked: readonly Linked[], ranks: readonly Ranked[]): number | null {
  let best: number | null = null;
  for (const [index, { event, isCircle }] of linked.entries()) {
    if (event.causationId !== null || isCircle) continue;
    if (best === null || (ranks[index]?.descendants ?? 0) > (ranks[best]?.descendants ?? 0)) best = index;
  }
  return best;
}

/** Those of the last event; its cause stands before it. */
function addGaps(
  gaps: Gap[],
  events: readonly TraceEvent[],
  { isCircle, isBeginning }: { isCircle: boolean; isBeginning: boolean },
): void {
  const index = events.length - 1;
  const event = events[index];
  if (!event) return;
  const cause = event.cause === null ? undefined : events[event.cause];
  if (isCircle) gaps.push({ kind: "causation-circle", event: index });
  else if (cause === undefined && event.causationId !== null) {
    gaps.push({ kind: "cause-not-in-flow", event: index });
  } else if (cause === undefined && !isBeginning) gaps.push({ kind: "no-causation-id", event: index });
  if (cause !== undefined && event.atUs < cause.atUs) {
    gaps.push({ kind: "recorded-before-cause", event: index, byUs: cause.atUs - event.atUs });
  }
  const { timeUs } = event;
  if (timeUs === null) return;
  const beforeCause = (cause?.timeUs ?? timeUs) - timeUs;
  const afterRecording = timeUs - event.atUs;
  if (beforeCause >= LEAST_SKEW_US) {
    gaps.push({ kind: "clock-skew", event: index, against: "cause", byUs: beforeCause });
  } else if (afterRecording >= LEAST_SKEW_US) {
    gaps.push({ kind: "clock-skew", event: index, against: "recording", byUs: afterRecording });
  }
}
