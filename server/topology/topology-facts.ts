import type { RoutedEvent } from "#server/domain/channel-routing.ts";
import type { Services } from "#server/domain/topology/services.ts";
import type { Mediation } from "#server/domain/topology/verdict.ts";
import type { ChannelsOf } from "../bus/channels.ts";

/** Events of one type that a source emitted, by the channel that they name. */
export type EmittedFact = {
  type: string;
  source: string;
  channel: string | null;
  isCommand: boolean;
  events: number;
  lastSeenMs: number;
};

/** How a consumer fared with events of one type. */
export type DeliveredFact = {
  subscriptionId: number;
  type: string;
  succeeded: number;
  failed: number;
  retried: number;
  dead: number;
  latelySucceeded: number;
  latelyFailed: number;
  lastSeenMs: number;
};

/** Part of a histogram of microseconds. */
export type TimeFact<Of> = Of & { bin: number; count: number };

export type ConsumerFact = {
  subscriptionId: number;
  consumer: string;
  /** Null takes events of every channel. */
  channel: string | null;
  /** It only reports what it handled, and has not said what it takes. */
  isUnbound: boolean;
  /** Whether its filters let an event by, as far as these attributes tell. */
  takes: (event: RoutedEvent) => boolean;
  isPaused: boolean;
  /** When it was removed; null while it is there. */
  removedMs: number | null;
  /** Events that wait for it now; null where nothing is known of it. */
  backlog: number | null;
};

/** A read model that is built from events of some types. */
export type StoreFact = {
  name: string;
  takes: (emitted: { type: string; source: string }) => boolean;
  isPaused: boolean;
  isFailing: boolean;
  /** Events that wait for it now; null where the window ended before. */
  backlog: number | null;
};

/** What was observed in a window, with its names. */
export type TopologyFacts = {
  emitted: readonly EmittedFact[];
  /** Between the cause of events and the events themselves. */
  reactions: readonly TimeFact<{ source: string; type: string }>[];
  delivered: readonly DeliveredFact[];
  handling: readonly TimeFact<{ subscriptionId: number; type: string }>[];
  /** From the event's own time until it was handled. */
  waiting: readonly TimeFact<{ subscriptionId: number; type: string }>[];
  consumers: readonly ConsumerFact[];
  stores: readonly StoreFact[];
  /** Names of the channels that have been set up. */
  channels: ReadonlySet<string>;
  channelsOf: ChannelsOf;
  services: Services;
  /** How mediators go about it, by the judgement on the flows of the window. */
  mediations: readonly Mediation[];
};
