import type { TopologyEdgeDto } from "#server/contract/topology.ts";
import { parentSegment } from "#server/domain/topology/service-names.ts";
import type { Service } from "#server/domain/topology/services.ts";
import type { Mediation } from "#server/domain/topology/verdict.ts";
import type { ConsumerFact, DeliveredFact, EmittedFact, StoreFact, TopologyFacts } from "./topology-facts.ts";
import { Traffic } from "./traffic.ts";

export type Channel = {
  id: string;
  name: string;
  isDeclared: boolean;
  traffic: Traffic;
  /** Services that emit into it, by their ids. */
  owners: Set<string>;
};
export type Edge = {
  id: string;
  from: string;
  to: string;
  kind: TopologyEdgeDto["kind"];
  traffic: Traffic;
};
export type ServiceNode = {
  service: Service;
  published: Traffic;
  received: Traffic;
  /** Attempts of the last minutes. */
  lately: { succeeded: number; failed: number };
};
/** A store, and what travelled the channels to it. */
export type StoreNode = { id: string; fact: StoreFact; taken: Traffic };
/** A way that events of a type took. */
type Way = { source: string; named: string | null; channelId: string; events: number; lastSeenMs: number };
/** An edge to a consumer, and which part of what it takes comes by it. */
type WayTo = { edge: Edge; share: (count: number) => number };

/** The nodes and edges of a graph while what was observed is added up in them. */
export class TopologyGraph {
  readonly #facts: TopologyFacts;
  readonly #consumers: ReadonlyMap<number, ConsumerFact>;
  readonly services = new Map<string, ServiceNode>();
  readonly channels = new Map<string, Channel>();
  readonly stores = new Map<string, StoreNode>();
  readonly edges = new Map<string, Edge>();
  /** Where events of a type travelled. */
  readonly #ways = new Map<string, Way[]>();
  readonly #mediated = new Set<string>();
  readonly #waysFound = new Map<string, WayTo[]>();

  constructor(facts: TopologyFacts) {
    this.#facts = facts;
    this.#consumers = new Map(facts.consumers.map((one) => [one.subscriptionId, one]));
  }

  addEmitted({ type, source, channel, events, lastSeenMs }: EmittedFact): void {
    const { service, published } = this.#serviceOf(this.#facts.services.ofSource(source));
    published.add(type, events, lastSeenMs);
    for (const one of this.#channelsOf({ type, source, channel })) {
      one.traffic.add(type, events, lastSeenMs);
      one.owners.add(service.id);
      this.#edge(service.id, one.id, "publishes").traffic.add(type, events, lastSeenMs);
      const way = { source, named: channel, channelId: one.id, events, lastSeenMs };
      const known = this.#ways.get(type);
      if (known) known.push(way);
      else this.#ways.set(type, [way]);
    }
  }

  /** Consumers that are there stand in the graph, and their channels with them, whether or not anything came. */
  addConsumers(): void {
    for (const { consumer, channel, removedMs } of this.#facts.consumers) {
      const { service } = this.#serviceOf(this.#facts.services.ofConsumer(consumer));
      if (channel !== null && removedMs === null)
        this.#edge(this.#channel(channel).id, service.id, "subscribes");
    }
  }

  /** A store stands in the graph where events that it is built from were emitted. */
  addStores(): void {
    for (const fact of this.#facts.stores) {
      const id = `store:${fact.name}`;
      const node = { id, fact, taken: new Traffic() };
      for (const [type, ways] of this.#ways) {
        for (const { source, channelId, events, lastSeenMs } of ways) {
          if (!fact.takes({ type, source })) continue;
          this.stores.set(id, node);
          node.taken.add(type, events, lastSeenMs);
          this.#edge(channelId, id, "subscribes").traffic.add(type, events, lastSeenMs);
        }
      }
    }
  }

  addDelivered(one: DeliveredFact): void {
    const found = this.#subscription(one.subscriptionId);
    if (!found) return;
    const { received, lately } = found.node;
    received.add(one.type, one.succeeded + one.failed, one.lastSeenMs);
    received.addAttempts(one);
    for (const { edge, share } of this.#waysTo(found, one.type)) {
      const part = {
        succeeded: share(one.succeeded),
        failed: share(one.failed),
        retried: share(one.retried),
        dead: share(one.dead),
      };
      edge.traffic.add(one.type, part.succeeded + part.failed, one.lastSeenMs);
      edge.traffic.addAttempts(part);
    }
    lately.succeeded += one.latelySucceeded;
    lately.failed += one.latelyFailed;
  }

