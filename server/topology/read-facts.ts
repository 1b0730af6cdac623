import { listChannels } from "#drizzle/queries/channels.ts";
import {
  type ConsumerRow,
  type DeliveryGroup,
  type EventGroup,
  listCauseBins,
  listConsumers,
  listDeliveryGroups,
  listEventGroups,
} from "#drizzle/queries/topology-reading.ts";
import { targetSchema } from "#server/contract/bus.ts";
import { subscriptionFiltersSchema } from "#server/contract/subscription-filter.ts";
import type { RoutedEvent } from "#server/domain/channel-routing.ts";
import { emptyEnvelope } from "#server/domain/envelope/attributes.ts";
import { EVENT_KINDS } from "#server/domain/event.ts";
import { compileFilters } from "#server/domain/subscription-filter.ts";
import { loadRouting } from "../bus/channels.ts";
import { listBacklogs } from "./backlogs.ts";
import { readDeliveryBins } from "./delivery-bins.ts";
import type { FlowTraffic } from "./flow-traffic.ts";
import { readStores } from "./read-stores.ts";
import type { TopologyCtx } from "./topology-context.ts";
import type { ConsumerFact, TopologyFacts } from "./topology-facts.ts";
import type { TopologyWindow } from "./window.ts";

const MINUTE_MS = 60_000;
/** Minutes before the window's last one that tell how a consumer does by then. */
const LATELY_MINUTES = 3;
const COMMAND = EVENT_KINDS.indexOf("command");

/** What was counted: all of it but who the services are and how mediators go about it. */
export type CountedFacts = Omit<TopologyFacts, "services" | "mediations">;

/** Everything that was counted in a window; with what was emitted in it, where that has been asked for already. */
export async function readFacts(
  ctx: TopologyCtx,
  window: TopologyWindow,
  emitted: Promise<EventGroup[]> = listEventGroups(ctx.sql, window),
): Promise<CountedFacts> {
  const { sql, names, clock } = ctx;
  const [events, deliveries, bins, causes] = await Promise.all([
    emitted,
    listDeliveryGroups(sql, { ...window, lately: latelyOf(window) }),
    readDeliveryBins(ctx, window),
    listCauseBins(sql, window),
  ]);
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
  const [setUp, stores] = await Promise.all([
    readSetUp(
      ctx,
      window,
      deliveries.map((one) => one.subscription_id),
    ),
    readStores(
      ctx,
      window,
      events.map((one) => ({
        type: nameOf(one.type_id),
        source: nameOf(one.source_id),
        lastPosition: one.last_position,
      })),
    ),
  ]);
  return {
    ...setUp,
    stores,
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
      lastSeenMs: Math.min(clock.now().getTime(), Date.parse(one.last_minute) + MINUTE_MS - 1),
    })),
    handling: times(0),
    waiting: times(1),
  };
}

