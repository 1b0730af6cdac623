import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { z } from "zod";
import { getJson, sendJson } from "#components/lib/api-client.ts";
import { apiPath } from "#components/lib/api-path.ts";
import {
  correlationPathSchema,
  correlationPathsSchema,
  foundFlowsSchema,
  processMapSchema,
  type SagaFilter,
  type SagaSort,
  sagaCountsSchema,
  sagaPageSchema,
} from "#server/contract/sagas.ts";

/** The first page is small, because it is part of the page that the server renders. */
const PAGE_SIZE = 50;
/** Hints come with every change; what has taken too long changes by time alone. */
const REFRESH_MS = 15_000;
/** Whole hours are summed up for it, and it is read for its shape. */
const MAP_REFRESH_MS = 30_000;

/** A window of recorded time; open ends are null. */
export type MapWindow = { from: string | null; to: string | null };

/** Every read of sagas, and the keys under which they are kept. */
export const sagaQueries = {
  all: () => ["sagas"] as const,

  list: (filter: SagaFilter, sort: SagaSort) =>
    infiniteQueryOptions({
      queryKey: [...sagaQueries.all(), "list", filter, sort],
      queryFn: ({ pageParam, signal }) =>
        getJson("/sagas", sagaPageSchema, {
          query: { ...filter, sort, after: pageParam, limit: PAGE_SIZE },
          signal,
        }),
      // The first page begins nowhere.
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextAfter,
      refetchInterval: REFRESH_MS,
      placeholderData: keepPreviousData,
    }),

  counts: () =>
    queryOptions({
      queryKey: [...sagaQueries.all(), "counts"],
      queryFn: ({ signal }) => getJson("/sagas/counts", sagaCountsSchema, { signal }),
      refetchInterval: REFRESH_MS,
    }),

  /** The flows that a text names exactly, sagas or not. */
  flows: (q: string) =>
    queryOptions({
      queryKey: [...sagaQueries.all(), "flows", q],
      queryFn: ({ signal }) => getJson("/flows", foundFlowsSchema, { query: { q }, signal }),
      enabled: q !== "",
    }),

  map: (type: string, window: MapWindow) =>
    queryOptions({
      queryKey: [...sagaQueries.all(), "map", type, window],
      queryFn: ({ signal }) =>
        getJson("/sagas/map", processMapSchema, { query: { type, ...window }, signal }),
      refetchInterval: MAP_REFRESH_MS,
      placeholderData: keepPreviousData,
    }),
};

export const correlationQueries = {
  paths: () =>
    queryOptions({
      queryKey: ["correlation-paths"],
      queryFn: ({ signal }) => getJson("/correlation-paths", correlationPathsSchema, { signal }),
    }),
};

/** Reads everything about sagas anew. */
export function useRefreshSagas() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: sagaQueries.all() });
}

/** Adds a place of payloads that says which flow an event belongs to. */
export function useAddCorrelationPath() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { type: string; path: string }) =>
      sendJson("POST", "/correlation-paths", correlationPathSchema, { body }),
    onSuccess: () => client.invalidateQueries(correlationQueries.paths()),
  });
}

export function useDeleteCorrelationPath() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => sendJson("DELETE", `/correlation-paths/${id}`, z.null()),
    onSuccess: () => client.invalidateQueries(correlationQueries.paths()),
  });
}

/** A command that reads the list as it is filtered. */
export function sagasCommand(origin: string, filter: SagaFilter, sort: SagaSort): string {
  return readCommand(origin, apiPath("/sagas", { ...filter, sort }));
}

/** A command that reads the map of a type. */
export function mapCommand(origin: string, type: string, window: MapWindow): string {
  return readCommand(origin, apiPath("/sagas/map", { type, ...window }));
}

function readCommand(origin: string, path: string): string {
  return `curl -sS '${origin}${path.replaceAll("'", "%27")}'`;
}
