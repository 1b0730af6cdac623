"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { layOutInLayers } from "#components/ui/graph/layout-engine.ts";
import { MAX_DRAWN_BRANCHES, type MapGraph } from "./map-graph.ts";
import { layoutKey, toLayeredGraph } from "./map-layout.ts";

/** Places for a map, worked out beside the page; the last ones stay until there are new ones. */
export function useMapLayout(graph: MapGraph) {
  const key = layoutKey(graph);
  return useQuery({
    queryKey: ["saga-map-layout", key],
    queryFn: async () => {
      const layout = await layOutInLayers(toLayeredGraph(graph));
      if (layout === null) throw new Error("There are too many branches to lay out. Show fewer of them.");
      return { key, ...layout };
    },
    enabled: graph.edges.length <= MAX_DRAWN_BRANCHES,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    placeholderData: keepPreviousData,
  });
}