  addTimes(): void {
    for (const { source, type, bin, count } of this.#facts.reactions) {
      const { id } = this.#facts.services.ofSource(source);
      const own = (this.#ways.get(type) ?? []).filter((way) => way.source === source);
      for (const channel of new Set(own.map(({ channelId }) => channelId))) {
        this.edges.get(edgeId(id, channel, "publishes"))?.traffic.addTimes(bin, count);
      }
    }
    for (const { subscriptionId, type, bin, count } of this.#facts.waiting) {
      const found = this.#subscription(subscriptionId);
      if (!found) continue;
      for (const { edge } of this.#waysTo(found, type)) edge.traffic.addTimes(bin, count);
    }
    for (const { subscriptionId, bin, count } of this.#facts.handling) {
      this.#subscription(subscriptionId)?.node.received.addTimes(bin, count);
    }
  }

  /** Puts the commands of a mediator and the replies to them straight between it and the services of its steps. */
  addMediation({ node, stages }: Mediation): void {
    for (const { node: service, command, replies } of stages.flatMap(({ steps }) => steps)) {
      if (!this.services.has(node) || !this.services.has(service)) continue;
      this.#addDeliveries(this.#edge(node, service, "commands"), { service, type: command });
      this.#addReplies(this.#edge(service, node, "replies"), { service, types: replies });
    }
  }

  #addDeliveries({ id, traffic }: Edge, { service, type }: { service: string; type: string }): void {
    if (!this.#isNew(id, type)) return;
    const isIt = (one: { subscriptionId: number; type: string }) =>
      one.type === type && this.#subscription(one.subscriptionId)?.node.service.id === service;
    for (const one of this.#facts.delivered.filter(isIt)) {
      traffic.add(type, one.succeeded + one.failed, one.lastSeenMs);
      traffic.addAttempts(one);
    }
    for (const { bin, count } of this.#facts.waiting.filter(isIt)) traffic.addTimes(bin, count);
  }

  #addReplies(
    { id, traffic }: Edge,
    { service, types }: { service: string; types: readonly string[] },
  ): void {
    const added = new Set(types.filter((type) => this.#isNew(id, type)));
    const isIt = (one: { source: string; type: string }) =>
      added.has(one.type) && this.#facts.services.ofSource(one.source).id === service;
    for (const one of this.#facts.emitted.filter(isIt)) traffic.add(one.type, one.events, one.lastSeenMs);
    for (const { bin, count } of this.#facts.reactions.filter(isIt)) traffic.addTimes(bin, count);
  }

  /** Whether a type is added to an edge of a mediator for the first time: steps may share it. */
  #isNew(edge: string, type: string): boolean {
    const key = `${edge} ${type}`;
    if (this.#mediated.has(key)) return false;
    this.#mediated.add(key);
    return true;
  }

  #subscription(id: number) {
    const fact = this.#consumers.get(id);
    if (!fact) return null;
    return { fact, node: this.#serviceOf(this.#facts.services.ofConsumer(fact.consumer)) };
  }

  /**
   * The edges that events of a type come to a consumer by. Without a channel of its own it takes what its filters let
   * by, in the shares in which that was emitted.
   */
  #waysTo(found: { fact: ConsumerFact; node: ServiceNode }, type: string): WayTo[] {
    const key = `${found.fact.subscriptionId} ${type}`;
    const known = this.#waysFound.get(key);
    if (known) return known;
    const ways = this.#findWaysTo(found, type);
    this.#waysFound.set(key, ways);
    return ways;
  }

  #findWaysTo({ fact, node }: { fact: ConsumerFact; node: ServiceNode }, type: string): WayTo[] {
    const to = (channel: string) => this.#edge(channel, node.service.id, "subscribes");
    const whole = (count: number) => count;
    if (fact.channel !== null) return [{ edge: to(this.#channel(fact.channel).id), share: whole }];
    const all = this.#ways.get(type) ?? [];
    const taken = all.filter(({ source, named }) => fact.takes({ type, source, channel: named }));
    const ways = taken.length > 0 ? taken : all;
    const events = new Map<string, number>();
    for (const way of ways) events.set(way.channelId, (events.get(way.channelId) ?? 0) + way.events);
    const [busiest, ...others] = [...events].toSorted(([, a], [, b]) => b - a);
    if (!busiest) return [{ edge: to(this.#typeChannel(type, fact.consumer).id), share: whole }];
    const total = busiest[1] + others.reduce((sum, [, count]) => sum + count, 0);
    const part = (count: number, of: number) => Math.floor((count * of) / total);
    return [
      {
        edge: to(busiest[0]),
        share: (count) => count - others.reduce((sum, [, of]) => sum + part(count, of), 0),
      },
      ...others.map(([channel, of]) => ({ edge: to(channel), share: (count: number) => part(count, of) })),
    ];
  }

  #channelsOf({
    type,
    source,
    channel,
  }: {
    type: string;
    source: string;
    channel: string | null;
  }): Channel[] {
    const names = channel === null ? this.#facts.channelsOf({ type, source, channel }) : [channel];
    return names.length === 0 ? [this.#typeChannel(type, source)] : names.map((name) => this.#channel(name));
  }

  #channel(name: string): Channel {
    return this.#channelBy(`channel:${name}`, name, this.#facts.channels.has(name));
  }

  /** What stands for a type that travels no channel: another one for each system, as far as names tell them apart. */
  #typeChannel(type: string, emitter: string): Channel {
    const parent = parentSegment(emitter);
    return this.#channelBy(parent === null ? `type:${type}` : `type:${parent}/${type}`, type, false);
  }

  #channelBy(id: string, name: string, isDeclared: boolean): Channel {
    const known = this.channels.get(id);
    if (known) return known;
    const channel = { id, name, isDeclared, traffic: new Traffic(), owners: new Set<string>() };
    this.channels.set(id, channel);
    return channel;
  }

  #serviceOf(service: Service): ServiceNode {
    const known = this.services.get(service.id);
    if (known) return known;
    const lately = { succeeded: 0, failed: 0 };
    const node = { service, published: new Traffic(), received: new Traffic(), lately };
    this.services.set(service.id, node);
    return node;
  }

  #edge(from: string, to: string, kind: Edge["kind"]): Edge {
    const id = edgeId(from, to, kind);
    const known = this.edges.get(id);
    if (known) return known;
    const edge = { id, from, to, kind, traffic: new Traffic() };
    this.edges.set(id, edge);
    return edge;
  }
}

function edgeId(from: string, to: string, kind: string): string {
  return `${from} ${kind} ${to}`;
}
