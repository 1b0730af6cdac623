import type { EventFilter } from "#server/contract/events.ts";
import { EVENT_KINDS } from "#server/domain/event.ts";

/** What to look for, apart from when: the time range has a control of its own. */
export type EventConditions = Omit<EventFilter, "from" | "to">;

export const CONDITION_FIELDS = ["type", "source", "subject", "kind", "correlation", "text"] as const;
export type ConditionField = (typeof CONDITION_FIELDS)[number];

/** One of the conditions of a filter. Of `correlation` and `text` a filter has at most one each. */
export type Condition = { field: ConditionField; value: string };

/** The conditions as they stand in an address, under the names that the API gives them. */
export type FilterParams = {
  type: string[];
  source: string[];
  subject: string[];
  kind: string[];
  correlationid: string | null;
  q: string | null;
};

const MAX_VALUES = 50;
const MAX_LENGTH: Record<ConditionField, number> = {
  type: 1024,
  source: 1024,
  subject: 1024,
  kind: 20,
  correlation: 1024,
  text: 200,
};

/** Why the API would not take a condition; null when it does. */
export function refuseCondition({ field, value }: Condition): "empty" | "too-long" | "no-kind" | null {
  if (value === "") return "empty";
  if (value.length > MAX_LENGTH[field]) return "too-long";
  if (field === "kind" && !EVENT_KINDS.some((kind) => kind === value)) return "no-kind";
  return null;
}

/** The filter as a list, in the order of `CONDITION_FIELDS`. */
export function listConditions(filter: EventConditions): Condition[] {
  const values: Record<ConditionField, readonly (string | undefined)[]> = {
    type: filter.type ?? [],
    source: filter.source ?? [],
    subject: filter.subject ?? [],
    kind: filter.kind ?? [],
    correlation: [filter.correlationid],
    text: [filter.q],
  };
  return CONDITION_FIELDS.flatMap((field) =>
    values[field].flatMap((value) => (value === undefined ? [] : [{ field, value }])),
  );
}

/**
 * The filter that a list of conditions makes. What the API would not take and what comes twice is left out; of two
 * correlations or texts the last one counts.
 */
export function toFilter(conditions: readonly Condition[]): EventConditions {
  const usable = conditions.filter((condition) => refuseCondition(condition) === null);
  const valuesOf = (field: ConditionField) => [
    ...new Set(usable.filter((one) => one.field === field).map((one) => one.value)),
  ];
  const list = (field: ConditionField) => valuesOf(field).slice(0, MAX_VALUES);
  const [type, source, subject] = [list("type"), list("source"), list("subject")];
  const kind = EVENT_KINDS.filter((one) => valuesOf("kind").includes(one));
  const correlationid = valuesOf("correlation").at(-1);
  const q = valuesOf("text").at(-1);
  return {
    ...(type.length > 0 && { type }),
    ...(source.length > 0 && { source }),
    ...(subject.length > 0 && { subject }),
    ...(kind.length > 0 && { kind }),
    ...(correlationid !== undefined && { correlationid }),
    ...(q !== undefined && { q }),
  };
}

export function isEmptyFilter(filter: EventConditions): boolean {
  return listConditions(filter).length === 0;
}

/** Reads the conditions of an address; what can't be used counts as absent. */
export function parseFilterParams(
  params: Readonly<Record<string, string | readonly string[] | null | undefined>>,
): EventConditions {
  const read = (name: string, field: ConditionField): Condition[] =>
    [params[name] ?? []].flat().map((value) => ({ field, value }));
  return toFilter([
    ...read("type", "type"),
    ...read("source", "source"),
    ...read("subject", "subject"),
    ...read("kind", "kind"),
    ...read("correlationid", "correlation"),
    ...read("q", "text"),
  ]);
}

/** Writes the conditions for an address, so that the link opens the same list for a colleague. */
export function formatFilterParams(filter: EventConditions): FilterParams {
  return {
    type: filter.type ?? [],
    source: filter.source ?? [],
    subject: filter.subject ?? [],
    kind: filter.kind ?? [],
    correlationid: filter.correlationid ?? null,
    q: filter.q ?? null,
  };
}
