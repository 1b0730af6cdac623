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
