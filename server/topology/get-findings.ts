import { listChannels } from "#drizzle/queries/channels.ts";
import { listDeliveriesOfEvents, listEventsOfFlows } from "#drizzle/queries/topology-flows.ts";
import {
  type EventGroup,
  listConsumerNames,
  listConsumers,
  listEventGroups,
} from "#drizzle/queries/topology-reading.ts";
import { listMostAttempts } from "#drizzle/queries/topology-samples.ts";
import type { FindingsDto } from "#server/contract/topology.ts";
import { findFindings } from "#server/domain/topology/findings/find-findings.ts";
import type { FindingInput } from "#server/domain/topology/findings/finding-input.ts";
import { mergeSummaries } from "#server/domain/topology/flow-summary.ts";
import type { ObservedFlow } from "#server/domain/topology/observed-flow.ts";
import { observeFlow } from "#server/domain/topology/read-flow.ts";
import type { Services } from "#server/domain/topology/services.ts";
import { buildTopology } from "./build-topology.ts";
import { getCountedTo } from "./counted-to.ts";
import { describeConsumers } from "./finding-consumers.ts";
import { describeEmissions } from "./finding-emissions.ts";
import { findNewest } from "./finding-newest.ts";
import { loadServices } from "./load-services.ts";
import { readFacts } from "./read-facts.ts";
import { readFlows, type WindowFlows } from "./read-flows.ts";
import { recordFlow } from "./record-flow.ts";
import { sampleEvents } from "./sample-events.ts";
import type { TopologyCtx } from "./topology-context.ts";
import { readWindow, type TopologyWindow, type WindowQuery } from "./window.ts";

/** Flows that are looked at as proof, and events of one. */
const MAX_FLOWS = 60;
const MAX_FLOW_EVENTS = 200;

/** What departs in a window from what one would want of a system, with what proves it; most harmful first. */
export async function getFindings(ctx: TopologyCtx, query: WindowQuery): Promise<FindingsDto> {
  const window = readWindow(ctx.clock, query);
  const [asOf, services] = await Promise.all([getCountedTo(ctx), loadServices(ctx.sql)]);
  const input = await gatherInput(ctx, window, services);
  return { window: { from: window.from, to: window.to }, asOf, findings: findFindings(input) };
}

async function gatherInput(
  ctx: TopologyCtx,
  window: TopologyWindow,
  services: Services,
): Promise<FindingInput> {
  const { sql } = ctx;
  const range = { from: positionAt(window.from), before: positionAt(window.to) };
  // What needs nothing from one another is asked for side by side: beside much ingest, each answer is waited for.
  const emitted = listEventGroups(sql, window);
  const examined = readFlows(ctx, window, { services, withTraffic: false });
  const newestOf = async (groups: EventGroup[]) => {
    const newest = await findNewest(ctx, groups, range);
    return { ...newest, samples: await sampleEvents(ctx, newest.positions, services) };
  };
  const [facts, groups, flows, channels, newest, mostAttempts, examples] = await Promise.all([
    readFacts(ctx, window, emitted),
    emitted,
    examined,
    listChannels(sql),
    emitted.then(newestOf),
    listMostAttempts(sql, range),
    examined.then((found) => loadExamples(ctx, found, services)),
  ]);
  const { uncorrelated, keys, samples } = newest;
  const rows = await listConsumers(sql, [...new Set(facts.delivered.map((one) => one.subscriptionId))]);
  const { nodes, edges } = buildTopology({ ...facts, services, mediations: [] }, window);
  const kinds = new Map(channels.map(({ name, kind }) => [`channel:${name}`, kind]));
  return {
    windowMs: window.seconds * 1000,
    edges: edges.map(({ id, from, to, types }) => ({ id, from, to, types: types.map(({ type }) => type) })),
    channels: nodes
      .filter(({ kind }) => kind === "channel")
      .map(({ id }) => ({ node: id, kind: kinds.get(id) ?? null })),
    emissions: await describeEmissions(ctx, groups, {
      facts,
      services,
      uncorrelated,
      positions: samples.positions,
    }),
    consumers: describeConsumers(rows, facts, {
      window,
      services,
      mostAttempts: new Map(mostAttempts.map(({ subscription_id, most }) => [subscription_id, most])),
    }),
    summaries: mergeByBeginning(flows),
    flows: examples,
    keys,
    versions: samples.versions,
    payloads: samples.payloads,
  };
}

function mergeByBeginning(flows: readonly WindowFlows[]) {
  const alike = Map.groupBy(flows, ({ type, startedBy }) => JSON.stringify([type, startedBy]));
  return [...alike.values()].flatMap(([first, ...rest]) =>
    first ? [rest.reduce((all, { summary }) => mergeSummaries(all, summary), first.summary)] : [],
  );
}

/** The newest examined flows as they ran, in turns from each beginning. */
async function loadExamples(
  { sql, names }: TopologyCtx,
  flows: readonly WindowFlows[],
  services: Services,
): Promise<ObservedFlow[]> {
  const examples = flows
    .flatMap((one) => one.examples)
    .toSorted((a, b) => Number(b.position) - Number(a.position))
    .slice(0, MAX_FLOWS);
  const starts = examples.map(({ correlationId, position }) => ({
    correlation_id: correlationId,
    start_position: position,
  }));
  const rows = await listEventsOfFlows(sql, starts, MAX_FLOW_EVENTS);
  const deliveries = await listDeliveriesOfEvents(
    sql,
    rows.map(({ position }) => position),
  );
  const [nameOf, consumerOf] = await Promise.all([
    names.resolve(rows.flatMap((row) => [row.type_id, row.source_id])),
    listConsumerNames(
      sql,
      deliveries.map((one) => one.subscription_id),
    ),
  ]);
  const byStart = Map.groupBy(rows, (row) => row.start_position);
  const byPosition = Map.groupBy(deliveries, (one) => one.position);
  return examples.map(({ correlationId, position }) => {
    const events = byStart.get(position) ?? [];
    const own = events.flatMap((event) => byPosition.get(event.position) ?? []);
    return observeFlow(recordFlow(correlationId, { events, deliveries: own, nameOf, consumerOf }), services);
  });
}

function positionAt(moment: string): string {
  return String(Date.parse(moment) * 1000);
}
