import { lastSegment, sharedSegments } from "./service-names.ts";
import type { ServiceLink } from "./services.ts";

/** How often a consumer had taken the cause of what a source emitted, of as many events of the source. */
export type Sighting = { source: string; consumer: string; hits: number; events: number };

/** From this share on, the consumer takes whatever the source reacts to; the rest is what was lost or came late. */
const LEAST_SHARE = 0.9;
/** Without a name in common, a few events that follow each other may be chance. */
const LEAST_HITS_WITHOUT_NAMES = 20;
/** What names of services end in, beside what they are called. */
const ROLES = /[-_](service|svc|consumer|producer|handler|worker|api|app|processor)$/;

/**
 * Which source and which consumer are one service, by what was seen: the consumer takes the cause of all that the source
 * emits, before it is emitted. Several consumers may do so; then names tell, and where they don't, nothing is linked.
 */
export function chooseLinks(sightings: readonly Sighting[]): ServiceLink[] {
  const plausible = sightings.filter(({ hits, events }) => hits > 0 && hits >= events * LEAST_SHARE);
  const bySource = [...Map.groupBy(plausible, ({ source }) => source).values()];
  const named = bySource.flatMap(chooseByName);
  const known = new Set(named.map(({ source }) => source));
  const taken = new Set(named.map(({ consumer }) => consumer));
  const alone = bySource.flatMap(([only, ...others]) => {
    if (!only || others.length > 0 || known.has(only.source) || taken.has(only.consumer)) return [];
    return only.hits >= LEAST_HITS_WITHOUT_NAMES ? [only] : [];
  });
  // Who takes everything comes after everything: it is nobody's counterpart.
  const wanted = Map.groupBy(alone, ({ consumer }) => consumer);
  const unique = alone.filter(({ consumer }) => wanted.get(consumer)?.length === 1);
  return [...named, ...unique]
    .map(({ source, consumer }) => ({ source, consumer }))
    .toSorted((a, b) => (a.source < b.source ? -1 : 1));
}

/** The one whose name is most like that of the source, when no other is as like. */
function chooseByName(candidates: readonly Sighting[]): Sighting[] {
  const ranked = candidates
    .map((sighting) => ({ sighting, likeness: likenessOf(sighting) }))
    .toSorted((a, b) => b.likeness - a.likeness);
  const [best, next] = ranked;
  if (!best || best.likeness === 0 || best.likeness === next?.likeness) return [];
  return [best.sighting];
}

function likenessOf({ source, consumer }: Sighting): number {
  const shared = sharedSegments(source, consumer);
  if (shared > 0) return shared + 1;
  return bareName(source) === bareName(consumer) ? 1 : 0;
}

function bareName(name: string): string {
  return lastSegment(name).toLowerCase().replace(ROLES, "");
}
