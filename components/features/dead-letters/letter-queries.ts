import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { getJson, sendJson } from "#components/lib/api-client.ts";
import {
  blastRadiusSchema,
  type DiscardInput,
  type LetterFilter,
  type LetterKey,
  type LetterSelection,
  letterActionAnswerSchema,
  letterDetailSchema,
  letterPageSchema,
} from "#server/contract/dead-letters.ts";
import { caseQueries } from "./case-queries.ts";

const PAGE_SIZE = 100;
const REFRESH_MS = 15_000;

const pathOf = ({ position, consumer }: LetterKey) =>
  `/dead-letters/${position}/${encodeURIComponent(consumer)}`;

/** Every read of dead letters, and the keys under which they are kept. */
export const letterQueries = {
  all: () => ["dead-letters"] as const,

  /** Newest death first, page after page into the past. */
  list: (filter: LetterFilter) =>
    infiniteQueryOptions({
      queryKey: [...letterQueries.all(), "list", filter],
      queryFn: ({ pageParam, signal }) =>
        getJson("/dead-letters", letterPageSchema, {
          query: { ...filter, case: filter.case?.map(String), before: pageParam, limit: PAGE_SIZE },
          signal,
        }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextBefore,
      refetchInterval: REFRESH_MS,
      placeholderData: keepPreviousData,
    }),

  one: ({ position, consumer }: LetterKey) =>
    queryOptions({
      queryKey: [...letterQueries.all(), "one", position, consumer],
      queryFn: ({ signal }) => getJson(pathOf({ position, consumer }), letterDetailSchema, { signal }),
      refetchInterval: REFRESH_MS,
    }),

  /** What else a letter holds up. */
  blastRadius: ({ position, consumer }: LetterKey) =>
    queryOptions({
      queryKey: [...letterQueries.all(), "blast-radius", position, consumer],
      queryFn: ({ signal }) =>
        getJson(`${pathOf({ position, consumer })}/blast-radius`, blastRadiusSchema, { signal }),
      refetchInterval: REFRESH_MS,
    }),

  /** How many letters an action would change; asked anew each time. */
  measured: (action: LetterAction, selection: LetterSelection) =>
    queryOptions({
      queryKey: [...letterQueries.all(), "measured", action, selection],
      queryFn: () => sendAction(action, { selection, reason: "Dry run", dryRun: true }),
      staleTime: 0,
      gcTime: 0,
    }),
};

export type LetterAction = "discard" | "restore";

/** Reads everything about dead letters and their cases anew. */
export function useRefreshLetters() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      [letterQueries.all(), caseQueries.all()].map((queryKey) =>
        client.invalidateQueries({
          queryKey,
          predicate: (query) => query.queryKey[1] !== "measured" && query.queryKey[1] !== "fields",
        }),
      ),
    );
}

/** Discards or restores letters, and gives how many there were. */
export function useLetterAction(action: LetterAction) {
  const refresh = useRefreshLetters();
  return useMutation({
    mutationFn: (input: { selection: LetterSelection; reason: string }) =>
      sendAction(action, {
        ...input,
        dryRun: false,
        view: `${location.pathname}${location.search}`.slice(0, 2000),
      }),
    onSuccess: () => void refresh(),
  });
}

function sendAction(action: LetterAction, body: DiscardInput) {
  return sendJson("POST", `/dead-letters/${action}`, letterActionAnswerSchema, { body });
}
