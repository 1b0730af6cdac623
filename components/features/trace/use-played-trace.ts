"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { traceQueries } from "./trace-queries.ts";
import type { TraceViewState } from "./use-trace-view.ts";

export type PlayedTrace = ReturnType<typeof usePlayedTrace>;

/** The trace as it is, and as it was at the moment that is played. While that one is read, the one before stays. */
export function usePlayedTrace({ reference, atUs }: TraceViewState) {
  const query = useQuery(traceQueries.one(reference, null));
  const then = useQuery({
    ...traceQueries.one(reference, atUs),
    enabled: atUs !== null,
    placeholderData: keepPreviousData,
  });
  const whole = query.data ?? null;
  return {
    query,
    shown: atUs === null ? whole : (then.data ?? whole),
    isCatchingUp: atUs !== null && then.isFetching,
  };
}
