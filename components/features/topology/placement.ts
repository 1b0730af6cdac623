import type { Place } from "#components/ui/graph/neighbours.ts";

export const NODE_WIDTH = 192;
export const NODE_HEIGHT = 56;
export const COLUMN_STEP = NODE_WIDTH + 72;
export const ROW_STEP = NODE_HEIGHT + 28;

export type Links = readonly { from: string; to: string }[];

/**
 * Whether places from before can be kept: most of what is drawn has one. Otherwise it is another picture, and newcomers
 * would stand in a crowd at the side of an old one.
 */
export function canKeepPlaces(ids: readonly string[], known: ReadonlyMap<string, Place>): boolean {
  const kept = ids.filter((id) => known.has(id)).length;
  return kept > 0 && kept * 2 >= ids.length;
}

/**
 * Gives places to those that have none, and leaves all others where they are: one step after what leads to it or
 * before what it leads to, at the nearest free spot.
 */
export function placeNewcomers(
  ids: readonly string[],
  links: Links,
  known: ReadonlyMap<string, Place>,
): ReadonlyMap<string, Place> {
  // Those that are gone keep their places as well: they may come back.
  const places = new Map(known);
  const waiting = new Set(ids.filter((id) => !places.has(id)));
  while (waiting.size > 0) {
    // Those beside something that has a place first, so that a chain of newcomers grows from where it begins.
    const next = [...waiting].find((id) => neighboursOf(id, links).some((other) => places.has(other)));
    const id = next ?? [...waiting][0];
    if (id === undefined) break;
    places.set(id, freeSpot(wishOf(id, links, places), [...places.values()]));
    waiting.delete(id);
  }
  return places;
}

function neighboursOf(id: string, links: Links): string[] {
  return links.flatMap(({ from, to }) => {
    if (from === id) return [to];
    return to === id ? [from] : [];
  });
}

function wishOf(id: string, links: Links, places: ReadonlyMap<string, Place>): Place {
  const placed = (others: readonly string[]) =>
    others.flatMap((other) => {
      const place = other === id ? undefined : places.get(other);
      return place === undefined ? [] : [place];
    });
  const before = placed(links.filter(({ to }) => to === id).map(({ from }) => from));
  const after = placed(links.filter(({ from }) => from === id).map(({ to }) => to));
  if (before.length > 0) {
    return { x: Math.max(...before.map(({ x }) => x)) + COLUMN_STEP, y: average(before.map(({ y }) => y)) };
  }
  if (after.length > 0) {
    return { x: Math.min(...after.map(({ x }) => x)) - COLUMN_STEP, y: average(after.map(({ y }) => y)) };
  }
  const all = [...places.values()];
  return all.length === 0
    ? { x: 0, y: 0 }
    : { x: Math.min(...all.map(({ x }) => x)), y: Math.max(...all.map(({ y }) => y)) + ROW_STEP };
}

/** The spot nearest to the wish, above or below it, where nothing else stands. */
function freeSpot({ x, y }: Place, taken: readonly Place[]): Place {
  const isFree = (at: number) =>
    taken.every(
      (other) => Math.abs(other.x - x) >= NODE_WIDTH + 16 || Math.abs(other.y - at) >= ROW_STEP - 8,
    );
  for (let step = 0; ; step += 1) {
    const offset = (step * ROW_STEP) / 2;
    if (isFree(y + offset)) return { x, y: y + offset };
    if (isFree(y - offset)) return { x, y: y - offset };
  }
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
