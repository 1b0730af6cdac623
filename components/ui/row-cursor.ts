/** The row that a step lands on. Without a present row, the first step lands on `start`. Ends do not wrap. */
export function moveCursor(
  ids: readonly string[],
  active: string | null,
  delta: number,
  start = 0,
): string | null {
  if (ids.length === 0) return null;
  const at = active === null ? -1 : ids.indexOf(active);
  const next = at === -1 ? start : at + delta;
  return ids[Math.min(ids.length - 1, Math.max(0, next))] ?? null;
}

/** What keeps its place on the screen when rows come and go above it. */
export type Anchor = { id: string; offset: number };

/** Where to scroll so that the anchor row stands where it stood; null when it is gone or nothing moved. */
export function anchoredScrollTop(
  ids: readonly string[],
  anchor: Anchor,
  rowHeight: number,
  scrollTop: number,
): number | null {
  const at = ids.indexOf(anchor.id);
  if (at === -1) return null;
  const wanted = at * rowHeight + anchor.offset;
  return wanted === scrollTop ? null : wanted;
}
