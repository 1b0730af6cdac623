import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "#components/lib/api-client.ts";
import type { EventConditions } from "#components/lib/event-filter.ts";
import type { Gap } from "#components/live/live-list.ts";
import { type EventPageDto, eventPageSchema, MAX_PAGE_SIZE } from "#server/contract/events.ts";

const FIRST_SIZE = 100;

/** The page that a stream begins with, and the filter that it was asked for with. */
export type FirstPage = { filter: EventConditions; page: EventPageDto };

export const liveQueries = {
  all: () => ["live"] as const,

  /** The newest events, from which a stream goes on. Not refreshed by itself: the stream does that. */
  first: (filter: EventConditions) =>
    queryOptions({
      queryKey: [...liveQueries.all(), "first", filter],
      queryFn: async ({ signal }): Promise<FirstPage> => ({
        filter,
        page: await getJson("/events", eventPageSchema, { query: { ...filter, limit: FIRST_SIZE }, signal }),
      }),
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      placeholderData: keepPreviousData,
    }),
};

/** The newest part of what a gap leaves out. */
export function loadGap(filter: EventConditions, { after, before }: Gap): Promise<EventPageDto> {
  return getJson("/events", eventPageSchema, { query: { ...filter, after, before, limit: MAX_PAGE_SIZE } });
}
