import type { FlowNode } from "#components/event-detail/flow-rows.ts";
import type { Gap, Trace } from "#server/domain/sagas/trace.ts";

/** The events of a trace depth first, as a tree by cause: causes before their effects, siblings in their order. */
export function toFlowNodes({ events, gaps }: Trace): FlowNode[] {
  const effects = new Map<number | null, number[]>();
  for (const [index, { cause }] of events.entries()) {
    const known = effects.get(cause);
    if (known === undefined) effects.set(cause, [index]);
    else known.push(index);
  }
  const lost = new Set(gaps.flatMap(({ kind, event }) => (kind === "cause-not-in-flow" ? [event] : [])));
  const nodes: FlowNode[] = [];
  // A chain may be as long as the flow: deeper than calls may be nested.
  const waiting = (effects.get(null) ?? []).toReversed();
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    const event = events[index];
    if (event === undefined) continue;
    nodes.push({
      position: event.position,
      id: event.id,
      source: event.source,
      type: event.type,
      kind: event.kind,
      time: event.timeUs === null ? null : toText(event.timeUs),
      recordedAt: toText(event.atUs),
      causationId: event.causationId,
      missingCause: lost.has(index),
      parent: event.cause === null ? null : (events[event.cause]?.position ?? null),
      depth: event.depth,
    });
    waiting.push(...(effects.get(index) ?? []).toReversed());
  }
  return nodes;
}

function toText(us: number): string {
  return new Date(us / 1000).toISOString();
}

/** The nodes that a text is in: in their type, source, subject, id or channel, whatever its case. */
export function findNodes({ events }: Trace, text: string): ReadonlySet<string> {
  const wanted = text.trim().toLowerCase();
  return new Set(
    events.flatMap(({ position, type, source, subject, id, channel }) =>
      [type, source, subject, id, channel].some((each) => each?.toLowerCase().includes(wanted))
        ? [position]
        : [],
    ),
  );
}

/** With everything that led to them, so that a tree of them hangs together. */
export function withCauses(nodes: readonly FlowNode[], found: ReadonlySet<string>): ReadonlySet<string> {
  const parents = new Map(nodes.map(({ position, parent }) => [position, parent]));
  const kept = new Set<string>();
  for (const position of found) {
    for (let at: string | null = position; at !== null && !kept.has(at); at = parents.get(at) ?? null) {
      kept.add(at);
    }
  }
  return kept;
}

/** What is not known about each event, by its position, the gravest first. */
export function gapsByPosition({ events, gaps }: Trace): ReadonlyMap<string, Gap> {
  const found = new Map<string, Gap>();
  for (const gap of gaps) {
    const position = events[gap.event]?.position;
    const known = position === undefined ? undefined : found.get(position);
    if (position === undefined || (known !== undefined && rankOf(known) <= rankOf(gap))) continue;
    found.set(position, gap);
  }
  return found;
}

const GRAVITY: Record<Gap["kind"], number> = {
  "no-causation-id": 0,
  "cause-not-in-flow": 0,
  "causation-circle": 0,
  "recorded-before-cause": 1,
  "clock-skew": 2,
};

function rankOf({ kind }: Gap): number {
  return GRAVITY[kind];
}
