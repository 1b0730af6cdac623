"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { SAGAS_TOPIC, type TraceReference } from "#server/contract/sagas.ts";
import { restOfTraceMs, traceQueries } from "./trace-queries.ts";

/** A burst of hints is one refresh: whoever reads can't follow more. */
const FOLD_MS = 1_000;

/** Reads a trace anew when sagas changed, a large one less often: hints say nothing about which saga they are of. */
export function useLiveTrace(reference: TraceReference): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLiveTopic(
    SAGAS_TOPIC,
    () => {
      const { queryKey } = traceQueries.one(reference, null);
      const state = client.getQueryState(queryKey);
      const dueMs = (state?.dataUpdatedAt ?? 0) + restOfTraceMs(state?.data);
      clearTimeout(timer.current);
      return new Promise<void>((resolve) => {
        const read = () => resolve(client.invalidateQueries({ queryKey }));
        timer.current = setTimeout(read, Math.max(0, dueMs - Date.now()));
      });
    },
    FOLD_MS,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another flow, or another page, has timers of its own
  useEffect(() => () => clearTimeout(timer.current), [reference]);
}