/** What was counted in examined flows alone. Who fails lately is told by all that a consumer handles. */
export async function readFlowFacts(
  ctx: TopologyCtx,
  window: TopologyWindow,
  traffic: FlowTraffic,
): Promise<CountedFacts> {
  const numbersOf = (key: string) => key.split("/").map(Number);
  const emitted = Object.entries(traffic.emitted);
  const reactions = Object.entries(traffic.reactions);
  const delivered = Object.entries(traffic.delivered);
  const ids = delivered.map(([key]) => numbersOf(key)[0] ?? 0);
  const [setUp, groups] = await Promise.all([
    readSetUp(ctx, window, ids),
    listDeliveryGroups(ctx.sql, { ...window, lately: latelyOf(window) }),
  ]);
  const lately = new Map(groups.map((one) => [`${one.subscription_id}/${one.type_id}`, one]));
  const known = [...emitted, ...reactions].flatMap(([key]) => numbersOf(key).slice(0, 3));
  const handledTypes = delivered.map(([key]) => numbersOf(key)[1] ?? 0);
  const resolved = await ctx.names.resolve([...known, ...handledTypes].filter((id) => id > 0));
  const nameOf = (id: number | undefined) => resolved(id ?? 0);
  const times = (measure: "handling" | "waiting") =>
    delivered.flatMap(([key, counts]) => {
      const [subscriptionId = 0, type] = numbersOf(key);
      return binsOf(counts[measure]).map((one) => ({ subscriptionId, type: nameOf(type), ...one }));
    });
  const stores = await readStores(
    ctx,
    window,
    emitted.map(([key, { lastPosition }]) => {
      const [type, source] = numbersOf(key);
      return { type: nameOf(type), source: nameOf(source), lastPosition: String(lastPosition) };
    }),
  );
  return {
    ...setUp,
    stores,
    consumers: setUp.consumers.filter(({ subscriptionId }) => ids.includes(subscriptionId)),
    emitted: emitted.map(([key, { events, lastPosition }]) => {
      const [type, source, channel, kind] = numbersOf(key);
      return {
        type: nameOf(type),
        source: nameOf(source),
        channel: channel === 0 ? null : nameOf(channel),
        isCommand: kind === COMMAND,
        events,
        lastSeenMs: lastPosition / 1000,
      };
    }),
    reactions: reactions.flatMap(([key, bins]) => {
      const [type, source] = numbersOf(key);
      return binsOf(bins).map((one) => ({ type: nameOf(type), source: nameOf(source), ...one }));
    }),
    delivered: delivered.map(([key, { succeeded, failed, retried, dead, lastUs }]) => {
      const [subscriptionId = 0, type] = numbersOf(key);
      return {
        subscriptionId,
        type: nameOf(type),
        succeeded,
        failed,
        retried,
        dead,
        ...latelySums(lately.get(key)),
        lastSeenMs: lastUs / 1000,
      };
    }),
    handling: times("handling"),
    waiting: times("waiting"),
  };
}

/** Channels and consumers, those among them that are gone but took something. */
async function readSetUp(
  ctx: TopologyCtx,
  window: TopologyWindow,
  subscriptionIds: readonly number[],
): Promise<Pick<TopologyFacts, "consumers" | "channels" | "channelsOf">> {
  const [rows, channels, channelsOf] = await Promise.all([
    listConsumers(ctx.sql, [...new Set(subscriptionIds)]),
    listChannels(ctx.sql),
    loadRouting(ctx.sql),
  ]);
  const end = Date.parse(window.to);
  const there = rows.filter((row) => subscriptionIds.includes(row.id) || Date.parse(row.created_at) < end);
  const backlogs = window.isLive ? await listBacklogs(ctx, there) : new Map<number, number>();
  return {
    consumers: there.map((row) => toConsumerFact(row, backlogs.get(row.id) ?? null)),
    channels: new Set(channels.map(({ name }) => name)),
    channelsOf,
  };
}

function toConsumerFact(row: ConsumerRow, backlog: number | null): ConsumerFact {
  const filters = subscriptionFiltersSchema.parse(row.filters);
  const matches = compileFilters(filters);
  return {
    subscriptionId: row.id,
    consumer: row.consumer,
    channel: row.channel,
    isUnbound:
      row.channel === null && filters.length === 0 && targetSchema.parse(row.target).kind === "external",
    takes: (event: RoutedEvent) => matches({ ...emptyEnvelope("internal"), ...event }),
    isPaused: row.paused_at !== null,
    removedMs: row.deleted_at === null ? null : Date.parse(row.deleted_at),
    backlog,
  };
}

function latelyOf({ to }: TopologyWindow): string {
  return new Date(Date.parse(to) - LATELY_MINUTES * MINUTE_MS).toISOString();
}

function latelySums(group: DeliveryGroup | undefined) {
  return {
    latelySucceeded: Number(group?.lately_succeeded ?? 0),
    latelyFailed: Number(group?.lately_failed ?? 0),
  };
}

function binsOf(bins: Record<string, number>): { bin: number; count: number }[] {
  return Object.entries(bins).map(([bin, count]) => ({ bin: Number(bin), count }));
}
