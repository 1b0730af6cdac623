import type { ProcessMapDto } from "#server/contract/sagas.ts";
import { SAGA_STATES, type SagaState } from "#server/domain/sagas/saga.ts";

export type MapStepDto = ProcessMapDto["steps"][number];
export type MapBranchDto = ProcessMapDto["branches"][number];
export type MapVariantDto = ProcessMapDto["variants"][number];

export type MapNode =
  | { kind: "start"; id: string; flows: number }
  | { kind: "step"; id: string; step: MapStepDto }
  | { kind: "end"; id: string; state: SagaState; flows: number };

export type MapEdge = { id: string; from: string; to: string; branch: MapBranchDto };

export type MapGraph = {
  nodes: readonly MapNode[];
  edges: readonly MapEdge[];
  /** Where sagas wait now, and no saga that has ended ever was: no line leads there, and they come and go. */
  apart: readonly MapStepDto[];
  /** What is left out because too few took it. */
  hidden: { branches: number; steps: number };
};

/** The node where all begin. */
export const START = "start";
const stepId = (key: string) => `step ${key}`;
const endId = (state: string) => `end ${state}`;

/** What stands at both ends of a branch, by the ids of the graph. */
function endsOf({ from, to, end }: MapBranchDto): { from: string; to: string } {
  return {
    from: from === null ? START : stepId(from),
    to: to === null ? endId(end ?? "completed") : stepId(to),
  };
}

/**
 * The map as a graph, without branches that less than `minShare` of the flows took, and without what only they led to.
 * The branch that most took from a step always stays, so that every way leads to an end; so do steps that sagas wait
 * for now, and the way of the variant that is looked at.
 */
export function buildMapGraph(
  map: Pick<ProcessMapDto, "flows" | "steps" | "branches" | "ends">,
  { minShare, way }: { minShare: number; way: Way | null },
): MapGraph {
  const all = map.branches.map((branch): MapEdge => {
    const { from, to } = endsOf(branch);
    return { id: `${from}\n${to}`, from, to, branch };
  });
  // Branches come with most flows first.
  const mostTaken = new Map<string, string>();
  for (const { id, from } of all) if (!mostTaken.has(from)) mostTaken.set(from, id);
  const kept = all.filter(
    ({ id, from, branch }) =>
      branch.share >= minShare || mostTaken.get(from) === id || way?.edges.has(id) === true,
  );
  const reached = reachedFrom(START, kept);
  const isNeeded = ({ key, waiting, stuck }: MapStepDto) =>
    reached.has(stepId(key)) || waiting + stuck > 0 || way?.nodes.has(stepId(key)) === true;
  const isApart = ({ flows, waiting, stuck }: MapStepDto) => flows === 0 && waiting + stuck > 0;
  const apart = map.steps.filter(isApart);
  const steps = map.steps.filter((step) => !isApart(step) && isNeeded(step));
  const present = new Set([START, ...steps.map(({ key }) => stepId(key))]);
  const edges = kept.filter(
    ({ from, to, branch }) => present.has(from) && (branch.to === null || present.has(to)),
  );
  const ended = new Set(edges.map(({ to }) => to));
  const nodes: MapNode[] = [
    { kind: "start", id: START, flows: map.flows },
    ...steps.map((step): MapNode => ({ kind: "step", id: stepId(step.key), step })),
    ...SAGA_STATES.filter((state) => ended.has(endId(state))).map(
      (state): MapNode => ({ kind: "end", id: endId(state), state, flows: map.ends[state] ?? 0 }),
    ),
  ];
  return {
    nodes,
    edges,
    apart,
    hidden: {
      branches: all.length - edges.length,
      steps: map.steps.length - steps.length - apart.length,
    },
  };
}

function reachedFrom(start: string, edges: readonly MapEdge[]): ReadonlySet<string> {
  const followers = Map.groupBy(edges, ({ from }) => from);
  const reached = new Set([start]);
  for (const id of reached) for (const { to } of followers.get(id) ?? []) reached.add(to);
  return reached;
}

/** What of a map a variant passes, by the ids of the graph. */
export type Way = { nodes: ReadonlySet<string>; edges: ReadonlySet<string> };

/**
 * The way of a variant through the map: from each of its stages to the next, and from where it goes on no more to the
 * ends that it had. Of steps that ran side by side, all branches between them that were ever taken are on it.
 */
export function wayOf({ stages, ends }: MapVariantDto, branches: readonly MapBranchDto[]): Way {
  const stageOf = (index: number) => new Set(stages[index] ?? []);
  const isBetween = (from: string, to: string) =>
    stages.some((stage, index) => stage.includes(from) && stageOf(index + 1).has(to));
  const all = new Set(stages.flat());
  const onward = branches.filter(({ from, to }) => {
    if (to === null) return false;
    return from === null ? stageOf(0).has(to) : isBetween(from, to);
  });
  const goesOn = new Set(onward.map(({ from }) => from));
  const ending = branches.filter(
    ({ from, to, end }) =>
      to === null &&
      end !== null &&
      (ends[end] ?? 0) > 0 &&
      (from === null ? all.size === 0 : all.has(from) && !goesOn.has(from)),
  );
  const taken = [...onward, ...ending].map(endsOf);
  return {
    nodes: new Set([START, ...[...all].map(stepId), ...taken.map(({ to }) => to)]),
    edges: new Set(taken.map(({ from, to }) => `${from}\n${to}`)),
  };
}

/** Names a variant in an address, as short as that goes: numbers would change with every flow that ends. */
export function variantId({ stages }: Pick<MapVariantDto, "stages">): string {
  let hash = 0x811c9dc5;
  for (const letter of JSON.stringify(stages)) {
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash.toString(36);
}

/** With more lines than this a whole map is too small to be read on a laptop. */
const FEW_BRANCHES = 24;
/** More than this are not drawn at all: laying them out takes longer than anybody waits. */
export const MAX_DRAWN_BRANCHES = 240;
const SHARES = [0, 0.01, 0.02, 0.05, 0.1, 0.2];

/** The share from which on branches are shown at first: all of them, unless that are too many to be read. */
export function readableShare(map: Parameters<typeof buildMapGraph>[0]): number {
  const fits = (minShare: number) => buildMapGraph(map, { minShare, way: null }).edges.length <= FEW_BRANCHES;
  return SHARES.find(fits) ?? SHARES.at(-1) ?? 0;
}

/** Takes back what other steps did, in at least half of the flows that took it. */
export function isCompensation({ compensating, flows }: Pick<MapStepDto, "compensating" | "flows">): boolean {
  return flows > 0 && compensating * 2 >= flows;
}
