import { findNameId } from "#drizzle/queries/interned-names.ts";
import { listFlowStarts } from "#drizzle/queries/topology-flows.ts";
import type { TopologyDto } from "#server/contract/topology.ts";
import { RELATIVE_ERROR } from "#server/domain/log-histogram.ts";
import { readFlowTypeId } from "#server/domain/topology/flow-key.ts";
import { judgeWindow } from "#server/domain/topology/judge-window.ts";
import type { Services } from "#server/domain/topology/services.ts";
import { AppError } from "#server/platform/errors.ts";
import { buildTopology } from "./build-topology.ts";
import { getCountedTo } from "./counted-to.ts";
import { mergeTraffic, NO_TRAFFIC } from "./flow-traffic.ts";
import { loadServices } from "./load-services.ts";
import { type CountedFacts, readFacts, readFlowFacts } from "./read-facts.ts";
import { mediationsOf, readFlows, toSummaries } from "./read-flows.ts";
import type { TopologyCtx } from "./topology-context.ts";
import { readWindow, type TopologyWindow, type WindowQuery } from "./window.ts";

const MAX_NODES = 2_000;
const MAX_EDGES = 8_000;

export type TopologyQuery = WindowQuery & {
  /** The id of a flow type: of its flows alone. */
  flowType?: string | undefined;
};

/** The graph that ran in a window: the last hour, if none is given. Throws `not-found` for no flow type. */
export async function getTopology(
  ctx: TopologyCtx,
  { flowType, ...moments }: TopologyQuery,
): Promise<TopologyDto> {
  const window = readWindow(ctx.clock, moments);
  const [asOf, services] = await Promise.all([getCountedTo(ctx), loadServices(ctx.sql)]);
  const { facts, ...rest } =
    flowType === undefined
      ? await readWhole(ctx, window, services)
      : await readFlowType(ctx, window, { services, flowType });
  return {
    window: { from: window.from, to: window.to },
    asOf,
    flowType: flowType ?? null,
    flows: rest.flows,
    relativeError: RELATIVE_ERROR,
    ...capped(buildTopology({ ...facts, services, mediations: rest.mediations }, window)),
  };
}

type Read = { facts: CountedFacts; mediations: ReturnType<typeof mediationsOf>; flows: TopologyDto["flows"] };

async function readWhole(ctx: TopologyCtx, window: TopologyWindow, services: Services): Promise<Read> {
  const [facts, flows] = await Promise.all([
    readFacts(ctx, window),
    readFlows(ctx, window, { services, withTraffic: false }),
  ]);
  return { facts, mediations: mediationsOf(judgeWindow(toSummaries(flows)).flowTypes), flows: null };
}

async function readFlowType(
  ctx: TopologyCtx,
  window: TopologyWindow,
  { services, flowType }: { services: Services; flowType: string },
): Promise<Read> {
  const wanted = readFlowTypeId(flowType);
  const seen = wanted === null ? null : await countSeen(ctx, window, { services, ...wanted });
  if (wanted === null || seen === null) {
    throw new AppError(
      "not-found",
      "There is no such flow type. GET /api/v1/topology/verdicts lists those of a window with their ids.",
    );
  }
  const flows = (await readFlows(ctx, window, { services, withTraffic: true })).filter(
    ({ type, startedBy, way }) =>
      type === wanted.type && startedBy === wanted.startedBy && (wanted.way === null || way === wanted.way),
  );
  const traffic = flows.reduce((all, one) => mergeTraffic(all, one.traffic), NO_TRAFFIC);
  const examined = flows.reduce((sum, one) => sum + one.flows, 0);
  return {
    facts: await readFlowFacts(ctx, window, traffic),
    mediations: mediationsOf(judgeWindow(toSummaries(flows)).flowTypes),
    flows: { seen: Math.max(seen, examined), examined },
  };
}

/** How many flows began so in the window; null where none ever did. */
async function countSeen(
  { sql, names }: TopologyCtx,
  { from, to }: TopologyWindow,
  { services, type, startedBy }: { services: Services; type: string; startedBy: string },
): Promise<number | null> {
  const typeId = await findNameId(sql, "type", type);
  if (typeId === null) return null;
  const starts = await listFlowStarts(sql, typeId, { from, to });
  const nameOf = await names.resolve(starts.map(({ source_id }) => source_id));
  const own = starts.filter(({ source_id }) => services.ofSource(nameOf(source_id)).id === startedBy);
  return own.length === 0 ? null : Math.round(own.reduce((sum, { flows }) => sum + flows, 0));
}

/** The busiest nodes and edges, where there are more than a page can show. */
function capped({
  nodes,
  edges,
}: Pick<TopologyDto, "nodes" | "edges">): Pick<TopologyDto, "nodes" | "edges" | "isCapped"> {
  const isCapped = nodes.length > MAX_NODES || edges.length > MAX_EDGES;
  if (!isCapped) return { nodes, edges, isCapped };
  const traffic = ({ published, received }: TopologyDto["nodes"][number]) =>
    published + (received?.count ?? 0);
  const busiest = nodes.toSorted((a, b) => traffic(b) - traffic(a)).slice(0, MAX_NODES);
  const ids = new Set(busiest.map(({ id }) => id));
  const between = edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  return {
    nodes: busiest,
    edges: between.toSorted((a, b) => b.count - a.count).slice(0, MAX_EDGES),
    isCapped,
  };
}
