import type { EventDetailDto, EventSummaryDto } from "#server/contract/events.ts";

/** The attributes of an event in the groups in which a person looks for them. */
const ATTRIBUTE_GROUPS = {
  identity: ["type", "source", "subject", "id"],
  time: ["recordedAt", "time"],
  flow: ["correlationId", "causationId", "traceparent"],
  routing: ["kind", "channel", "partitionKey"],
  aggregate: ["aggregateType", "aggregateId", "aggregateVersion"],
  storage: ["position", "dataContentType", "dataSchema", "dataBytes", "shape"],
} as const satisfies Record<string, readonly (keyof EventDetailDto)[]>;

export type AttributeGroup = keyof typeof ATTRIBUTE_GROUPS;
export type AttributeName = (typeof ATTRIBUTE_GROUPS)[AttributeGroup][number];

// `Object.entries` widens the keys that the object is declared with.
const GROUPS = Object.entries(ATTRIBUTE_GROUPS) as [AttributeGroup, readonly AttributeName[]][];

export type Attribute = { name: AttributeName; value: string };

/** The attributes that an event has, group by group, and the names of those that its producer left out. */
export function readAttributes(event: EventDetailDto): {
  groups: { group: AttributeGroup; attributes: Attribute[] }[];
  absent: AttributeName[];
} {
  const absent: AttributeName[] = [];
  const groups = GROUPS.map(([group, names]) => ({
    group,
    attributes: names.flatMap((name) => {
      const value = event[name];
      if (value !== null) return [{ name, value: String(value) }];
      absent.push(name);
      return [];
    }),
  }));
  return { groups: groups.filter(({ attributes }) => attributes.length > 0), absent };
}

/** The attributes by which events that resemble one are found. */
export type SimilarBy = "type" | "source" | "subject" | "correlationid";

/** The filters that show events like this one. */
export function similarFilters(event: EventSummaryDto): { by: SimilarBy; value: string }[] {
  const candidates: { by: SimilarBy; value: string | null }[] = [
    { by: "type", value: event.type },
    { by: "source", value: event.source },
    { by: "subject", value: event.subject },
    { by: "correlationid", value: event.correlationId },
  ];
  return candidates.flatMap(({ by, value }) => (value === null ? [] : [{ by, value }]));
}
