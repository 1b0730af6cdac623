import type { Place } from "#components/ui/graph/neighbours.ts";
import type { MediatedStepDto, MediationDto } from "#server/contract/topology.ts";
import { COLUMN_STEP, NODE_HEIGHT, NODE_WIDTH, ROW_STEP } from "./placement.ts";
import type { Scene, SceneEdge, SceneNode } from "./scene.ts";

/** What a mediator does at one node, with the place of each step in its order. */
export type DrawnStep = MediatedStepDto & {
  /** `3`, or `3b` for the second of several in one stage. */
  order: string;
  relation: MediationDto["stages"][number]["relation"];
};
export type StepEdge = SceneEdge & { step: DrawnStep };

export type MediatorScene = Scene & {
  edges: readonly (SceneEdge | StepEdge)[];
  places: ReadonlyMap<string, Place>;
};

export function isStepEdge(edge: SceneEdge | StepEdge): edge is StepEdge {
  return "step" in edge;
}

/**
 * A scene by its mediators: each in the middle, the nodes of its steps around it clockwise in the order of their first
 * step, those of one stage beside each other. What leads to a mediator stands left, everything else right. Channels
 * that only carry commands and replies are left out: the lines between stand for them.
 */
export function arrangeAroundMediators(scene: Scene, mediations: readonly MediationDto[]): MediatorScene {
  const known = new Map(scene.nodes.map((node) => [node.id, node]));
  const circles = mediations.flatMap(({ node, stages }) => {
    const steps = numberSteps(stages).filter((step) => known.has(step.node) && step.node !== node);
    return known.has(node) && steps.length > 0 ? [{ mediator: node, steps }] : [];
  });
  const inCircles = new Set(
    circles.flatMap(({ mediator, steps }) => [mediator, ...steps.map((s) => s.node)]),
  );
  const nodes = scene.nodes.filter((node) => inCircles.has(node.id) || !isPipe(node, scene, inCircles));

  const places = new Map<string, Place>();
  let top = 0;
  for (const { mediator, steps } of circles) {
    top = placeCircle(places, { mediator, ids: [...new Set(steps.map(({ node }) => node))], top });
  }
  const stepEdges = circles.flatMap(({ mediator, steps }) =>
    steps.map((step) => toStepEdge(scene, mediator, step)),
  );
  const present = new Set(nodes.map(({ id }) => id));
  const others = scene.edges.filter(
    ({ from, to }) => present.has(from) && present.has(to) && !(inCircles.has(from) && inCircles.has(to)),
  );
  placeBeside(places, nodes, others);
  return { nodes, edges: [...stepEdges, ...others], places };
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

function numberSteps(stages: MediationDto["stages"]): DrawnStep[] {
  let stageNumber = 0;
  return stages.flatMap(({ relation, steps }) => {
    const forward = steps.filter(({ isCompensation }) => !isCompensation);
    if (forward.length > 0) stageNumber += 1;
    return steps.map((step) => {
      const letter = forward.length > 1 ? (LETTERS[forward.indexOf(step)] ?? "") : "";
      return { ...step, relation, order: step.isCompensation ? "↩" : `${stageNumber}${letter}` };
    });
  });
}

/** A channel between nobody but the mediator and those that do its steps. */
function isPipe({ id, kind }: SceneNode, scene: Scene, inCircles: ReadonlySet<string>): boolean {
  if (kind !== "channel") return false;
  const others = scene.edges.flatMap(({ from, to }) => {
    if (from === id) return [to];
    return to === id ? [from] : [];
  });
  return others.length > 0 && others.every((other) => inCircles.has(other));
}

function toStepEdge(scene: Scene, mediator: string, step: DrawnStep): StepEdge {
  const observed =
    scene.edges.find(({ kind, from, to }) => kind === "commands" && from === mediator && to === step.node) ??
    scene.edges.find(({ to, types }) => to === step.node && types.some(({ type }) => type === step.command));
  const id = `${mediator}>${step.node}>${step.command}`;
  const count = observed?.types.find(({ type }) => type === step.command)?.count ?? step.flows;
  const share = observed === undefined || observed.traffic.count === 0 ? 0 : count / observed.traffic.count;
  return {
    id,
    from: mediator,
    to: step.node,
    kind: "commands",
    step,
    types: [{ type: step.command, count }],
    members: observed?.members ?? [],
    traffic: {
      count,
      perSecond: (observed?.traffic.perSecond ?? 0) * share,
      failed: observed?.traffic.failed ?? 0,
      failureRate: observed?.traffic.failureRate ?? null,
      retried: observed?.traffic.retried ?? 0,
      dead: observed?.traffic.dead ?? 0,
      p50Ms: step.p50Ms,
      p95Ms: step.p95Ms,
      lastSeenAt: observed?.traffic.lastSeenAt ?? null,
    },
  };
}

type Circle = { mediator: string; ids: readonly string[]; top: number };

/** Gives the lower end of the circle. */
function placeCircle(places: Map<string, Place>, { mediator, ids, top }: Circle): number {
  const radiusX = Math.max(320, (ids.length * (NODE_WIDTH + 40)) / 5);
  const radiusY = Math.max(210, (ids.length * (NODE_HEIGHT + 60)) / 4);
  const middle = { x: 0, y: top + radiusY };
  if (!places.has(mediator)) places.set(mediator, middle);
  for (const [index, id] of ids.entries()) {
    // A service that works for two mediators stands in the circle of the first.
    if (places.has(id)) continue;
    const angle = -Math.PI / 2 + (index * 2 * Math.PI) / ids.length;
    places.set(id, { x: Math.cos(angle) * radiusX, y: middle.y + Math.sin(angle) * radiusY });
  }
  return top + 2 * radiusY + 3 * ROW_STEP;
}

/** What is in no circle: left what leads there, right the rest, by the distance in steps. */
function placeBeside(
  places: Map<string, Place>,
  nodes: readonly SceneNode[],
  edges: readonly SceneEdge[],
): void {
  const circle = [...places.values()];
  const left = Math.min(0, ...circle.map(({ x }) => x));
  const right = Math.max(0, ...circle.map(({ x }) => x));
  const middle = circle[0]?.y ?? 0;
  const before = distancesFrom(new Set(places.keys()), edges, ({ from, to }) => [to, from]);
  const after = distancesFrom(new Set(places.keys()), edges, ({ from, to }) => [from, to]);
  const columns = new Map<number, string[]>();
  for (const { id } of nodes) {
    if (places.has(id)) continue;
    const back = before.get(id);
    const column = back === undefined ? (after.get(id) ?? 1) : -back;
    columns.set(column, [...(columns.get(column) ?? []), id]);
  }
  for (const [column, ids] of columns) {
    const x = (column < 0 ? left : right) + column * COLUMN_STEP;
    for (const [row, id] of ids.toSorted().entries()) {
      places.set(id, { x, y: middle + (row - (ids.length - 1) / 2) * ROW_STEP });
    }
  }
}

function distancesFrom(
  start: ReadonlySet<string>,
  edges: readonly SceneEdge[],
  directed: (edge: SceneEdge) => [known: string, next: string],
): ReadonlyMap<string, number> {
  const distances = new Map<string, number>();
  let rim = start;
  for (let distance = 1; rim.size > 0; distance += 1) {
    const next = new Set<string>();
    for (const edge of edges) {
      const [known, other] = directed(edge);
      if (!rim.has(known) || start.has(other) || distances.has(other)) continue;
      distances.set(other, distance);
      next.add(other);
    }
    rim = next;
  }
  return distances;
}
