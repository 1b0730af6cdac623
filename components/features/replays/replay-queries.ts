import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { getJson, sendJson } from "#components/lib/api-client.ts";
import { MAX_LINKED_LETTERS } from "#components/lib/letter-selection.ts";
import {
  type ReplayDto,
  type ReplayInput,
  type ReplayItemDto,
  type ReplayItemPageDto,
  replayItemPageSchema,
  replayListSchema,
  replayPlanSchema,
  replaySchema,
} from "#server/contract/replays.ts";
import { REPLAY_STATUSES, type ReplayCommand } from "#server/domain/replays/replay-run.ts";
import type { ItemFilter } from "./item-filter.ts";
import { OPEN_STATUSES } from "./open-statuses.ts";

const PAGE_SIZE = 100;
const MAX_VIEW_LENGTH = 2000;
/** Rates and remaining times change without a notice. */
const RUNNING_REFRESH_MS = 2_000;
/** Consumers begin and cease to fail while a plan is read. */
const PLAN_REFRESH_MS = 15_000;
/** Planning more than so many takes the server a while, so they are counted anew only when somebody asks. */
const MAX_REFRESHED_ITEMS = 10_000;

/** What is asked for, as a plan and to start it. */
export type ReplayRequest = Required<Pick<ReplayInput, "selection" | "options">>;

const ENDED_STATUSES = REPLAY_STATUSES.filter((status) => !OPEN_STATUSES.includes(status));
const isRunning = ({ status }: Pick<ReplayDto, "status">) => status === "running";

/** Every read of replays, and the keys under which they are kept. */
export const replayQueries = {
  all: () => ["replays"] as const,

  /** What a replay would do; nothing is done. */
  plan: (request: ReplayRequest | null) =>
    queryOptions({
      queryKey: ["replay-plan", request],
      queryFn: ({ signal }) =>
        sendJson("POST", "/replays", replayPlanSchema, { body: { ...request, dryRun: true }, signal }),
      enabled: request !== null,
      placeholderData: keepPreviousData,
      staleTime: 0,
      refetchInterval: ({ state }) =>
        (state.data?.included ?? MAX_REFRESHED_ITEMS) < MAX_REFRESHED_ITEMS ? PLAN_REFRESH_MS : false,
    }),

  /** Those that are not over, newest first. */
  open: () =>
    queryOptions({
      queryKey: [...replayQueries.all(), "open"],
      queryFn: ({ signal }) =>
        getJson("/replays", replayListSchema, {
          query: { status: OPEN_STATUSES, limit: PAGE_SIZE },
          signal,
        }),
      refetchInterval: ({ state }) => (state.data?.replays.some(isRunning) ? RUNNING_REFRESH_MS : false),
    }),

  /** Those that are over, newest first. */
  ended: () =>
    infiniteQueryOptions({
      queryKey: [...replayQueries.all(), "ended"],
      queryFn: ({ pageParam, signal }) =>
        getJson("/replays", replayListSchema, {
          query: { status: ENDED_STATUSES, before: pageParam, limit: PAGE_SIZE },
          signal,
        }),
      initialPageParam: null as number | null,
      getNextPageParam: (page) => page.nextBefore,
    }),

  replay: (id: number) =>
    queryOptions({
      queryKey: [...replayQueries.all(), "replay", id],
      queryFn: ({ signal }) => getJson(`/replays/${id}`, replaySchema, { signal }),
      refetchInterval: ({ state }) =>
        state.data !== undefined && isRunning(state.data) ? RUNNING_REFRESH_MS : false,
    }),

  /** The items of a replay in the order in which they were selected. */
  items: (id: number, filter: ItemFilter) =>
    infiniteQueryOptions({
      queryKey: [...replayQueries.all(), "items", id, filter],
      queryFn: ({ pageParam, signal }) =>
        getJson(`/replays/${id}/items`, replayItemPageSchema, {
          query: { is: filter === "all" ? null : filter, after: pageParam, limit: PAGE_SIZE },
          signal,
        }),
      initialPageParam: null as number | null,
      getNextPageParam: (page) => page.nextAfter,
    }),

  /**
   * Items that failed in an outcome, as many as one looks at together, or can select by an address. `count` is how many
   * there are: when others come to them, they are read anew.
   */
  failed: (id: number, outcome: "failed-same" | "failed-new", count: number) =>
    queryOptions({
      queryKey: [...replayQueries.all(), "failed", id, outcome, count],
      queryFn: async ({ signal }) => {
        const items: ReplayItemDto[] = [];
        let after: number | null = null;
        do {
          const page: ReplayItemPageDto = await getJson(`/replays/${id}/items`, replayItemPageSchema, {
            query: { is: outcome, after, limit: PAGE_SIZE },
            signal,
          });
          items.push(...page.items);
          after = page.nextAfter;
        } while (after !== null && items.length < MAX_LINKED_LETTERS);
        return { items, isCut: after !== null };
      },
    }),
};

/** Pages of items that are read anew by themselves; whoever reads further than that asks for it. */
export const MAX_LIVE_PAGES = 5;

/** Reads what keeps its place on the page of a replay anew: its numbers, and the list of all items. */
export function useFollowReplay(id: number) {
  const client = useQueryClient();
  return () => {
    const own = client.invalidateQueries({ queryKey: replayQueries.replay(id).queryKey });
    const { queryKey } = replayQueries.items(id, "all");
    const pages = client.getQueryData(queryKey)?.pages.length ?? 0;
    return Promise.all([own, pages <= MAX_LIVE_PAGES && client.invalidateQueries({ queryKey })]);
  };
}

/** Reads everything about replays anew. */
export function useRefreshReplays() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: replayQueries.all() });
}

/** Makes a replay of exactly this, and starts it or keeps it as a plan. */
export function useCreateReplay() {
  const onSuccess = useRefreshReplays();
  return useMutation({
    mutationFn: (input: ReplayRequest & Pick<ReplayInput, "reason" | "view" | "start">) =>
      sendJson("POST", "/replays", replaySchema, { body: { ...input, dryRun: false } }),
    onSuccess,
  });
}

/** From which view somebody acts, for the audit trail; nothing where its address is too long. */
export function currentView(): Pick<ReplayInput, "view"> {
  const view = `${location.pathname}${location.search}`;
  return view.length <= MAX_VIEW_LENGTH ? { view } : {};
}

/** Starts, pauses, resumes or cancels a replay. */
export function useMoveReplay(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (command: ReplayCommand) => sendJson("POST", `/replays/${id}/${command}`, replaySchema),
    onSuccess: (replay) => {
      client.setQueryData(replayQueries.replay(id).queryKey, replay);
      return client.invalidateQueries({ queryKey: replayQueries.all() });
    },
  });
}
