import { keepPreviousData, queryOptions, useQueryClient } from "@tanstack/react-query";
import { getJson } from "#components/lib/api-client.ts";
import { ApiError } from "#components/lib/api-error.ts";
import { apiPath } from "#components/lib/api-path.ts";
import { resolveTimeRange, type TimeRange } from "#components/shell/time-range.ts";
import {
  findingsSchema,
  type TopologyDto,
  topologyComparisonSchema,
  topologySchema,
  verdictsSchema,
} from "#server/contract/topology.ts";

/** Numbers change without a notice, with every event. */
const GRAPH_REFRESH_MS = 2_000;
const JUDGEMENT_REFRESH_MS = 5_000;

export type TimeWindow = { from: string; to: string };
/** What is looked at: a window of recorded time, and the flows of one type or everything. */
export type TopologyScope = { range: TimeRange; flowType: string | null };

/** Every read of the topology, and the keys under which they are kept. */
export const topologyQueries = {
  all: () => ["topology"] as const,

  graph: ({ range, flowType }: TopologyScope) =>
    queryOptions({
      queryKey: [...topologyQueries.all(), "graph", range, flowType],
      queryFn: ({ signal }) => getGraph({ range, flowType }, signal),
      refetchInterval: isPast(range) ? false : GRAPH_REFRESH_MS,
      placeholderData: keepPreviousData,
    }),

  verdicts: (range: TimeRange) =>
    queryOptions({
      queryKey: [...topologyQueries.all(), "verdicts", range],
      queryFn: ({ signal }) =>
        getJson("/topology/verdicts", verdictsSchema, {
          query: resolveTimeRange(range, Date.now()),
          signal,
        }),
      refetchInterval: isPast(range) ? false : JUDGEMENT_REFRESH_MS,
      placeholderData: keepPreviousData,
    }),

  findings: (range: TimeRange) =>
    queryOptions({
      queryKey: [...topologyQueries.all(), "findings", range],
      queryFn: ({ signal }) =>
        getJson("/topology/findings", findingsSchema, {
          query: resolveTimeRange(range, Date.now()),
          signal,
        }),
      refetchInterval: isPast(range) ? false : JUDGEMENT_REFRESH_MS,
      placeholderData: keepPreviousData,
    }),

  comparison: ({ range, flowType, before }: TopologyScope & { before: TimeWindow }) =>
    queryOptions({
      queryKey: [...topologyQueries.all(), "comparison", range, flowType, before],
      queryFn: ({ signal }) =>
        getJson("/topology/comparison", topologyComparisonSchema, {
          query: {
            ...scopeQuery({ range, flowType }),
            beforeFrom: before.from,
            beforeTo: before.to,
          },
          signal,
        }),
      refetchInterval: isPast(range) ? false : JUDGEMENT_REFRESH_MS,
      placeholderData: keepPreviousData,
    }),
};

/** Reads everything about the topology anew. */
export function useRefreshTopology() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: topologyQueries.all() });
}

/** Where the API gives the graph, or writes it in another language. */
export function topologyPath(scope: TopologyScope, format: "mermaid" | "asyncapi" | null): string {
  const query = scopeQuery(scope);
  return format === null ? apiPath("/topology", query) : apiPath("/topology/export", { format, ...query });
}

/** A command that reads the graph that is on the screen. */
export function topologyCommand(origin: string, scope: TopologyScope): string {
  return `curl -sS '${origin}${topologyPath(scope, null).replaceAll("'", "%27")}'`;
}

/** Where no flow of the type ran in the window, nothing did: that is no failure, above all while time is played back. */
async function getGraph(scope: TopologyScope, signal: AbortSignal): Promise<TopologyDto> {
  const query = scopeQuery(scope);
  try {
    return await getJson("/topology", topologySchema, { query, signal });
  } catch (error) {
    if (scope.flowType === null || !(error instanceof ApiError) || error.code !== "not-found") throw error;
    const whole = await getJson("/topology", topologySchema, { query: { ...query, flowType: null }, signal });
    return { ...whole, flowType: scope.flowType, nodes: [], edges: [], isCapped: false };
  }
}

function scopeQuery({ range, flowType }: TopologyScope) {
  return { ...resolveTimeRange(range, Date.now()), flowType };
}

function isPast(range: TimeRange): boolean {
  return range.kind === "absolute" && range.to !== null && Date.parse(range.to) < Date.now();
}
