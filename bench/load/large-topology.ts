import type { TopologyDto, TopologyEdgeDto, TopologyNodeDto, TrafficDto } from "#server/contract/topology.ts";

/** The graph of a large system as the API gives it: services around channels, three in four of them tied to a few. */
export function largeTopology({ nodes, edges }: { nodes: number; edges: number }): TopologyDto {
  const random = randomFrom(20_260_105);
  const channels = Array.from({ length: Math.round(nodes * 0.24) }, (_, index) => `channel:channel-${index}`);
  const services = Array.from(
    { length: nodes - channels.length },
    (_, index) => `service:team-${index % 25}.service-${index}`,
  );
  const now = Date.now();
  const found = new Map<string, TopologyEdgeDto>();
  while (found.size < edges) {
    const service = services[random(services.length)] ?? "";
    const channel = channels[random(random(4) === 0 ? channels.length : 40)] ?? "";
    const isOut = random(3) === 0;
    const [from, to] = isOut ? [service, channel] : [channel, service];
    const kind = isOut ? ("publishes" as const) : ("subscribes" as const);
    const id = `${from} ${kind} ${to}`;
    found.set(id, { ...trafficOf(random(600), now), id, from, to, kind, types: [] });
  }
  return {
    window: { from: new Date(now - 900_000).toISOString(), to: new Date(now).toISOString() },
    asOf: new Date(now).toISOString(),
    flowType: null,
    flows: null,
    relativeError: 0.05,
    nodes: [...services, ...channels].map((id) => nodeOf(id, trafficOf(random(600), now))),
    edges: [...found.values()],
    isCapped: false,
  };
}

function nodeOf(id: string, received: TrafficDto): TopologyNodeDto {
  const isChannel = id.startsWith("channel:");
  return {
    id,
    kind: isChannel ? "channel" : "service",
    label: id.slice(id.indexOf(":") + 1),
    group: /team-\d+/.exec(id)?.[0] ?? null,
    state: "active",
    sources: [],
    consumers: [],
    isDeclared: true,
    published: received.count,
    received: isChannel ? null : received,
    backlog: null,
  };
}

function trafficOf(count: number, now: number): TrafficDto {
  return {
    count,
    perSecond: count / 900,
    failed: 0,
    failureRate: 0,
    retried: 0,
    dead: 0,
    p50Ms: 12,
    p95Ms: 80,
    lastSeenAt: new Date(now).toISOString(),
  };
}

/** Whole numbers below a bound, the same in every run. */
function randomFrom(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
