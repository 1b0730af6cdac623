import type { TopologyEdgeDto, TopologyNodeDto } from "#server/contract/topology.ts";
import { groupByNames, lastSegment } from "#server/domain/topology/service-names.ts";
import type { Service } from "#server/domain/topology/services.ts";
import type { ConsumerFact, TopologyFacts } from "./topology-facts.ts";
import { type Channel, type ServiceNode, type StoreNode, TopologyGraph } from "./topology-graph.ts";
import type { Traffic } from "./traffic.ts";
import type { TopologyWindow } from "./window.ts";

/** A consumer fails from every tenth attempt on: fewer are the odd one that a retry heals. */
const FAILING_RATIO = 0.1;
/** How long a service that is gone may be heard of. */
const AFTERMATH_MS = 60_000;
/** What has been seen in the last part of a window is not silent. */
const LAST_PART = { share: 0.25, leastMs: 2 * 60_000, mostMs: 15 * 60_000 };

/** The graph of what was observed: every service that emitted or took events, and the channels between them. */
export function buildTopology(
  facts: TopologyFacts,
  window: TopologyWindow,
): { nodes: TopologyNodeDto[]; edges: TopologyEdgeDto[] } {
  const graph = new TopologyGraph(facts);
  for (const one of facts.emitted) graph.addEmitted(one);
  graph.addConsumers();
  graph.addStores();
  for (const one of facts.delivered) graph.addDelivered(one);
  graph.addTimes();
  for (const mediation of facts.mediations) graph.addMediation(mediation);
  const mediators = new Set(facts.mediations.map(({ node }) => node));
  const groups = groupsOf(graph);
  return {
    nodes: [
      ...[...graph.services.values()].map((node) =>
        serviceDto(node, facts.consumers, window, { groups, mediators }),
      ),
      ...[...graph.channels.values()].map((channel) => channelDto(channel, window, groups)),
      ...[...graph.stores.values()].map((store) => storeDto(store, window)),
    ],
    edges: [...graph.edges.values()].map(({ id, from, to, kind, traffic }) => ({
      id,
      from,
      to,
      kind,
      ...traffic.toDto(window.seconds),
      types: traffic.types,
    })),
  };
}

function serviceDto(
  { service, published, received, lately }: ServiceNode,
  all: readonly ConsumerFact[],
  window: TopologyWindow,
  { groups, mediators }: { groups: ReadonlyMap<string, string>; mediators: ReadonlySet<string> },
): TopologyNodeDto {
  const { id, name, sources, consumers } = service;
  const mine = all.filter(({ consumer }) => consumers.includes(consumer));
  const present = mine.filter(({ removedMs }) => removedMs === null);
  const backlogs = present.map(({ backlog }) => backlog).filter((backlog) => backlog !== null);
  const group = groups.get(id) ?? null;
  const seen = Math.max(published.lastSeenMs ?? 0, received.lastSeenMs ?? 0);
  const state = () => {
    if (present.length === 0 && mine.some(({ removedMs }) => isOver(published, removedMs))) return "removed";
    if (present.length > 0 && present.every(({ isPaused }) => isPaused)) return "paused";
    if (isFailing(lately)) return "failing";
    return isSilent(seen, window) ? "silent" : "active";
  };
  return {
    id,
    kind: mediators.has(id) ? "mediator" : kindOf(service),
    label: group === null ? name : lastSegment(name),
    group,
    state: state(),
    sources: [...sources],
    consumers: [...consumers],
    isDeclared: present.length > 0,
    published: published.count,
    received: consumers.length === 0 ? null : received.toDto(window.seconds),
    backlog: backlogs.length === 0 ? null : backlogs.reduce((sum, one) => sum + one, 0),
  };
}

function groupsOf(graph: TopologyGraph): Map<string, string> {
  const groups = groupByNames([
    ...[...graph.services.values()].map(({ service }) => service),
    ...[...graph.channels.values()].filter(({ isDeclared }) => isDeclared),
  ]);
  // A channel that stands for a type belongs where all of its publishers do.
  for (const { id, isDeclared, owners } of graph.channels.values()) {
    const owning = new Set([...owners].map((owner) => groups.get(owner)));
    const [only] = owning;
    if (!isDeclared && owning.size === 1 && only !== undefined) groups.set(id, only);
  }
  return groups;
}

function channelDto(
  { id, name, isDeclared, traffic }: Channel,
  window: TopologyWindow,
  groups: ReadonlyMap<string, string>,
): TopologyNodeDto {
  const group = groups.get(id) ?? null;
  return {
    id,
    kind: "channel",
    label: group === null || !isDeclared ? name : lastSegment(name),
    group,
    state: isSilent(traffic.lastSeenMs ?? 0, window) ? "silent" : "active",
    sources: [],
    consumers: [],
    isDeclared,
    published: traffic.count,
    received: null,
    backlog: null,
  };
}

/** What it took is said by its edges: it has no attempts, so nothing is said of how they went. */
function storeDto({ id, fact, taken }: StoreNode, window: TopologyWindow): TopologyNodeDto {
  const state = () => {
    if (fact.isPaused) return "paused";
    if (fact.isFailing) return "failing";
    return isSilent(taken.lastSeenMs ?? 0, window) ? "silent" : "active";
  };
  return {
    id,
    kind: "store",
    label: fact.name,
    group: null,
    state: state(),
    sources: [],
    consumers: [],
    isDeclared: true,
    published: 0,
    received: null,
    backlog: fact.backlog,
  };
}

function kindOf({ sources, consumers }: Service): "producer" | "consumer" | "service" {
  if (consumers.length === 0) return "producer";
  return sources.length === 0 ? "consumer" : "service";
}

/** Nothing was emitted any more once the consumer had gone; what it had under way came a moment later. */
function isOver({ lastSeenMs }: Traffic, removedMs: number | null): boolean {
  return removedMs !== null && (lastSeenMs ?? 0) <= removedMs + AFTERMATH_MS;
}

function isFailing({ succeeded, failed }: ServiceNode["lately"]): boolean {
  return failed > 0 && failed / (succeeded + failed) >= FAILING_RATIO;
}

function isSilent(lastSeenMs: number, { to, seconds }: TopologyWindow): boolean {
  const lastPart = Math.min(LAST_PART.mostMs, Math.max(LAST_PART.leastMs, seconds * 1000 * LAST_PART.share));
  return lastSeenMs < Date.parse(to) - lastPart;
}
