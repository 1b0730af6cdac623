import { listChannels } from "#drizzle/queries/channels.ts";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { findTopologyPosition } from "#drizzle/queries/topology-counting.ts";
import {
  type ConsumerRow,
  listCauseBins,
  listConsumers,
  listDeliveryBins,
  listDeliveryGroups,
  listEventGroups,
} from "#drizzle/queries/topology-reading.ts";
import { subscriptionFiltersSchema } from "#server/contract/subscription-filter.ts";
import type { TopologyDto } from "#server/contract/topology.ts";
import type { RoutedEvent } from "#server/domain/channel-routing.ts";
import { emptyEnvelope } from "#server/domain/envelope/attributes.ts";
import { EVENT_KINDS } from "#server/domain/event.ts";
import { recordedAt } from "#server/domain/instant.ts";
import { RELATIVE_ERROR } from "#server/domain/log-histogram.ts";
import { compileFilters } from "#server/domain/subscription-filter.ts";
import { identifyServices } from "#server/domain/topology/services.ts";
import type { Context } from "#server/platform/context.ts";
import { loadRouting } from "../bus/channels.ts";
import { listBacklogs } from "./backlogs.ts";
import { buildTopology } from "./build-topology.ts";
import type { TopologyFacts } from "./topology-facts.ts";
import { readWindow, type TopologyWindow } from "./window.ts";

type Ctx = Pick<Context, "sql" | "names" | "clock">;

const MINUTE_MS = 60_000;
/** Minutes before the window's last one that tell how a consumer does by then. */
const LATELY_MINUTES = 3;
const MAX_NODES = 2_000;
const MAX_EDGES = 8_000;
const COMMAND = EVENT_KINDS.indexOf("command");

/** The graph that ran in a window: the last hour, if none is given. */
export async function getTopology(
  ctx: Ctx,
  { from, to }: { from?: string | undefined; to?: string | undefined },
): Promise<TopologyDto> {
  const window = readWindow(ctx.clock, { from, to });
  const asOf = await getCountedTo(ctx);
  const { nodes, edges } = buildTopology(await readFacts(ctx, window), window);
  return {
    window: { from: window.from, to: window.to },
    asOf,
    flowType: null,
    relativeError: RELATIVE_ERROR,
    ...capped({ nodes, edges }),
  };
}

/** What was recorded until then is counted: until now, where nothing is left to count. */
export async function getCountedTo({ sql, clock }: Ctx): Promise<string | null> {
  const [counted, safe] = [await findTopologyPosition(sql), await getSafePosition(sql)];
  if (counted === null) return null;
  return Number(counted) >= Number(safe) ? clock.now().toISOString() : recordedAt(counted);
}

async function readFacts(ctx: Ctx, window: TopologyWindow): Promise<TopologyFacts> {
  const { sql, names, clock } = ctx;
  const now = clock.now().getTime();
  const lately = new Date(Date.parse(window.to) - LATELY_MINUTES * MINUTE_MS).toISOString();
  const [events, deliveries, bins, causes, channels, channelsOf] = await Promise.all([
    listEventGroups(sql, window),
    listDeliveryGroups(sql, { ...window, lately }),
    listDeliveryBins(sql, window),
    listCauseBins(sql, window),
    listChannels(sql),
    loadRouting(sql),
  ]);
  const consumers = await listConsumers(sql, [...new Set(deliveries.map((one) => one.subscription_id))]);
  const waiting = window.isLive ? await listBacklogs(ctx, consumers) : new Map<number, number>();
  const nameOf = await names.resolve([
    ...events.flatMap((one) => [
      one.type_id,
      one.source_id,
      ...(one.channel_id === 0 ? [] : [one.channel_id]),
    ]),
    ...deliveries.map((one) => one.type_id),
    ...causes.flatMap((one) => [one.type_id, one.source_id]),
  ]);
  const times = (measure: number) =>
    bins
      .filter((one) => one.measure === measure)
      .map(({ subscription_id, type_id, bin, count }) => ({
        subscriptionId: subscription_id,
        type: nameOf(type_id),
        bin,
        count: Number(count),
      }));
  return {
    emitted: events.map((one) => ({
      type: nameOf(one.type_id),
      source: nameOf(one.source_id),
      channel: one.channel_id === 0 ? null : nameOf(one.channel_id),
      isCommand: one.kind === COMMAND,
      events: Number(one.events),
      lastSeenMs: Number(one.last_position) / 1000,
    })),
    reactions: causes.map((one) => ({
      type: nameOf(one.type_id),
      source: nameOf(one.source_id),
      bin: one.bin,
      count: Number(one.events),
    })),
    delivered: deliveries.map((one) => ({
      subscriptionId: one.subscription_id,
      type: nameOf(one.type_id),
      succeeded: Number(one.succeeded),
      failed: Number(one.failed),
      retried: Number(one.retried),
      dead: Number(one.dead),
      latelySucceeded: Number(one.lately_succeeded),
      latelyFailed: Number(one.lately_failed),
      // Known to the minute.
      lastSeenMs: Math.min(now, Date.parse(one.last_minute) + MINUTE_MS - 1),
    })),
    handling: times(0),
    waiting: times(1),
    consumers: consumers.map((one) => ({
      subscriptionId: one.id,
      consumer: one.consumer,
      channel: one.channel,
      takes: filterOf(one),
      isPaused: one.paused_at !== null,
      removedMs: one.deleted_at === null ? null : Date.parse(one.deleted_at),
      backlog: waiting.get(one.id) ?? null,
    })),
    channels: new Set(channels.map(({ name }) => name)),
    channelsOf,
    services: identifyServices([]),
  };
}

function filterOf({ filters }: ConsumerRow): (event: RoutedEvent) => boolean {
  const matches = compileFilters(subscriptionFiltersSchema.parse(filters));
  return (event) => matches({ ...emptyEnvelope("internal"), ...event });
}

/** The busiest nodes and edges, where there are more than a page can show. */
function capped({
  nodes,
  edges,
}: Pick<TopologyDto, "nodes" | "edges">): Pick<TopologyDto, "nodes" | "edges" | "isCapped"> {
  const isCapped = nodes.length > MAX_NODES || edges.length > MAX_EDGES;
  if (!isCapped) return { nodes, edges, isCapped };
  const busiest = nodes
    .toSorted((a, b) => b.published + (b.received?.count ?? 0) - (a.published + (a.received?.count ?? 0)))
    .slice(0, MAX_NODES);
  const ids = new Set(busiest.map(({ id }) => id));
  const between = edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  return {
    nodes: busiest,
    edges: between.toSorted((a, b) => b.count - a.count).slice(0, MAX_EDGES),
    isCapped,
  };
}
