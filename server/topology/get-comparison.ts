import type { TopologyComparisonDto } from "#server/contract/topology.ts";
import { compareTopologies } from "./compare-topologies.ts";
import { getTopology, type TopologyQuery } from "./get-topology.ts";
import type { TopologyCtx } from "./topology-context.ts";
import { readEarlierWindow, readWindow } from "./window.ts";

export type ComparisonQuery = TopologyQuery & {
  beforeFrom?: string | undefined;
  beforeTo?: string | undefined;
};

/** Two windows side by side: without the moments of the earlier one, the one that ended when the later one began. */
export async function getComparison(
  ctx: TopologyCtx,
  { from, to, beforeFrom, beforeTo, flowType }: ComparisonQuery,
): Promise<TopologyComparisonDto> {
  const later = readWindow(ctx.clock, { from, to });
  const earlier = readEarlierWindow(ctx.clock, { beforeFrom, beforeTo }, later);
  const [before, after] = await Promise.all([
    getTopology(ctx, { from: earlier.from, to: earlier.to, flowType }),
    getTopology(ctx, { from: later.from, to: later.to, flowType }),
  ]);
  return { before, after, changes: compareTopologies(before, after) };
}
