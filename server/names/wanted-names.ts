import type { EventEnvelope } from "#server/domain/event.ts";
import type { WantedName } from "./name-cache.ts";

/** Every name that the events hold, once. */
export function wantedNames(events: readonly EventEnvelope[]): WantedName[] {
  const wanted = new Map<string, WantedName>();
  const add = (field: WantedName["field"], name: string | null) => {
    if (name !== null) wanted.set(`${field}\n${name}`, { field, name });
  };
  for (const event of events) {
    add("type", event.type);
    add("source", event.source);
    add("channel", event.channel);
    add("kind", event.kind);
    add("content-type", event.dataContentType);
    add("data-schema", event.dataSchema);
    add("aggregate-type", event.aggregateType);
  }
  return [...wanted.values()];
}
