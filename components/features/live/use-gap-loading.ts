"use client";

import { useRef, useState } from "react";
import type { EventConditions } from "#components/lib/event-filter.ts";
import { entryId, type Gap } from "#components/live/live-list.ts";
import type { EventPageDto } from "#server/contract/events.ts";
import { loadGap } from "./live-queries.ts";

export type GapState = "idle" | "loading" | "failed";

/** Loads what gaps leave out, each by itself. */
export function useGapLoading(filter: EventConditions, fill: (gap: Gap, page: EventPageDto) => void) {
  const [states, setStates] = useState<ReadonlyMap<string, GapState>>(new Map());
  const loading = useRef(new Set<string>());

  const load = async (gap: Gap) => {
    const id = entryId(gap);
    if (loading.current.has(id)) return;
    const setState = (state: GapState) => setStates((before) => new Map(before).set(id, state));
    loading.current.add(id);
    setState("loading");
    try {
      fill(gap, await loadGap(filter, gap));
      // The same gap may be back, smaller by nothing, when the search stopped at its budget.
      setState("idle");
    } catch {
      setState("failed");
    }
    loading.current.delete(id);
  };
  return { load: (gap: Gap) => void load(gap), stateOf: (gap: Gap) => states.get(entryId(gap)) ?? "idle" };
}
