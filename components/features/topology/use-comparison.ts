"use client";

import { useQuery } from "@tanstack/react-query";
import type { TimeRange } from "#components/shell/time-range.ts";
import type { TopologyDto } from "#server/contract/topology.ts";
import { windowBefore } from "./time-frames.ts";
import { topologyQueries } from "./topology-queries.ts";
import type { TopologyView } from "./topology-view.ts";

type ComparisonInput = { range: TimeRange; view: TopologyView; graph: TopologyDto | undefined };

/** What is different from an earlier window, while somebody asks for that. */
export function useComparison({ range, view, graph }: ComparisonInput) {
  const isAsked = view.compare !== null && graph !== undefined;
  const after = graph?.window ?? { from: "", to: "" };
  const chosen = { from: view.beforeFrom, to: view.beforeTo };
  const before = isAsked ? windowBefore(after, view.compare ?? "previous", chosen) : after;
  const query = useQuery({
    ...topologyQueries.comparison({ range, flowType: view.flow, before }),
    enabled: isAsked,
  });
  // An answer that was kept from before is not asked for any more.
  return isAsked ? query : { ...query, data: undefined };
}
