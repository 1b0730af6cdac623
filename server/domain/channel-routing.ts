import type { EventEnvelope } from "./event.ts";
import { compileGlob } from "./glob.ts";

export const CHANNEL_KINDS = [
  /** Each event goes to one of the competing consumers. */
  "queue",
  /** Each event goes to every subscriber. */
  "topic",
] as const;

/** Which events travel in a channel without naming it. What a rule names must match, and it names something. */
export type RoutingRule =
  | { type: string; source?: string | undefined }
  | { type?: string | undefined; source: string };

export type ChannelRouting = {
  name: string;
  /** Globs, of which any rule is enough. A channel without rules takes what names it. */
  rules: readonly RoutingRule[];
};

/** What decides over an event's channels. */
export type RoutedEvent = Pick<EventEnvelope, "type" | "source" | "channel">;

export type Route = {
  /** The names of the event's channels, in the order in which they were given. */
  channels: readonly string[];
  /** The channel that the event named, where there is no such channel: it then travels in none. */
  unknownChannel: string | null;
};

/** Types and sources repeat themselves: for this many pairs of them the answer is kept. */
const REMEMBERED_PAIRS = 10_000;

/**
 * Finds the channels of one event after the other. An event that names its channel travels there alone;
 * any other one in every channel with a rule that matches.
 */
export function compileRouting(channels: readonly ChannelRouting[]): (event: RoutedEvent) => Route {
  const named = new Map(channels.map(({ name }) => [name, routeTo([name])]));
  const matchers = channels.map(({ name, rules }) => ({ name, rules: rules.map(compileRule) }));
  const remembered = new Map<string, Route>();

  return ({ type, source, channel }) => {
    if (channel !== null) return named.get(channel) ?? { channels: [], unknownChannel: channel };
    // No type holds a NUL, which no Postgres text can.
    const pair = `${type}\u0000${source}`;
    const known = remembered.get(pair);
    if (known !== undefined) return known;
    const matching = matchers.filter(({ rules }) => rules.some((matches) => matches(type, source)));
    const route = routeTo(matching.map(({ name }) => name));
    if (remembered.size >= REMEMBERED_PAIRS) remembered.clear();
    remembered.set(pair, route);
    return route;
  };
}

function compileRule({ type, source }: RoutingRule): (type: string, source: string) => boolean {
  const matchesType = type === undefined ? null : compileGlob(type);
  const matchesSource = source === undefined ? null : compileGlob(source);
  return (eventType, eventSource) =>
    (matchesType === null || matchesType(eventType)) &&
    (matchesSource === null || matchesSource(eventSource));
}

function routeTo(channels: readonly string[]): Route {
  return { channels, unknownChannel: null };
}
