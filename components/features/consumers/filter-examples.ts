import type { FILTER_DIALECTS, SubscriptionFilter } from "#server/domain/subscription-filter.ts";

export type FilterDialect = (typeof FILTER_DIALECTS)[number];

/** One filter of each dialect, as a person would begin with it. */
const EXAMPLES: Record<FilterDialect, SubscriptionFilter> = {
  exact: { exact: { type: "order.placed" } },
  prefix: { prefix: { type: "order." } },
  suffix: { suffix: { type: ".failed" } },
  all: { all: [{ prefix: { type: "order." } }, { exact: { source: "/shop" } }] },
  any: { any: [{ exact: { type: "order.placed" } }, { exact: { type: "order.cancelled" } }] },
  not: { not: { prefix: { source: "/test" } } },
};

/** The filters that are typed with an example of a dialect behind them. What is no list yet is left alone. */
export function addFilterExample(text: string, dialect: FilterDialect): string {
  const filters = readList(text);
  if (filters === null) return text;
  return JSON.stringify([...filters, EXAMPLES[dialect]], null, 2);
}

function readList(text: string): unknown[] | null {
  if (text.trim() === "") return [];
  try {
    const filters: unknown = JSON.parse(text);
    return Array.isArray(filters) ? filters : null;
  } catch {
    return null;
  }
}
