import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { getJson, sendJson } from "#components/lib/api-client.ts";
import {
  CASE_WINDOWS,
  type CaseChange,
  type CaseWindow,
  caseDetailSchema,
  caseFieldsSchema,
  caseListSchema,
} from "#server/contract/failure-cases.ts";
import { type CaseView, toCaseFilter } from "./case-view.ts";

/** The first page is small, because it is part of the page that the server renders. */
const PAGE_SIZE = 50;
/** Hints come with every change; what fails now, and how old a mute is, changes by time alone. */
const REFRESH_MS = 15_000;
/** Payloads are read for it, so it is asked for seldom. */
const FIELDS_FRESH_MS = 60_000;

const pathOf = (id: number) => `/failure-cases/${id}`;

/** Every read of failure cases, and the keys under which they are kept. */
export const caseQueries = {
  all: () => ["failure-cases"] as const,

  list: (view: CaseView) =>
    infiniteQueryOptions({
      queryKey: [...caseQueries.all(), "list", view],
      queryFn: ({ pageParam, signal }) =>
        getJson("/failure-cases", caseListSchema, {
          query: {
            ...toCaseFilter(view),
            window: view.window,
            sort: view.sort,
            offset: pageParam,
            limit: PAGE_SIZE,
          },
          signal,
        }),
      initialPageParam: 0,
      getNextPageParam: (page) => page.nextOffset,
      refetchInterval: REFRESH_MS,
      placeholderData: keepPreviousData,
    }),

  one: (id: number, window: CaseWindow) =>
    queryOptions({
      queryKey: [...caseQueries.all(), "one", id, window],
      queryFn: ({ signal }) => getJson(pathOf(id), caseDetailSchema, { query: { window }, signal }),
      refetchInterval: REFRESH_MS,
      placeholderData: keepPreviousData,
    }),

  /** What the payloads of a case have in common. */
  fields: (id: number) =>
    queryOptions({
      queryKey: [...caseQueries.all(), "fields", id],
      queryFn: ({ signal }) => getJson(`${pathOf(id)}/fields`, caseFieldsSchema, { signal }),
      staleTime: FIELDS_FRESH_MS,
    }),
};

/** Reads lists and cases anew, but not what payloads have in common: that is costly, and changes slowly. */
export function useRefreshCases() {
  const client = useQueryClient();
  return () =>
    client.invalidateQueries({
      queryKey: caseQueries.all(),
      predicate: ({ queryKey }) => queryKey[1] !== "fields",
    });
}

/** What people do about a case. */
export type CaseCommand =
  | { kind: "change"; change: CaseChange }
  | { kind: "mute"; until: string }
  | { kind: "unmute" }
  | { kind: "resolve" }
  | { kind: "reopen" }
  | { kind: "note"; text: string };

/** Does something about a case, and gives the case as it is then. */
export function useCommandCase() {
  const client = useQueryClient();
  const refresh = useRefreshCases();
  return useMutation({
    mutationFn: ({ id, command }: { id: number; command: CaseCommand }) => sendCommand(id, command),
    onSuccess: (answer) => {
      for (const window of CASE_WINDOWS) {
        // The answer has the deaths of one window; those that are shown stay until they are read anew.
        client.setQueryData(caseQueries.one(answer.id, window).queryKey, (shown) =>
          shown === undefined ? undefined : { ...answer, series: shown.series, buckets: shown.buckets },
        );
      }
      void refresh();
    },
  });
}

function sendCommand(id: number, command: CaseCommand) {
  switch (command.kind) {
    case "change":
      return sendJson("PATCH", pathOf(id), caseDetailSchema, { body: command.change });
    case "mute":
      return sendJson("POST", `${pathOf(id)}/mute`, caseDetailSchema, { body: { until: command.until } });
    case "note":
      return sendJson("POST", `${pathOf(id)}/notes`, caseDetailSchema, { body: { text: command.text } });
    case "unmute":
    case "resolve":
    case "reopen":
      return sendJson("POST", `${pathOf(id)}/${command.kind}`, caseDetailSchema);
  }
}
