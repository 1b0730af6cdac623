import type { EventEnvelope } from "./event.ts";

/**
 * The filters of a subscription, in the dialects of the CloudEvents Subscriptions API: `exact`, `prefix` and
 * `suffix` compare attributes, `all`, `any` and `not` combine filters. Comparison is case-sensitive and by
 * characters; where one expression names several attributes, all of them must match.
 *
 * An attribute that an event doesn't have matches nothing, so `not` around it matches. Attributes that are no
 * strings are compared by their canonical form: `true`, `42`.
 *
 * @see https://github.com/cloudevents/spec/blob/main/subscriptions/spec.md#324-filters
 */
export const ATTRIBUTE_DIALECTS = ["exact", "prefix", "suffix"] as const;
export const FILTER_DIALECTS = [...ATTRIBUTE_DIALECTS, "all", "any", "not"] as const;

/** Values to compare with, by the CloudEvents name of the attribute. */
export type AttributeValues = Readonly<Record<string, string>>;

export type SubscriptionFilter =
  | { readonly exact: AttributeValues }
  | { readonly prefix: AttributeValues }
  | { readonly suffix: AttributeValues }
  | { readonly all: readonly SubscriptionFilter[] }
  | { readonly any: readonly SubscriptionFilter[] }
  | { readonly not: SubscriptionFilter };

/** What a filter may look at: everything but the payload. */
export type EventAttributes = Omit<EventEnvelope, "data" | "shape">;

export type EventPredicate = (event: EventAttributes) => boolean;

/** A test for events that all of the filters let through; no filters let everything through. */
export function compileFilters(filters: readonly SubscriptionFilter[]): EventPredicate {
  return allOf(filters.map(compileFilter));
}

/** The value of the attribute with this CloudEvents name in its string form, or null where the event has none. */
export function readAttribute(event: EventAttributes, name: string): string | null {
  return compileReader(name)(event);
}

function compileFilter(filter: SubscriptionFilter): EventPredicate {
  if ("exact" in filter) return compileComparisons(filter.exact, (actual, wanted) => actual === wanted);
  if ("prefix" in filter)
    return compileComparisons(filter.prefix, (actual, wanted) => actual.startsWith(wanted));
  if ("suffix" in filter)
    return compileComparisons(filter.suffix, (actual, wanted) => actual.endsWith(wanted));
  if ("all" in filter) return allOf(filter.all.map(compileFilter));
  if ("any" in filter) {
    const predicates = filter.any.map(compileFilter);
    return (event) => predicates.some((predicate) => predicate(event));
  }
  const inner = compileFilter(filter.not);
  return (event) => !inner(event);
}

function compileComparisons(
  values: AttributeValues,
  matches: (actual: string, wanted: string) => boolean,
): EventPredicate {
  return allOf(
    Object.entries(values).map(([name, wanted]) => {
      const read = compileReader(name);
      return (event) => {
        const actual = read(event);
        return actual !== null && matches(actual, wanted);
      };
    }),
  );
}

function allOf(predicates: readonly EventPredicate[]): EventPredicate {
  const [only] = predicates;
  if (only !== undefined && predicates.length === 1) return only;
  return (event) => predicates.every((predicate) => predicate(event));
}

/** Attributes with a property of their own in our events. */
const READERS: ReadonlyMap<string, (event: EventAttributes) => string | null> = new Map<
  string,
  (event: EventAttributes) => string | null
>([
  ["id", (event) => event.id],
  ["source", (event) => event.source],
  ["specversion", () => "1.0"],
  ["type", (event) => event.type],
  ["subject", (event) => event.subject],
  ["time", (event) => event.time],
  ["datacontenttype", (event) => event.dataContentType],
  ["dataschema", (event) => event.dataSchema],
  ["kind", (event) => event.kind],
  ["correlationid", (event) => event.correlationId],
  ["causationid", (event) => event.causationId],
  ["partitionkey", (event) => event.partitionKey],
  ["aggregatetype", (event) => event.aggregateType],
  ["aggregateid", (event) => event.aggregateId],
  ["aggregateversion", (event) => (event.aggregateVersion === null ? null : String(event.aggregateVersion))],
  ["traceparent", (event) => event.traceparent],
  ["channel", (event) => event.channel],
]);

function compileReader(name: string): (event: EventAttributes) => string | null {
  const known = READERS.get(name);
  if (known !== undefined) return known;
  return ({ extensions }) => {
    if (extensions === null || !Object.hasOwn(extensions, name)) return null;
    return String(extensions[name]);
  };
}
