import type { TopologyChangeDto, TopologyDto, TrafficDto } from "#server/contract/topology.ts";

/** Fewer events than this on either side say nothing about how long they take. */
const LEAST_COUNT = 20;
/** So many times slower, and by so much, or as much faster. */
const SLOWER = { factor: 1.5, leastMs: 10 };
/** From every tenth attempt on, it fails. */
const FAILING_RATIO = 0.1;

type Change = TopologyChangeDto["changes"][number];
type Side = { traffic: TrafficDto | null; isThere: boolean };

/** What appeared, vanished, got slower or faster, began to fail or recovered between two windows; first things first. */
export function compareTopologies(before: TopologyDto, after: TopologyDto): TopologyChangeDto[] {
  const nodes = compareSides(
    new Map(before.nodes.map((node) => [node.id, nodeSide(node)])),
    new Map(after.nodes.map((node) => [node.id, nodeSide(node)])),
  );
  const edges = compareSides(
    new Map(before.edges.map((edge) => [edge.id, { traffic: trafficOf(edge), isThere: edge.count > 0 }])),
    new Map(after.edges.map((edge) => [edge.id, { traffic: trafficOf(edge), isThere: edge.count > 0 }])),
  );
  return [
    ...nodes.map((change) => ({ subject: "node" as const, ...change })),
    ...edges.map((change) => ({ subject: "edge" as const, ...change })),
  ];
}

const ABSENT: Side = { traffic: null, isThere: false };

function compareSides(before: ReadonlyMap<string, Side>, after: ReadonlyMap<string, Side>) {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((id) => {
    const [a, b] = [before.get(id) ?? ABSENT, after.get(id) ?? ABSENT];
    const changes = changesBetween(a, b);
    return changes.length === 0 ? [] : [{ id, changes, before: a.traffic, after: b.traffic }];
  });
}

function changesBetween(before: Side, after: Side): Change[] {
  if (!before.isThere && !after.isThere) return [];
  if (!before.isThere) return isFailing(after.traffic) ? ["failing", "appeared"] : ["appeared"];
  if (!after.isThere) return ["vanished"];
  const changes: Change[] = [];
  const [wasFailing, fails] = [isFailing(before.traffic), isFailing(after.traffic)];
  if (fails && !wasFailing) changes.push("failing");
  if (wasFailing && !fails) changes.push("recovered");
  if (isSlower(before.traffic, after.traffic)) changes.push("slower");
  if (isSlower(after.traffic, before.traffic)) changes.push("faster");
  return changes;
}

function isFailing(traffic: TrafficDto | null): boolean {
  return (traffic?.failureRate ?? 0) >= FAILING_RATIO;
}

function isSlower(before: TrafficDto | null, after: TrafficDto | null): boolean {
  if (before === null || after === null || Math.min(before.count, after.count) < LEAST_COUNT) return false;
  const [was, is] = [before.p95Ms, after.p95Ms];
  return was !== null && is !== null && is >= was * SLOWER.factor && is - was >= SLOWER.leastMs;
}

function nodeSide({ published, received }: TopologyDto["nodes"][number]): Side {
  return { traffic: received, isThere: published > 0 || (received?.count ?? 0) > 0 };
}

/** Of an edge only what its traffic is. */
function trafficOf(edge: TopologyDto["edges"][number]): TrafficDto {
  const { count, perSecond, failed, failureRate, retried, dead, p50Ms, p95Ms, lastSeenAt } = edge;
  return { count, perSecond, failed, failureRate, retried, dead, p50Ms, p95Ms, lastSeenAt };
}
