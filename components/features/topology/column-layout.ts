import type { Place } from "#components/ui/graph/neighbours.ts";
import { COLUMN_STEP, NODE_WIDTH, ROW_STEP } from "./placement.ts";
import type { Scene, SceneNode } from "./scene.ts";

/** Between the three parts of the picture there is room for edges. */
const GAP = 260;
const SWEEPS = 6;

/**
 * A picture of many nodes in three parts: what only sends, channels, and what receives. In each part, nodes stand near
 * the height of what they are connected to. Takes milliseconds for thousands of edges.
 */
export function layOutInColumns(scene: Scene): ReadonlyMap<string, Place> {
  const neighbours = findNeighbours(scene);
  const receives = new Set(scene.edges.map(({ to }) => to));
  const parts: string[][] = [[], [], []];
  for (const node of scene.nodes.toSorted((one, other) => one.id.localeCompare(other.id))) {
    parts[partOf(node, receives)]?.push(node.id);
  }
  const filled = parts.filter((part) => part.length > 0);
  orderByNeighbours(filled, neighbours);

  const rows = Math.max(8, Math.ceil(Math.sqrt(scene.nodes.length * 1.6)));
  const places = new Map<string, Place>();
  let left = 0;
  for (const part of filled) {
    const columns = Math.ceil(part.length / rows);
    // Along the rows, so that the order from top to bottom stays that of the part.
    const height = Math.ceil(part.length / columns);
    for (const [index, id] of part.entries()) {
      const x = left + (index % columns) * (NODE_WIDTH + 36);
      const y = (Math.floor(index / columns) - (height - 1) / 2) * ROW_STEP;
      places.set(id, { x, y });
    }
    left += (columns - 1) * (NODE_WIDTH + 36) + Math.max(COLUMN_STEP, NODE_WIDTH + GAP);
  }
  return places;
}

function partOf({ id, kind }: SceneNode, receives: ReadonlySet<string>): 0 | 1 | 2 {
  if (kind === "channel") return 1;
  return receives.has(id) ? 2 : 0;
}

function findNeighbours({ edges }: Scene): ReadonlyMap<string, readonly string[]> {
  const neighbours = new Map<string, string[]>();
  const note = (id: string, other: string) => {
    const others = neighbours.get(id);
    if (others === undefined) neighbours.set(id, [other]);
    else others.push(other);
  };
  for (const { from, to } of edges) {
    note(from, to);
    note(to, from);
  }
  return neighbours;
}

/** Sorts each part by the mean height of its neighbours, a few times over, in place. */
function orderByNeighbours(parts: string[][], neighbours: ReadonlyMap<string, readonly string[]>): void {
  const height = new Map<string, number>();
  const note = (part: readonly string[]) => {
    for (const [index, id] of part.entries()) height.set(id, (index + 0.5) / part.length);
  };
  for (const part of parts) note(part);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const part of parts) {
      const wish = new Map(part.map((id) => [id, meanHeight(neighbours.get(id) ?? [], height)]));
      part.sort((one, other) => (wish.get(one) ?? 0.5) - (wish.get(other) ?? 0.5));
      note(part);
    }
  }
}

function meanHeight(ids: readonly string[], height: ReadonlyMap<string, number>): number {
  if (ids.length === 0) return 1;
  return ids.reduce((sum, id) => sum + (height.get(id) ?? 0.5), 0) / ids.length;
}
