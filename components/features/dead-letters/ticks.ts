/** Rows that a person ticked, and the last one of them, from which a range is drawn. */
export type Ticks = { ids: ReadonlySet<string>; anchor: string | null };

export const NO_TICKS: Ticks = { ids: new Set(), anchor: null };

/**
 * Ticks a row or takes its tick away. As a range, everything between the last row that was clicked and this one
 * gets what this one gets. No more than `limit` are ticked: the first ones of a range.
 */
export function tick(
  { ids, anchor }: Ticks,
  listed: readonly string[],
  id: string,
  { isRange, limit }: { isRange: boolean; limit: number },
): Ticks {
  const isTicked = !ids.has(id);
  const reached = isRange && anchor !== null ? between(listed, anchor, id) : [id];
  const next = new Set(ids);
  for (const each of reached) {
    if (!isTicked) next.delete(each);
    else if (next.size < limit) next.add(each);
  }
  return { ids: next, anchor: id };
}

/** Ticks every listed row, or none when all of them are. */
export function tickListed({ ids }: Ticks, listed: readonly string[], limit: number): Ticks {
  const isFull = listed.slice(0, limit).every((id) => ids.has(id));
  return isFull ? NO_TICKS : { ids: new Set(listed.slice(0, limit)), anchor: null };
}

/** The rows from one to another, in the order of the list, whichever comes first. */
function between(listed: readonly string[], a: string, b: string): readonly string[] {
  const [from, to] = [listed.indexOf(a), listed.indexOf(b)].sort((x, y) => x - y);
  if (from === undefined || to === undefined || from === -1) return [b];
  const range = listed.slice(from, to + 1);
  // From the anchor on, so that a limit cuts off the far end.
  return listed[from] === a ? range : range.toReversed();
}
