import { z } from "zod";
import { FILTER_DIALECTS, type SubscriptionFilter } from "#server/domain/subscription-filter.ts";

const MAX_NESTING = 16;
/** In all levels together. */
const MAX_EXPRESSIONS = 200;

const NO_ATTRIBUTE_NAME = "is no attribute name: lower-case letters and digits, such as subject.";

const attributeValues = z
  .record(z.string(), z.string().min(1, "Give a value to compare with.").max(4096))
  .superRefine((values, context) => {
    const names = Object.keys(values);
    if (names.length === 0) context.addIssue({ code: "custom", message: "Name at least one attribute." });
    for (const name of names) {
      const message = problemOfName(name);
      if (message !== null) context.addIssue({ code: "custom", message, path: [name] });
    }
  });

// Exactly one property: checked by the refinement. Unknown ones are refused.
const expression: z.ZodType<SubscriptionFilter> = z.lazy(() => {
  const list = z.array(expression).min(1, "Give at least one filter.");
  return z
    .strictObject({
      exact: attributeValues.optional(),
      prefix: attributeValues.optional(),
      suffix: attributeValues.optional(),
      all: list.optional(),
      any: list.optional(),
      not: expression.optional(),
    })
    .refine((filter) => Object.values(filter).filter((value) => value !== undefined).length === 1, {
      error: `Give one dialect for each filter: ${FILTER_DIALECTS.join(", ")}. Combine several with "all".`,
    }) as unknown as z.ZodType<SubscriptionFilter>;
});

/**
 * Which events of its channel a subscription takes: those that all filters let through; none lets all through.
 *
 * @example [{ "prefix": { "type": "order." } }, { "not": { "exact": { "source": "/orders/test" } } }]
 */
export const subscriptionFiltersSchema = z.preprocess((value, context) => {
  const problem = problemOfSize(value);
  if (problem === null) return value;
  context.addIssue({ code: "custom", message: problem });
  return z.NEVER;
}, z.array(expression));

function problemOfName(name: string): string | null {
  if (name === "data") return "Filters look at attributes, not into data.";
  return /^[a-z0-9]{1,64}$/.test(name) ? null : `${JSON.stringify(name.slice(0, 64))} ${NO_ATTRIBUTE_NAME}`;
}

/** Every expression costs time for every event, and a deep one could exhaust the stack of what walks it. */
function problemOfSize(filters: unknown): string | null {
  let level: unknown[] = [filters].flat();
  let expressions = 0;
  for (let nesting = 1; level.length > 0; nesting += 1) {
    if (nesting > MAX_NESTING) return `Filters are nested deeper than ${MAX_NESTING} levels.`;
    expressions += level.length;
    if (expressions > MAX_EXPRESSIONS) return `These are more than ${MAX_EXPRESSIONS} filters.`;
    level = level.flatMap(innerFilters);
  }
  return null;
}

function innerFilters(filter: unknown): unknown[] {
  if (typeof filter !== "object" || filter === null) return [];
  const lists = ["all", "any", "not"].map((dialect): unknown => Reflect.get(filter, dialect));
  return lists.flat().filter((inner) => inner !== undefined);
}
