import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "#components/lib/api-client.ts";
import { type FACET_FIELDS, facetsSchema } from "#server/contract/events.ts";

const MAX_VALUES = 8;

/** The values of a field that events really have, most frequent of the last day first. */
export const facetQueries = {
  all: () => ["facets"] as const,
  containing: (field: (typeof FACET_FIELDS)[number], contains: string) =>
    queryOptions({
      queryKey: [...facetQueries.all(), field, contains],
      queryFn: ({ signal }) =>
        getJson("/facets", facetsSchema, { query: { field, contains, limit: MAX_VALUES }, signal }),
      placeholderData: keepPreviousData,
      staleTime: 30_000,
    }),
};
