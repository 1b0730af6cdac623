/** An event of a flow, as far as it says what followed from what. */
export type StepEvent = {
  position: string;
  id: string;
  type: string;
  source: string;
  causationId: string | null;
};

export type MissingStep = {
  type: string;
  source: string;
  /** In how many of the flows it followed, from 0 to 1. */
  share: number;
};

/** A step that follows in fewer flows than that is a way that some flows take, and none that is missing. */
const MIN_SHARE = 0.5;
const MAX_STEPS = 50;

/**
 * Steps that usually follow an event once it is handled, and are not in this flow: most frequent first, and in the order
 * in which they usually come.
 *
 * @param handled flows in which it was handled, each with the place of the event in it.
 * @param flow the events of this flow.
 */
export function findMissingSteps(
  handled: readonly { event: number; events: readonly StepEvent[] }[],
  flow: readonly Pick<StepEvent, "type" | "source">[],
): MissingStep[] {
  const present = new Set(flow.map(keyOf));
  const found = new Map<string, { type: string; source: string; flows: number; places: number }>();
  for (const { event, events } of handled) {
    const seen = new Set<string>();
    for (const [place, one] of followersOf(events, event).entries()) {
      const key = keyOf(one);
      if (present.has(key) || seen.has(key)) continue;
      seen.add(key);
      const step = found.get(key) ?? { type: one.type, source: one.source, flows: 0, places: 0 };
      found.set(key, { ...step, flows: step.flows + 1, places: step.places + place });
    }
  }
  return [...found.values()]
    .filter(({ flows }) => flows >= handled.length * MIN_SHARE)
    .toSorted((a, b) => b.flows - a.flows || a.places / a.flows - b.places / b.flows)
    .slice(0, MAX_STEPS)
    .map(({ type, source, flows }) => ({ type, source, share: flows / handled.length }));
}

/** What an event caused, and what that caused; where no event of the flow names a cause, all that came after it. */
function followersOf(events: readonly StepEvent[], index: number): StepEvent[] {
  const start = events[index];
  if (start === undefined) return [];
  const later = events.slice(index + 1);
  if (events.every(({ causationId }) => causationId === null)) return later;
  const caused = new Set([start.id]);
  return later.filter(({ id, causationId }) => {
    if (causationId === null || !caused.has(causationId)) return false;
    caused.add(id);
    return true;
  });
}

function keyOf({ type, source }: Pick<StepEvent, "type" | "source">): string {
  return `${type}\n${source}`;
}
