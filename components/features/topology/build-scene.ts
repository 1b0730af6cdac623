import type { Place } from "#components/ui/graph/neighbours.ts";
import type { MediationDto, TopologyComparisonDto, TopologyDto } from "#server/contract/topology.ts";
import { focusOn } from "./focus-on.ts";
import { findCoarseGroups, findGroups, foldGroups, isTooLarge } from "./grouping.ts";
import { arrangeAroundMediators, type StepEdge } from "./mediator-layout.ts";
import { type Scene, type SceneEdge, toScene } from "./scene.ts";

type Graph = Pick<TopologyDto, "nodes" | "edges">;

export type SceneInput = {
  graph: Graph;
  /** The mediators to draw in the middle; none for channels in the middle. */
  mediations: readonly MediationDto[];
  /** Groups that are not as they are at first. */
  toggled: readonly string[];
  /** The node whose surroundings alone are shown. */
  focus: string | null;
};

export type BuiltScene = {
  scene: Scene & { edges: readonly (SceneEdge | StepEdge)[] };
  /** Places of a circle; null where the layout has to be worked out. */
  places: ReadonlyMap<string, Place> | null;
  groups: readonly { name: string; isFolded: boolean }[];
  /** It was too large to be drawn whole, so that groups are folded at first. */
  isFoldedBySize: boolean;
  /** Even with everything folded it is large: what it was folded from, and into what. */
  size: { nodes: number; edges: number };
};

/** What is drawn of a graph: as a circle or by its channels, folded and focused as asked for. */
export function buildScene({ graph, mediations, toggled, focus }: SceneInput): BuiltScene {
  const all = toScene(graph);
  const size = { nodes: all.nodes.length, edges: all.edges.length };
  if (mediations.length > 0) {
    const { places, ...scene } = arrangeAroundMediators(all, mediations);
    return { scene, places, groups: [], isFoldedBySize: false, size };
  }
  // By channels, what a mediator commands is seen on its way through them.
  const scene = {
    ...all,
    edges: all.edges.filter(({ kind }) => kind === "publishes" || kind === "subscribes"),
  };
  const isFoldedBySize = isTooLarge(scene);
  const grouping = isFoldedBySize ? findCoarseGroups(scene) : findGroups(scene);
  const groups = grouping.names.map((name) => ({
    name,
    isFolded: toggled.includes(name) !== isFoldedBySize,
  }));
  const folded = foldGroups(
    scene,
    grouping,
    new Set(groups.flatMap(({ name, isFolded }) => (isFolded ? [name] : []))),
  );
  return {
    scene: focus === null ? folded : focusOn(folded, focus),
    places: null,
    groups,
    isFoldedBySize,
    size,
  };
}

/** Both windows of a comparison as one graph: what vanished stands as it was. */
export function mergeWindows({ before, after }: TopologyComparisonDto): Graph {
  return { nodes: unite(after.nodes, before.nodes), edges: unite(after.edges, before.edges) };
}

function unite<T extends { id: string }>(first: readonly T[], others: readonly T[]): T[] {
  const known = new Set(first.map(({ id }) => id));
  return [...first, ...others.filter(({ id }) => !known.has(id))];
}
