import { listChannels } from "#drizzle/queries/channels.ts";
import { countFlowStarts } from "#drizzle/queries/topology-flows.ts";
import { listConsumers, listEventGroups } from "#drizzle/queries/topology-reading.ts";
import type { FlowTypeDto, VerdictsDto } from "#server/contract/topology.ts";
import { recordedAt } from "#server/domain/instant.ts";
import { type JudgedFlowType, judgeWindow } from "#server/domain/topology/judge-window.ts";
import { groupByNames } from "#server/domain/topology/service-names.ts";
import type { Services } from "#server/domain/topology/services.ts";
import { getCountedTo } from "./counted-to.ts";
import { loadServices } from "./load-services.ts";
import { type FlowExample, mergeExamples } from "./merge-examined.ts";
import { readFlows, toSummaries, type WindowFlows } from "./read-flows.ts";
import type { TopologyCtx } from "./topology-context.ts";
import { readWindow, type TopologyWindow, type WindowQuery } from "./window.ts";

/** Whether a broker or a mediator runs the flows of each type in a window, and those of the whole window. */
export async function getVerdicts(ctx: TopologyCtx, query: WindowQuery): Promise<VerdictsDto> {
  const window = readWindow(ctx.clock, query);
  const asOf = await getCountedTo(ctx);
  const services = await loadServices(ctx.sql);
  const [flows, seen, groups] = await Promise.all([
    readFlows(ctx, window, { services, withTraffic: false }),
    countFlowStarts(ctx.sql, window),
    listGroups(ctx, window, services),
  ]);
  const { whole, flowTypes } = judgeWindow(toSummaries(flows));
  const examined = flows.reduce((sum, one) => sum + one.flows, 0);
  return {
    window: { from: window.from, to: window.to },
    asOf,
    whole,
    flowTypes: flowTypes.map((one) => toDto(one, flows, groups)),
    flows: { seen: Math.max(seen, examined), examined },
  };
}

function toDto(
  flowType: JudgedFlowType,
  flows: readonly WindowFlows[],
  groups: ReadonlyMap<string, string>,
): FlowTypeDto {
  const { id, type, startedBy, way, ways, judgement, mediations } = flowType;
  const examples = flows
    .filter(
      (one) => one.type === type && one.startedBy === startedBy && ways.some((mine) => mine === one.way),
    )
    .reduce<FlowExample[]>((all, one) => mergeExamples(all, one.examples), []);
  return {
    id,
    type,
    startedBy,
    way,
    group: groups.get(startedBy) ?? null,
    judgement,
    mediations,
    examples: examples.map(({ correlationId, position }) => ({
      correlationId,
      startedAt: recordedAt(position),
    })),
  };
}

/** What services belong to, as the graph of the same window says it. */
async function listGroups(
  { sql, names }: TopologyCtx,
  window: TopologyWindow,
  services: Services,
): Promise<Map<string, string>> {
  const [events, consumers, channels] = await Promise.all([
    listEventGroups(sql, window),
    listConsumers(sql, []),
    listChannels(sql),
  ]);
  const nameOf = await names.resolve(events.map(({ source_id }) => source_id));
  return groupByNames([
    ...events.map(({ source_id }) => services.ofSource(nameOf(source_id))),
    ...consumers.map(({ consumer }) => services.ofConsumer(consumer)),
    ...channels.map(({ name }) => ({ id: `channel:${name}`, name })),
  ]);
}
