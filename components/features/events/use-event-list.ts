"use client";

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import {
  type EventQuery,
  eventQueries,
  fetchFirstPage,
  type ListedPage,
  MAX_COUNTED_ARRIVALS,
} from "#components/event-detail/event-queries.ts";
import type { EventSummaryDto } from "#server/contract/events.ts";
import { recordedAt } from "#server/domain/instant.ts";
import { ROUNDS_AT_ONCE, readProgress } from "./list-progress.ts";

const LOOK_AGAIN_MS = 2_000;
const NO_ROWS: EventSummaryDto[] = [];

export type EventList = ReturnType<typeof useEventList>;

/**
 * The events that a query finds, as far back as they were asked for. What is listed stays where it is; `arrivals`
 * counts what has come since, and `refresh` starts anew with it. An empty list looks again by itself.
 */
export function useEventList(query: EventQuery) {
  const client = useQueryClient();
  const options = eventQueries.list(query);
  const list = useInfiniteQuery({
    ...options,
    refetchInterval: ({ state }) => {
      const isEmpty = state.data?.pages.every((page) => page.events.length === 0 && page.searched.complete);
      return isEmpty ? LOOK_AGAIN_MS : false;
    },
  });
  const pages = list.data?.pages ?? [];
  const [first] = pages;
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.events) ?? NO_ROWS, [list.data]);

  const isOpenEnded = query.window.to === null || Date.parse(query.window.to) > (first?.askedAt ?? 0);
  const watches = isOpenEnded && rows.length > 0 && !list.isPlaceholderData;
  const arrivals = useQuery({
    ...eventQueries.arrivals(query, first?.asOf.position ?? "0"),
    enabled: watches,
  });
  const refresh = useMutation({
    mutationFn: () => fetchFirstPage(query),
    onSuccess: (page) => client.setQueryData(options.queryKey, { pages: [page], pageParams: [null] }),
  });

  // What a person allowed counts for the list that it was allowed for.
  const [allowed, setAllowed] = useState({ askedAt: 0, rounds: ROUNDS_AT_ONCE });
  const rounds = allowed.askedAt === first?.askedAt ? allowed.rounds : ROUNDS_AT_ONCE;
  const progress = readProgress(pages);
  const isPaused = list.hasNextPage && progress.meagreRounds >= rounds;

  return {
    rows,
    progress,
    /** Changes when the list begins anew, and not when it grows. */
    generation: first?.askedAt ?? 0,
    asOf: pages.at(-1)?.asOf ?? null,
    /** The window that the rows lie in, for a link. */
    shown: first === undefined ? null : { windowFrom: first.windowFrom, upTo: newestMoment(first) },
    status: list,
    isPaused,
    canContinue: list.hasNextPage && !list.isFetching && !list.isFetchNextPageError && !isPaused,
    fetchNext: list.fetchNextPage,
    goOn: () => {
      setAllowed({ askedAt: first?.askedAt ?? 0, rounds: progress.meagreRounds + ROUNDS_AT_ONCE });
    },
    arrivals: watches ? countArrivals(arrivals.data?.events, first?.events) : 0,
    refresh,
    /** Since when what is shown could not be refreshed; null while all is well. */
    staleSince:
      refresh.isError || arrivals.isError ? Math.max(list.dataUpdatedAt, arrivals.dataUpdatedAt) : null,
  };
}

/** Some may be in the list: it was read past the position up to which nothing can be missing. */
function countArrivals(
  arrived: readonly EventSummaryDto[] | undefined,
  listed: readonly EventSummaryDto[] | undefined,
): number {
  if (arrived === undefined) return 0;
  if (arrived.length >= MAX_COUNTED_ARRIVALS) return MAX_COUNTED_ARRIVALS;
  const known = new Set(listed?.map((event) => event.position));
  return arrived.filter((event) => !known.has(event.position)).length;
}

/** The latest moment that the page holds; RFC 3339 in UTC sorts as text. */
function newestMoment({ events, asOf }: Pick<ListedPage, "events" | "asOf">): string {
  const settled = recordedAt(asOf.position);
  return [settled, events[0]?.recordedAt ?? settled].toSorted().at(-1) ?? settled;
}
