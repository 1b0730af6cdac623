/** A service, by what it emits events under and what it takes them as. */
export type Service = {
  /** `service:…`: the same whatever the window. */
  id: string;
  /** That of its first consumer, or else of its first source. */
  name: string;
  sources: string[];
  consumers: string[];
};

/** A source and a consumer that are one service. */
export type ServiceLink = { source: string; consumer: string };

export type Services = {
  ofSource: (source: string) => Service;
  ofConsumer: (consumer: string) => Service;
};

/**
 * Which sources and consumers are one service. What no link names is a service by itself. The name of a consumer goes
 * before that of a source, and the first by the alphabet before others.
 */
export function identifyServices(links: readonly ServiceLink[]): Services {
  const services = new Map<string, Service>();
  const members = new Map<string, Set<string>>();
  for (const { source, consumer } of links) {
    const joined = new Set([
      ...(members.get(sourceKey(source)) ?? [sourceKey(source)]),
      ...(members.get(consumerKey(consumer)) ?? [consumerKey(consumer)]),
    ]);
    for (const member of joined) members.set(member, joined);
  }
  const find = (key: string) => {
    const known = services.get(key);
    if (known) return known;
    const joined = [...(members.get(key) ?? [key])].toSorted();
    const service = toService(joined);
    for (const member of joined) services.set(member, service);
    return service;
  };
  return {
    ofSource: (source) => find(sourceKey(source)),
    ofConsumer: (consumer) => find(consumerKey(consumer)),
  };
}

const SOURCE = "source ";
const CONSUMER = "consumer ";

function sourceKey(source: string): string {
  return `${SOURCE}${source}`;
}

function consumerKey(consumer: string): string {
  return `${CONSUMER}${consumer}`;
}

/** @param members sorted, so that consumers come first. */
function toService(members: readonly string[]): Service {
  const named = (prefix: string) =>
    members.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  const [consumers, sources] = [named(CONSUMER), named(SOURCE)];
  const name = consumers[0] ?? sources[0] ?? "";
  return { id: `service:${name}`, name, sources, consumers };
}
