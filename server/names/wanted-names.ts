import type { InternedField } from "#drizzle/queries/interned-names.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import type { WantedName } from "./name-cache.ts";

/** Every name that the events hold, once. */
export function wantedNames(events: readonly EventEnvelope[]): WantedName[] {
  return [
    ...namesOf("type", events, (event) => event.type),
    ...namesOf("source", events, (event) => event.source),
    ...namesOf("channel", events, (event) => event.channel),
    ...namesOf("kind", events, (event) => event.kind),
    ...namesOf("content-type", events, (event) => event.dataContentType),
    ...namesOf("data-schema", events, (event) => event.dataSchema),
    ...namesOf("aggregate-type", events, (event) => event.aggregateType),
  ];
}

function namesOf(
  field: InternedField,
  events: readonly EventEnvelope[],
  read: (event: EventEnvelope) => string | null,
): WantedName[] {
  const names = new Set<string>();
  for (const event of events) {
    const name = read(event);
    if (name !== null) names.add(name);
  }
  return [...names].map((name) => ({ field, name }));
}
