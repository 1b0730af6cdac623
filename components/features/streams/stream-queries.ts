import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "#components/lib/api-client.ts";
import { streamEventsSchema, streamPageSchema, streamStateSchema } from "#server/contract/streams.ts";

const PAGE_SIZE = 100;
const REFRESH_MS = 5_000;

/** Versions that are read at once, around the one that is looked at. */
export const BLOCK = 100;

/** Which block of versions holds one: the first has the version 0 too, which some streams begin with. */
export function blockOf(version: number): number {
  return Math.max(0, Math.floor((version - 1) / BLOCK));
}

const pathOf = (type: string, id: string) => `/streams/${encodeURIComponent(type)}/${encodeURIComponent(id)}`;

/** Every read of streams, and the keys under which they are kept. */
export const streamQueries = {
  all: () => ["streams"] as const,

  /** The one that changed last first; `search` is a part of the id. */
  list: (search: string) =>
    infiniteQueryOptions({
      queryKey: [...streamQueries.all(), "list", search],
      queryFn: ({ pageParam, signal }) =>
        getJson("/streams", streamPageSchema, {
          query: { q: search, before: pageParam, limit: PAGE_SIZE },
          signal,
        }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextBefore,
      refetchInterval: (query) => ((query.state.data?.pages.length ?? 1) > 1 ? false : REFRESH_MS),
      placeholderData: keepPreviousData,
    }),

  /** The events of a block of versions, with the one before it, so that each can be compared to its predecessor. */
  block: (type: string, id: string, block: number) =>
    queryOptions({
      queryKey: [...streamQueries.all(), type, id, "block", block],
      queryFn: ({ signal }) =>
        getJson(pathOf(type, id), streamEventsSchema, {
          query: { fromVersion: block * BLOCK, toVersion: (block + 1) * BLOCK, limit: 1_000 },
          signal,
        }),
      refetchInterval: REFRESH_MS,
      placeholderData: keepPreviousData,
    }),

  state: (type: string, id: string, version: number) =>
    queryOptions({
      queryKey: [...streamQueries.all(), type, id, "state", version],
      queryFn: ({ signal }) =>
        getJson(`${pathOf(type, id)}/state`, streamStateSchema, { query: { version }, signal }),
      placeholderData: keepPreviousData,
    }),
};
