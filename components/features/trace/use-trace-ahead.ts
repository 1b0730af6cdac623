"use client";

import { useQueryClient } from "@tanstack/react-query";
import { PrefetchKind } from "next/dist/client/components/router-reducer/router-reducer-types";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef } from "react";
import { traceHref } from "#components/shell/destinations.ts";
import type { TraceReference } from "#server/contract/sagas.ts";
import { readTraceAnswer, traceQueries } from "./trace-queries.ts";

/** Whoever moves across a list aims at nothing in it. */
const AIM_MS = 40;
/** What nobody opens is soon forgotten: a large trace takes megabytes. */
const KEPT_MS = 30_000;

/**
 * Gives what is called with the trace that somebody aims at, or with null when they don't any more: its page and the
 * trace itself are then there when they open it. One trace is read at a time, however many are aimed at.
 */
export function useTraceAhead(): (reference: TraceReference | null) => void {
  const router = useRouter();
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(
    (reference) => {
      clearTimeout(timer.current);
      if (reference === null) return;
      timer.current = setTimeout(() => {
        router.prefetch(traceHref(reference), { kind: PrefetchKind.FULL });
        if (client.isFetching({ queryKey: traceQueries.all() }) > 0) return;
        // What fails here is asked for again by the page, which says why.
        void client
          .fetchQuery({ ...traceQueries.one(reference, null), gcTime: KEPT_MS, retry: false })
          .then(readTraceAnswer)
          .catch(() => {});
      }, AIM_MS);
    },
    [router, client],
  );
}
