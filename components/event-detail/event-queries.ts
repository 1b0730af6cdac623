import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "#components/lib/api-client.ts";
import { deliveryListSchema } from "#server/contract/deliveries.ts";
import {
  type EventFilter,
  type EventPageDto,
  eventDetailSchema,
  eventPageSchema,
  eventViewSchema,
  flowSchema,
  MAX_PAGE_SIZE,
} from "#server/contract/events.ts";
import { isSettled } from "#server/domain/delivery.ts";

/** The first page is small, because it is part of the page that the server renders. */
const FIRST_PAGE_SIZE = 100;
/** More than this many new events are "100+": nobody needs the exact number, and asking stays cheap. */
export const MAX_COUNTED_ARRIVALS = 100;
const ARRIVALS_EVERY_MS = 3_000;
const UNDER_WAY_EVERY_MS = 2_000;
const SETTLED_EVERY_MS = 15_000;

const JUDGED_AFTER_MS = 5_000;

/** The window of a list: its ends, or a span that ends at the moment of asking. */
export type ListWindow = { from: string | null; to: string | null; lastMs: number | null };

export type EventQuery = { filter: EventFilter; window: ListWindow };

/** A page with the start of the window that it was asked for, so that later pages end at the same moment. */
export type ListedPage = EventPageDto & { windowFrom: string | null; askedAt: number };

type PageParam = { before: string; windowFrom: string | null } | null;

/** Every read of events and flows, and the keys under which they are kept. */
export const eventQueries = {
  all: () => ["events"] as const,

  /** One event. What it is never changes, but it may be judged by a schema later, and schemas change. */
  byPosition: (position: string) =>
    queryOptions({
      queryKey: [...eventQueries.all(), "position", position],
      queryFn: ({ signal }) =>
        getJson(`/events/${position}`, eventViewSchema, { query: { upcast: "newest" }, signal }),
      staleTime: JUDGED_AFTER_MS,
    }),

  /** To whom it is owed and how that stands: asked often while something is under way, seldom when all is settled. */
  deliveries: (position: string) =>
    queryOptions({
      queryKey: [...eventQueries.all(), "deliveries", position],
      queryFn: ({ signal }) => getJson(`/events/${position}/deliveries`, deliveryListSchema, { signal }),
      refetchInterval: ({ state }) =>
        state.data?.deliveries.every(({ status }) => isSettled(status))
          ? SETTLED_EVERY_MS
          : UNDER_WAY_EVERY_MS,
    }),

  /** The event with an id; without a source the newest of any source. */
  byId: (id: string, source: string | null) =>
    queryOptions({
      queryKey: [...eventQueries.all(), "id", id, source],
      queryFn: ({ signal }) => getJson("/events/by-id", eventDetailSchema, { query: { id, source }, signal }),
    }),

  /** All events of a correlation id as a tree. */
  flow: (correlationId: string) =>
    queryOptions({
      queryKey: [...eventQueries.all(), "flow", correlationId],
      queryFn: ({ signal }) => getJson(`/flows/${encodeURIComponent(correlationId)}`, flowSchema, { signal }),
    }),

  /**
   * Events, newest first, page after page into the past. What is listed stays as it was read: rows do not move
   * while somebody reads them, and `arrivals` says what came since.
   */
  list: (query: EventQuery) =>
    infiniteQueryOptions({
      queryKey: [...eventQueries.all(), "list", query],
      queryFn: ({ signal, pageParam }) => fetchPage(query, pageParam, signal),
      // The type of the first page is that of all.
      initialPageParam: null as PageParam,
      getNextPageParam: (page): PageParam =>
        page.nextBefore === null ? null : { before: page.nextBefore, windowFrom: page.windowFrom },
      staleTime: Number.POSITIVE_INFINITY,
      placeholderData: keepPreviousData,
    }),

  /** What matched after a position: how many rows a list that was read at that position lacks. */
  arrivals: (query: EventQuery, after: string) =>
    queryOptions({
      queryKey: [...eventQueries.all(), "arrivals", query, after],
      queryFn: ({ signal }) =>
        getJson("/events", eventPageSchema, {
          query: { ...query.filter, to: query.window.to, after, limit: MAX_COUNTED_ARRIVALS },
          signal,
        }),
      staleTime: 0,
      refetchInterval: ({ state }) =>
        (state.data?.events.length ?? 0) < MAX_COUNTED_ARRIVALS ? ARRIVALS_EVERY_MS : false,
    }),

  /** The newest event of all: tells an empty store from a window that holds nothing. */
  newest: () =>
    queryOptions({
      queryKey: [...eventQueries.all(), "newest"],
      queryFn: ({ signal }) => getJson("/events", eventPageSchema, { query: { limit: 1 }, signal }),
    }),
};

/** The newest page, to start a list anew without emptying it first. */
export function fetchFirstPage(query: EventQuery): Promise<ListedPage> {
  return fetchPage(query, null, undefined);
}

async function fetchPage(
  { filter, window }: EventQuery,
  page: PageParam,
  signal: AbortSignal | undefined,
): Promise<ListedPage> {
  const askedAt = Date.now();
  const windowFrom = page === null ? windowStart(window, askedAt) : page.windowFrom;
  const answer = await getJson("/events", eventPageSchema, {
    query: {
      ...filter,
      from: windowFrom,
      to: window.to,
      before: page?.before,
      limit: page === null ? FIRST_PAGE_SIZE : MAX_PAGE_SIZE,
    },
    signal,
  });
  return { ...answer, windowFrom, askedAt };
}

function windowStart({ from, lastMs }: ListWindow, now: number): string | null {
  return lastMs === null ? from : new Date(now - lastMs).toISOString();
}
